"""Arrows as scalar lines: each from one element of a source, times one number, into one element of a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from flowc.graph.network import Arrow, Index, Numbers, Shape

Element = tuple[int, ...]
Where = Literal["source", "weight", "target"]
End = tuple[str, Element]  # of a node or a weight, the element


@dataclass(frozen=True, slots=True)
class Wire:
    """`factor` · weight · source into the element `target`; `weight` and `source` None where the arrow has none."""

    factor: float
    weight: End | None
    source: End | None
    target: Element


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an arrow: for each axis of its array a fixed place, or a letter and where it begins."""

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


def _side(index: Index, shape: Shape, letters: str) -> Side:
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
    return Side(tuple(places), sizes)


def wires(arrow: Arrow, shapes: Mapping[str, Shape], target: Shape, at: Where, element: Element) -> Iterator[Wire]:
    """The lines of an arrow into a node of the shape `target` that have `element` there, in order.

    `shapes` are those of nodes and weights by name.
    """
    letters, into = arrow.spec.split("->")
    of_source, of_weight = letters.split(",")
    source_shape = shapes[arrow.source] if arrow.source != "1" else ()
    weight_shape = shapes[arrow.weight] if arrow.weight is not None else _shape(arrow.literal)
    sides = {
        "source": _side(arrow.source_index, source_shape, of_source),
        "weight": _side(arrow.weight_index, weight_shape, of_weight),
        "target": _side(arrow.target_index, target, into),
    }
    fixed = sides[at].letters(element)
    if fixed is None:
        return
    sizes = {**sides["target"].sizes, **sides["source"].sizes, **sides["weight"].sizes}
    free = [c for c in sizes if c not in fixed]
    for places in product(*(range(sizes[c]) for c in free)):
        yield _wire(arrow, sides, {**fixed, **dict(zip(free, places, strict=True))})


def _wire(arrow: Arrow, sides: Mapping[str, Side], at: Mapping[str, int]) -> Wire:
    factor, element = arrow.coefficient, sides["weight"].element(at)
    weight = (arrow.weight, element) if arrow.weight is not None else None
    if arrow.literal is not None:
        factor *= _number(arrow.literal, element)
    source = (arrow.source, sides["source"].element(at)) if arrow.source != "1" else None
    return Wire(factor, weight, source, sides["target"].element(at))


def _shape(numbers: Numbers | None) -> Shape:
    return (len(numbers), *_shape(numbers[0])) if isinstance(numbers, tuple) else ()


def _number(numbers: Numbers, element: Element) -> float:
    for k in element:
        assert isinstance(numbers, tuple)
        numbers = numbers[k]
    assert not isinstance(numbers, tuple)
    return numbers
