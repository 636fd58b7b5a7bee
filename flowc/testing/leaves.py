"""What expressions begin with: nodes, parts of nodes, lists of scalars, weights."""

from __future__ import annotations

from flowc.nets.verifying.diagram import Shape
from flowc.testing.expression import Expression
from flowc.testing.sketch import Sketch, Vertex
from flowc.testing.weights import between, element, row, weight


def value(sketch: Sketch, shape: Shape) -> Expression:
    """A node, a part of one, a list of scalars, or a weight, that has the shape."""
    if sketch.may("weight nodes") and (not sketch.nodes or sketch.pick.chance(0.5 if sketch.alone else 0.04)):
        return of_weights(sketch, shape)
    parts = _parts_of_shape(sketch, shape)
    if parts:
        return sketch.pick.one(parts)
    if len(shape) == 1:
        items = [value(sketch, ()) for _ in range(shape[0])]
        return Expression(f"[{', '.join(i.text for i in items)}]", max(i.bound for i in items))
    return Expression(weight(sketch, shape, "b"), 2.0)


def of_weights(sketch: Sketch, shape: Shape) -> Expression:
    """A weight of the shape, or a part of one."""
    forms = {(): ("whole", "element"), 1: ("whole", "row", "list"), 2: ("whole", "turned")}[len(shape) or ()]
    match sketch.pick.one(forms):
        case "element":
            return Expression(element(sketch) or weight(sketch, ()), 2.0)
        case "row":
            return Expression(row(sketch, shape[0]) or weight(sketch, shape), 2.0)
        case "list":
            return Expression(f"[{', '.join(weight(sketch, ()) for _ in range(shape[0]))}]", 2.0)
        case "turned":
            return Expression(f"{weight(sketch, (shape[1], shape[0]), 'W')}^T", 2.0, "power")
    return Expression(weight(sketch, shape, "W" if len(shape) == 2 else "w"), 2.0)


def _parts_of_shape(sketch: Sketch, shape: Shape) -> list[Expression]:
    """Nodes of that shape, the latest first; then elements, rows and slices of vectors and grids."""
    leaves = [Expression(v.name, v.bound) for v in reversed(sketch.nodes) if v.shape == shape]
    vectors = [v for v in sketch.nodes if len(v.axes) == 1 and v.declared]
    grids = [v for v in sketch.nodes if len(v.axes) == 2 and v.declared]
    if not shape:
        leaves += [Expression(f"{v.name}[{v.axes[0].elements[-1]}]", v.bound) for v in vectors]
        leaves += [Expression(f"{g.name}[{', '.join(a.elements[0] for a in g.axes)}]", g.bound) for g in grids]
    if len(shape) == 1:
        leaves += [_slice_of(v, shape[0]) for v in vectors if v.shape[0] > shape[0]]
        leaves += [Expression(f"{g.name}[{g.axes[0].elements[-1]}]", g.bound) for g in grids if g.shape[1:] == shape]
    return leaves


def _slice_of(vector: Vertex, n: int) -> Expression:
    return Expression(f"{vector.name}[{between(vector.axes[0].elements[:n])}]", vector.bound)
