"""Arrows as scalar lines: each from one element of a source, times one number, into one element of a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Literal

from flowc.graph.network import Arrow, Index, Numbers, Shape
from flowc.maths.index_map import AffineForm, Forms
from flowc.records import Record

Element = tuple[int, ...]
Where = Literal["source", "weight", "target"]
End = tuple[str, Element]  # of a node or a weight, the element


class Wire(Record):
    """`factor` · weight · source into the element `target`; `weight` and `source` None where the arrow has none."""

    factor: float
    weight: End | None
    source: End | None
    target: Element


class Side(Record):
    """One side of an arrow: for each axis of its whole array the place, by the arrow's letters."""

    forms: Forms
    sizes: Mapping[str, int]

    def element(self, at: Mapping[str, int]) -> Element:
        return tuple(form.at(at) for form in self.forms)

    def values(self, element: Element) -> dict[str, int] | None:
        """What the letters are at this element; None where it is not among those of the arrow."""
        at: dict[str, int] = {}
        for form, place in zip(self.forms, element, strict=True):
            if not form.terms:
                if place != form.constant:
                    return None
                continue
            ((letter, _),) = form.terms
            value = place - form.constant
            if not 0 <= value < self.sizes[letter] or at.setdefault(letter, value) != value:
                return None
        return at


def _side_of(index: Index, shape: Shape, letters: str) -> Side:
    left = iter(letters)
    forms: list[AffineForm] = []
    sizes: dict[str, int] = {}
    for entry in (*index, *((0, n) for n in shape[len(index) :])):
        if isinstance(entry, int):
            forms.append(AffineForm((), entry))
            continue
        letter = next(left)
        sizes[letter] = entry[1] - entry[0]
        forms.append(AffineForm(((letter, 1),), entry[0]))
    return Side(tuple(forms), sizes)


def wires(arrow: Arrow, shapes: Mapping[str, Shape], target: Shape, at: Where, element: Element) -> Iterator[Wire]:
    """The lines of an arrow into a node of the shape `target` that have `element` there, in order.

    `shapes` are those of nodes and weights by name.
    """
    of_source, of_weight = arrow.spec.letters
    source_shape = shapes[arrow.source] if arrow.source != "1" else ()
    weight_shape = shapes[arrow.weight] if arrow.weight is not None else _shape_of(arrow.literal)
    sides = {
        "source": _side_of(arrow.source_index, source_shape, of_source),
        "weight": _side_of(arrow.weight_index, weight_shape, of_weight),
        "target": _side_of(arrow.target_index, target, arrow.spec.target),
    }
    fixed = sides[at].values(element)
    if fixed is None:
        return
    sizes = {**sides["target"].sizes, **sides["source"].sizes, **sides["weight"].sizes}
    free = [c for c in sizes if c not in fixed]
    for places in product(*(range(sizes[c]) for c in free)):
        yield _wire_at(arrow, sides, {**fixed, **dict(zip(free, places, strict=True))})


def _wire_at(arrow: Arrow, sides: Mapping[str, Side], at: Mapping[str, int]) -> Wire:
    factor, element = arrow.coefficient, sides["weight"].element(at)
    weight = (arrow.weight, element) if arrow.weight is not None else None
    if arrow.literal is not None:
        factor *= _number_at(arrow.literal, element)
    source = (arrow.source, sides["source"].element(at)) if arrow.source != "1" else None
    return Wire(factor, weight, source, sides["target"].element(at))


def _shape_of(numbers: Numbers | None) -> Shape:
    return (len(numbers), *_shape_of(numbers[0])) if isinstance(numbers, tuple) else ()


def _number_at(numbers: Numbers, element: Element) -> float:
    for k in element:
        assert isinstance(numbers, tuple)
        numbers = numbers[k]
    assert not isinstance(numbers, tuple)
    return numbers
