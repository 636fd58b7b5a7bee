"""Arrows by index variables: one to one, all to all, turned, over rows, from a fixed row."""

from __future__ import annotations

from flowc.testing.arrows import between_lists, biases, finish, group_of, new_name
from flowc.testing.sketch import Axis, Sketch, Vertex
from flowc.testing.weights import in_place, scaled, start, weight, weight_along


def by_index(sketch: Sketch, role: str) -> Vertex:
    """From a vector or a grid that is there, or else as plain arrows."""
    there = [v for v in reversed(sketch.nodes) if v.axes and (v.declared or len(v.axes) == 1)]
    if not there:
        return between_lists(sketch, role)
    source = sketch.pick.one(there)
    name = new_name(sketch, role)
    if len(source.axes) == 2:
        axes = _between_grids(sketch, source, name)
    else:
        axes = _between_vectors(sketch, source, name)
    others = [v for v in sketch.nodes if v.name != source.name]
    bound = 4 * source.lines * source.bound
    if others and sketch.pick.chance(0.3):
        bound += group_of(sketch, [sketch.pick.one(others)], [(name, axes)])
    bound += biases(sketch, [(name, axes)])
    return finish(sketch, role, name, axes, bound)


def _between_vectors(sketch: Sketch, source: Vertex, name: str) -> tuple[Axis, ...]:
    axis = source.axes[0]
    # What runs together must count alike, and from where a node without a declaration counts is not known here.
    form = sketch.pick.one(("together", "all", "sum", "matrix", "turned") if source.declared else ("all",))
    if form == "together":
        carries = along(sketch, "i", (axis,))
        sketch.body.append(f"{source.name}[i] -> {name}[i] : {carries}")
        return (axis,)
    if form == "sum":
        sketch.body.append(f"{source.name}[i] -> {name} : {along(sketch, 'i', (axis,))}")
        return ()
    target = sketch.axis()
    if form == "all":
        carries = sketch.number()
    elif form == "turned":
        carries = scaled(sketch, f"{weight_along(sketch, (axis, target), 'W')}[i, j]")
    else:
        carries = _draw_matrix(sketch, "j, i", (target, axis))
    sketch.body.append(f"{source.name}[i] -> {name}[j] : {carries}")
    return (target,)


def _draw_matrix(sketch: Sketch, letters: str, axes: tuple[Axis, ...]) -> str:
    match sketch.pick.one(("declared", "named", "~")):
        case "named":
            return in_place(sketch, tuple(len(a) for a in axes), letters, axes)
        case "~":
            return f"~{start(sketch)}"
    return scaled(sketch, f"{weight_along(sketch, axes, 'W')}[{letters}]")


def along(sketch: Sketch, letters: str, axes: tuple[Axis, ...]) -> str:
    """On lines that run together: a number, fresh weights, a vector by its index, one weight for all."""
    match sketch.pick.one(("1", "number", "~", "vector", "one", "named", "named one")):
        case "number":
            return sketch.number()
        case "~":
            return f"~{start(sketch)}"
        case "vector":
            return scaled(sketch, f"{weight_along(sketch, axes)}[{letters}]")
        case "one":
            return scaled(sketch, weight(sketch, ()))
        case "named":
            return in_place(sketch, tuple(len(a) for a in axes), letters, axes)
        case "named one":
            return f"{sketch.name('w')} ~{start(sketch)}"
    return "1"


def _between_grids(sketch: Sketch, source: Vertex, name: str) -> tuple[Axis, ...]:
    rows, columns = source.axes
    match sketch.pick.one(("together", "turned", "rows", "one row", "all", "columns")):
        case "turned":
            sketch.body.append(f"{source.name}[i, j] -> {name}[j, i] : {along(sketch, 'j, i', (columns, rows))}")
            return (columns, rows)
        case "rows":
            sketch.body.append(f"{source.name}[i, j] -> {name}[i] : {along(sketch, 'j', (columns,))}")
            return (rows,)
        case "columns":
            sketch.body.append(f"{source.name}[i, j] -> {name}[j] : {along(sketch, 'i, j', source.axes)}")
            return (columns,)
        case "one row":
            row = sketch.pick.one(rows.elements)
            sketch.body.append(f"{source.name}[{row}, j] -> {name}[j] : {along(sketch, 'j', (columns,))}")
            return (columns,)
        case "all":
            target = sketch.axis()
            carries = _draw_matrix(sketch, "k, i", (target, rows)) if sketch.pick.chance() else sketch.number()
            sketch.body.append(f"{source.name}[i, j] -> {name}[k] : {carries}")
            return (target,)
    sketch.body.append(f"{source.name}[i, j] -> {name}[i, j] : {along(sketch, 'i, j', source.axes)}")
    return source.axes
