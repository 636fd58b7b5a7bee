"""Arrows of single elements, slices and rows."""

from __future__ import annotations

from typing import NamedTuple

from flowc.testing.arrows import between_lists, finish, new_name, spelled
from flowc.testing.sketch import Axis, Sketch, Vertex
from flowc.testing.weights import between, counted, in_place, start


def by_elements(sketch: Sketch, role: str) -> Vertex:
    """A vector whose every element has arrows of its own, from scalars and elements."""
    axis = sketch.axis()
    name = new_name(sketch, role)
    ends = _scalar_ends(sketch)
    if not ends:
        return between_lists(sketch, role)
    most = 0.0
    for element in axis.elements:
        bound = 0.0
        for end, size in _choose_several(sketch, ends):
            carried = spelled(sketch, sketch.pick.one(("number", "scalar", "fresh", "named", "part")), ())
            sketch.body.append(f"{end} -> {name}[{element}] : {carried}")
            bound += 4 * size
        if sketch.pick.chance(0.3):
            sketch.body.append(f"1 -> {name}[{element}] : {sketch.number()}")
        most = max(most, bound + 2)
    return finish(sketch, role, name, (axis,), most)


def _scalar_ends(sketch: Sketch) -> list[tuple[str, float]]:
    """Scalars and elements of vectors and grids, as they are written, and their bounds."""
    scalars = [(v.name, v.bound) for v in sketch.nodes if not v.axes]
    parted = [v for v in sketch.nodes if v.axes and v.declared]
    return scalars + [(f"{v.name}[{place}]", v.bound) for v in parted for place in _spelled_places(v.axes)]


def _spelled_places(axes: tuple[Axis, ...]) -> list[str]:
    if len(axes) == 1:
        return list(axes[0].elements)
    return [f"{a}, {b}" for a in axes[0].elements for b in axes[1].elements]


def _choose_several(sketch: Sketch, ends: list[tuple[str, float]]) -> list[tuple[str, float]]:
    left = list(ends)
    chosen = []
    for _ in range(sketch.pick.count(1, min(3, len(left)))):
        chosen.append(sketch.pick.one(left))
        left.remove(chosen[-1])
    return chosen


def by_slices(sketch: Sketch, role: str) -> Vertex:
    """A vector in two parts, each fed by a slice of one that is there, or by rows of a grid."""
    there = [v for v in reversed(sketch.nodes) if v.declared and v.axes and len(_split_axis(v.axes[0])) == 2]
    if not there:
        return between_lists(sketch, role)
    source = sketch.pick.one(there)
    axis, name = sketch.axis_of(sketch.pick.one((2, 3))), new_name(sketch, role)
    if len(_split_axis(axis)) < 2:
        axis = counted(len(axis))
    for part, into in zip(_split_axis(source.axes[0]), _split_axis(axis), strict=True):
        carries = f"~{start(sketch)}"
        if len(source.axes) == 1 and sketch.pick.chance(0.3):
            carries = in_place(sketch, (into.size, part.size))
        sketch.body.append(f"{source.name}[{part.text}] -> {name}[{into.text}] : {carries}")
    return finish(sketch, role, name, (axis,), 4 * source.lines * source.bound + 2)


class Part(NamedTuple):
    """Neighbouring elements, as a slice writes them."""

    text: str
    size: int


def _split_axis(axis: Axis) -> list[Part]:
    """An axis in two parts that can be written."""
    middle = len(axis) // 2
    parts = [elements for elements in (axis.elements[:middle], axis.elements[middle:]) if elements]
    return [Part(between(elements), len(elements)) for elements in parts]
