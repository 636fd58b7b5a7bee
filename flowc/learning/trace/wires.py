"""Arrows as scalar lines: each from one element of a source, times one number, into one element of a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from flowc.graph.network import Arrow, Index, Numbers, Shape
from flowc.learning.trace.formula import ONE, Formula, Number, Quantity, times

Element = tuple[int, ...]
Side = Literal["source", "weight", "target"]


@dataclass(frozen=True, slots=True)
class Wire:
    """`factor` · weight · source into the element `target`; `weight` and `source` None where the arrow has none."""

    factor: float
    weight: Quantity | None
    source: Quantity | None
    target: Element

    @property
    def carried(self) -> Formula:
        """What multiplies the source."""
        return times(Number(self.factor), self.weight or ONE)


@dataclass(frozen=True, slots=True)
class End:
    """One end of an arrow: for each axis of its array a fixed place, or a letter and where it begins."""

    places: tuple[int | tuple[str, int], ...]
    sizes: Mapping[str, int]

    def element(self, at: Mapping[str, int]) -> Element:
        return tuple(p if isinstance(p, int) else p[1] + at[p[0]] for p in self.places)

    def letters(self, element: Element) -> dict[str, int] | None:
        """What the letters are at this element; None where it is not among those of the arrow."""
        found: dict[str, int] = {}
        for place, k in zip(self.places, element, strict=True):
            if isinstance(place, int):
                if k != place:
                    return None
                continue
            letter, low = place
            if not 0 <= k - low < self.sizes[letter] or found.setdefault(letter, k - low) != k - low:
                return None
        return found


def end(index: Index, shape: Shape, letters: str) -> End:
    left = iter(letters)
    places: list[int | tuple[str, int]] = []
    sizes: dict[str, int] = {}
    for entry in (*index, *((0, n) for n in shape[len(index) :])):
        if isinstance(entry, int):
            places.append(entry)
            continue
        letter = next(left)
        sizes[letter] = entry[1] - entry[0]
        places.append((letter, entry[0]))
    return End(tuple(places), sizes)


def wires(arrow: Arrow, shapes: Mapping[str, Shape], target: Shape, side: Side, element: Element) -> Iterator[Wire]:
    """The lines of an arrow into a node of the shape `target` that have `element` at that side, in order.

    `shapes` are those of nodes and weights by name.
    """
    letters, into = arrow.spec.split("->")
    of_source, of_weight = letters.split(",")
    source_shape = shapes[arrow.source] if arrow.source != "1" else ()
    weight_shape = shapes[arrow.weight] if arrow.weight is not None else _shape(arrow.literal)
    ends = {
        "source": end(arrow.source_index, source_shape, of_source),
        "weight": end(arrow.weight_index, weight_shape, of_weight),
        "target": end(arrow.target_index, target, into),
    }
    fixed = ends[side].letters(element)
    if fixed is None:
        return
    sizes = {**ends["target"].sizes, **ends["source"].sizes, **ends["weight"].sizes}
    free = [c for c in sizes if c not in fixed]
    for places in product(*(range(sizes[c]) for c in free)):
        yield _wire(arrow, ends, {**fixed, **dict(zip(free, places, strict=True))})


def _wire(arrow: Arrow, ends: Mapping[str, End], at: Mapping[str, int]) -> Wire:
    factor, element = arrow.coefficient, ends["weight"].element(at)
    weight = Quantity("", arrow.weight, element) if arrow.weight is not None else None
    if arrow.literal is not None:
        factor *= _number(arrow.literal, element)
    source = Quantity("", arrow.source, ends["source"].element(at)) if arrow.source != "1" else None
    return Wire(factor, weight, source, ends["target"].element(at))


def _shape(numbers: Numbers | None) -> Shape:
    return (len(numbers), *_shape(numbers[0])) if isinstance(numbers, tuple) else ()


def _number(numbers: Numbers, element: Element) -> float:
    for k in element:
        numbers = numbers[k]  # type: ignore[index]
    return numbers  # type: ignore[return-value]
