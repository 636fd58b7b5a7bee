"""Arrows as terms of formulas: each from one element of a source, times one number, into one element of a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowc.graph.network import Arrow, Shape
from flowc.learning.trace.formula import ONE, Formula, Number, Quantity, times
from flowc.program import scalar_arrows as lines
from flowc.program.scalar_arrows import Element, End, Where
from flowc.records import Record


class Wire(Record):
    """`factor`, and all that multiplies the source; the source itself (None of the constant); the element it leads into."""

    factor: float
    carried: Formula
    source: Quantity | None
    target: Element


def arrow_wires(arrow: Arrow, shapes: Mapping[str, Shape], target: Shape, at: Where, element: Element) -> Iterator[Wire]:
    """The lines of an arrow that have `element` there, as `program.wires` gives them."""
    for line in lines.wires(arrow, shapes, target, at, element):
        weight = _quantity_of(line.weight) or ONE
        yield Wire(line.factor, times(Number(line.factor), weight), _quantity_of(line.source), line.target)


def _quantity_of(end: End | None) -> Quantity | None:
    return Quantity("", *end) if end is not None else None
