"""Products by chance: of equals, with a scalar, and `@` in all of its forms."""

from __future__ import annotations

from flowc.nets.verifying.diagram import Shape
from flowc.testing.expression import Expression, number, times
from flowc.testing.leaves import value
from flowc.testing.sketch import Sketch
from flowc.testing.weights import weight


def node_term(sketch: Sketch, shape: Shape) -> Expression:
    """A node of that shape times nothing, a number or a weight; or a matrix times a vector."""
    if len(shape) == 1 and sketch.pick.chance(0.4) and any(len(v.shape) == 1 for v in sketch.nodes):
        return through_matrix(sketch, shape)
    node = value(sketch, shape)
    match sketch.pick.one(("node", "number", "weight", "after", "over", "sign")):
        case "number":
            return times(number(sketch.number()), node)
        case "weight":
            size = shape if shape and sketch.pick.chance(0.3) else ()
            return times(Expression(weight(sketch, size), 2.0), node)
        case "after":
            return times(node, Expression(weight(sketch, ()), 2.0))
        case "over":
            return Expression(f"{node.within('product')} / 2", node.bound, "product")
        case "sign" if not sketch.exact:
            return Expression(f"{sketch.pick.one(('-', '+', '--'))}{node.within('power')}", node.bound, "sum")
    return node


FORMS = ("plain", "transpose", "right", "literal", "negative", "scaled", "halved", "literal right", "transpose right")


def through_matrix(sketch: Sketch, shape: Shape) -> Expression:
    """A matrix, scaled or turned, times a vector; or a vector times one."""
    vector = sketch.pick.one([v for v in reversed(sketch.nodes) if len(v.shape) == 1])
    wide, tall = vector.shape[0], shape[0]
    straight, turned = (tall, wide), (wide, tall)
    bound = 4 * wide * vector.bound
    match sketch.pick.one(FORMS[:4] if sketch.exact else FORMS):
        case "transpose":
            text = f"{weight(sketch, turned, 'W')}^T @ {vector.name}"
        case "right":
            text = f"{vector.name} @ {weight(sketch, turned, 'W')}"
        case "literal":
            text = f"{sketch.numbers(straight)} @ {vector.name}"
        case "negative":
            return Expression(f"-{weight(sketch, straight, 'W')} @ {vector.name}", bound, "sum")
        case "scaled":
            text = f"2*{weight(sketch, straight, 'W')} @ {vector.name}"
        case "halved":
            text = f"{weight(sketch, straight, 'W')}/2 @ {vector.name}"
        case "literal right":
            text = f"{vector.name} @ {sketch.numbers(turned)}"
        case "transpose right":
            text = f"{vector.name} @ {weight(sketch, straight, 'W')}^T"
        case _:
            text = f"{weight(sketch, straight, 'W')} @ {vector.name}"
    return Expression(text, bound, "product")


def inner(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """Σ of products of two vectors, one of them a weight, or with a matrix in between."""
    n = sketch.pick.one((2, 3))
    a, b = value(sketch, (n,)), value(sketch, (n,))
    bound = n * a.bound * b.bound
    match sketch.pick.one(("nodes", "weight", "between", "call")):
        case "weight":
            return Expression(f"{weight(sketch, (n,))} @ {b.text}", 2 * n * b.bound, "product")
        case "between":
            return Expression(f"{a.text} @ {weight(sketch, (n, n), 'W')} @ {b.text}", 2 * n * bound, "product")
        case "call":
            return Expression(f"dot({a.text}, {b.text})", bound)
    return Expression(f"{a.text} @ {b.text}", bound, "product")
