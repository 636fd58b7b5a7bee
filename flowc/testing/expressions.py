"""Equations by chance: expressions of scalars, vectors and grids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flowc.doors.verifying.diagram import Shape
from flowc.testing.diagram import Axis, Sketch, Vertex
from flowc.testing.functions import LARGE, activation

Level = Literal["sum", "product", "power", "atom"]
LEVELS: tuple[Level, ...] = ("sum", "product", "power", "atom")


@dataclass(frozen=True, slots=True)
class Expression:
    """A text, how large its value may be, and how tightly its outermost operation binds."""

    text: str
    bound: float
    level: Level = "atom"
    function: str = "identity"  # the activation that is the whole of it

    def within(self, level: Level) -> str:
        """The text, in parentheses where an operation of that level needs them."""
        return self.text if LEVELS.index(self.level) >= LEVELS.index(level) else f"({self.text})"


def expression(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """An expression of that shape, from nodes that are there; at most `depth` operations deep."""
    if depth <= 0:
        return affine(sketch, shape)
    made = sketch.pick.one(_makers(sketch, shape))(sketch, shape, depth - 1)
    return made if made.bound < 1e6 else Expression(f"tanh({made.text})", 1.0)


Maker = Callable[[Sketch, Shape, int], Expression]


def _makers(sketch: Sketch, shape: Shape) -> tuple[Maker, ...]:
    exact: tuple[Maker, ...] = (_affine, _function, _sum, _largest)
    if sketch.exact:
        return exact
    more: tuple[Maker, ...] = (_product, _power, _quotient, _positive, _factored)
    over: tuple[Maker, ...] = (_over_vector, _dot) if not shape else ()
    return (*exact, *more, *over)


# ------------------------------------------------------------------- sums


def affine(sketch: Sketch, shape: Shape) -> Expression:
    """One to four terms: nodes, times numbers or weights, and biases; with at least one node."""
    terms = [_node_term(sketch, shape)]
    for _ in range(sketch.pick.count(0, 3)):
        bias = sketch.pick.chance(0.3)
        terms.append(_bias(sketch, shape) if bias else _node_term(sketch, shape))
    return _added(sketch, terms)


def _added(sketch: Sketch, terms: list[Expression]) -> Expression:
    text = terms[0].within("product")
    for term in terms[1:]:
        sign = sketch.pick.one((" + ", " - "))
        text += sign + (term.within("product") if not term.text.startswith("-") else f"({term.text})")
    level: Level = "sum" if len(terms) > 1 or text.startswith("-") else terms[0].level
    return Expression(text, sum(t.bound for t in terms), level)


def _bias(sketch: Sketch, shape: Shape) -> Expression:
    if sketch.pick.chance(0.5):
        return Expression(sketch.weight(shape, "b"), 2.0)
    number = sketch.number()
    return Expression(number, 2.0, "sum" if number.startswith("-") else "product")


def _node_term(sketch: Sketch, shape: Shape) -> Expression:
    """A node of that shape times nothing, a number or a weight; or a matrix times a vector."""
    if len(shape) == 1 and sketch.pick.chance(0.4):
        found = _through_matrix(sketch, shape)
        if found:
            return found
    node = value(sketch, shape)
    match sketch.pick.one(("node", "number", "weight", "after", "over")):
        case "number":
            return _times(Expression(sketch.number(), 2.0), node)
        case "weight":
            size = shape if len(shape) == 1 and sketch.pick.chance(0.3) else ()
            return _times(Expression(sketch.weight(size), 2.0), node)
        case "after":
            return _times(node, Expression(sketch.weight(()), 2.0))
        case "over":
            return Expression(f"{node.within('product')} / 2", node.bound, "product")
    return node


def _times(a: Expression, b: Expression) -> Expression:
    right = b.text if b.level in ("power", "atom") else f"({b.text})"
    return Expression(f"{a.within('product')}*{right}", a.bound * b.bound, "sum" if a.text[0] == "-" else "product")


def _through_matrix(sketch: Sketch, shape: Shape) -> Expression | None:
    vectors = [v for v in reversed(sketch.nodes) if len(v.shape) == 1]
    if not vectors:
        return None
    vector = sketch.pick.one(vectors)
    wide, tall = vector.shape[0], shape[0]
    bound = 2 * wide * vector.bound
    match sketch.pick.one(("plain", "transpose", "right", "literal")):
        case "transpose":
            return Expression(f"{sketch.weight((wide, tall), 'W')}^T @ {vector.name}", bound, "product")
        case "right":
            return Expression(f"{vector.name} @ {sketch.weight((wide, tall), 'W')}", bound, "product")
        case "literal":
            return Expression(f"{sketch.numbers((tall, wide))} @ {vector.name}", bound, "product")
    return Expression(f"{sketch.weight((tall, wide), 'W')} @ {vector.name}", bound, "product")


# ----------------------------------------------------------------- leaves


def value(sketch: Sketch, shape: Shape) -> Expression:
    """A node, or a part of one, or a list of scalars, that has the shape."""
    found = _parts(sketch, shape)
    if found:
        return sketch.pick.one(found)
    if len(shape) == 1:
        items = [value(sketch, ()) for _ in range(shape[0])]
        return Expression(f"[{', '.join(i.text for i in items)}]", max(i.bound for i in items))
    row = value(sketch, ()) if not shape else None
    return row or Expression(sketch.weight(shape, "b"), 2.0)


def _parts(sketch: Sketch, shape: Shape) -> list[Expression]:
    """Nodes of that shape, the latest first; then elements and slices of vectors."""
    whole = [Expression(v.name, v.bound) for v in reversed(sketch.nodes) if v.shape == shape]
    vectors = [v for v in sketch.nodes if len(v.axes) == 1 and v.declared]
    if not shape:
        whole += [Expression(f"{v.name}[{v.axes[0].elements[-1]}]", v.bound) for v in vectors]
        grids = [v for v in sketch.nodes if len(v.axes) == 2 and v.declared]
        whole += [Expression(f"{g.name}[{', '.join(a.elements[0] for a in g.axes)}]", g.bound) for g in grids]
    if not whole and not shape:
        grid = sketch.nodes[0]
        whole = [Expression(f"{grid.name}[{', '.join(a.elements[0] for a in grid.axes)}]", grid.bound)]
    if len(shape) == 1:
        whole += [_slice(v, shape[0]) for v in vectors if len(v.axes[0]) > shape[0] and v.axes[0].elements[0].isdigit()]
    return whole


def _slice(vector: Vertex, n: int) -> Expression:
    elements = vector.axes[0].elements
    return Expression(f"{vector.name}[{elements[0]}..{elements[n - 1]}]", vector.bound)


# ------------------------------------------------------------- operations


def _affine(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    return affine(sketch, shape)


def _function(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    inner = expression(sketch, shape, depth)
    applied = activation(sketch, inner.bound, bool(shape))
    if "(" in applied.text:  # a parameter goes behind the argument
        name, rest = applied.text.split("(")
        return Expression(f"{name}({inner.text}, {rest}", applied.bound, function=applied.name)
    return Expression(f"{applied.text}({inner.text})", applied.bound, function=applied.name)


def _sum(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    return _added(sketch, [expression(sketch, shape, depth) for _ in range(sketch.pick.count(2, 3))])


def _product(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """Of two or three; a scalar may meet a vector."""
    factors = [expression(sketch, shape, depth)]
    for _ in range(sketch.pick.count(1, 2)):
        factors.append(expression(sketch, () if sketch.pick.chance(0.3) else shape, depth))
    made = factors[0]
    for factor in factors[1:]:
        made = _times(made, factor)
    return made


def _power(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    if sketch.pick.chance(0.3):
        below = _above_zero(sketch, shape, depth)
        exponent = sketch.pick.one(("-1", "0.5", "1.5", "(-0.5)"))
        if sketch.pick.chance(0.3):
            exponent = f"tanh({expression(sketch, shape, depth).text})"
        return Expression(f"({below.text})^{exponent}", below.bound**2, "power")
    base = expression(sketch, shape, depth)
    n = sketch.pick.one((2, 3, 1, 0))
    inside = base.text if base.level == "atom" and not base.text.startswith("-") else f"({base.text})"
    return Expression(f"{inside}^{n}", base.bound**n + 1, "power")


def _above_zero(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """Something that is at least 0.5."""
    inner = expression(sketch, shape, depth)
    if inner.bound > LARGE:
        inner = Expression(f"tanh({inner.text})", 1.0)
    return Expression(f"square({inner.text}) + {sketch.pick.one(('1', '0.5'))}", inner.bound**2 + 1, "sum")


def _quotient(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    above = expression(sketch, shape, depth)
    below = _above_zero(sketch, () if sketch.pick.chance(0.3) else shape, depth)
    return Expression(f"{above.within('product')} / ({below.text})", 2 * above.bound, "product")


def _positive(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    inner = _above_zero(sketch, shape, depth)
    return Expression(f"{sketch.pick.one(('log', 'sqrt'))}({inner.text})", inner.bound)


def _factored(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """A weight or number outside of parentheses: arrows that share it."""
    inner = affine(sketch, shape)
    outside = sketch.weight(()) if sketch.pick.chance() else sketch.pick.one(("2", "0.5", "1/3"))
    return Expression(f"{outside}*({inner.text})", 2 * inner.bound, "product")


def _largest(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """max, min or the product of two or three equals."""
    names = ("max", "min") if sketch.exact else ("max", "min", "product")
    items = [expression(sketch, shape, depth) for _ in range(sketch.pick.count(2, 3))]
    name = sketch.pick.one(names)
    bound = max(i.bound for i in items)
    return Expression(f"{name}({', '.join(i.text for i in items)})", bound if name != "product" else bound**3)


def _over_vector(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """A reduction of a vector's elements."""
    name = sketch.pick.one(("sum", "mean", "max", "min", "product"))
    n = sketch.pick.one((2, 3))
    inner = expression(sketch, (n,), depth)
    return Expression(f"{name}({inner.text})", inner.bound**3 if name == "product" else n * inner.bound)


def _dot(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    n = sketch.pick.one((2, 3))
    a, b = value(sketch, (n,)), value(sketch, (n,))
    return Expression(f"{a.text} @ {b.text}", n * a.bound * b.bound, "product")


# -------------------------------------------------------------- equations


def equation_node(sketch: Sketch, role: str, depth: int) -> Vertex:
    """A node with an equation: declared, or (a hidden one) defined by it alone; its excitation perhaps named."""
    axes = _axes(sketch)
    shape = tuple(len(a) for a in axes)
    declared = role == "output" or sketch.pick.chance(0.3)
    name = sketch.name("f" if role == "output" else "h")
    right = sketch.pick.one((expression, _activated, _constant))(sketch, shape, depth)
    if not declared and right.level == "atom" and right.text.lstrip("-")[0].isdigit():
        axes = ()  # a number says nothing of a size
    vertex = Vertex(name, axes, right.bound, right.function, declared)
    sketch.body.append(f"{name} = {right.text}")
    if declared:
        return sketch.declare(role, vertex)
    sketch.nodes.append(vertex)
    return vertex


def _axes(sketch: Sketch) -> tuple[Axis, ...]:
    """Of a new node: a grid's only where there is a grid to begin with."""
    grids = [v.axes for v in sketch.nodes if len(v.axes) == 2]
    return sketch.pick.one(grids) if grids and sketch.pick.chance(0.3) else sketch.axes()


def _constant(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    if sketch.pick.chance(0.9):
        return expression(sketch, shape, depth)
    return Expression(sketch.number(), 2.0)


def _activated(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """`z1 = ...` on a line of its own, then the activation of it."""
    inner = affine(sketch, shape)
    excitation = sketch.name("z")
    sketch.body.append(f"{excitation} = {inner.text}")
    applied = activation(sketch, inner.bound, bool(shape))
    name = applied.text.split("(")[0]
    return Expression(f"{name}({excitation})", applied.bound, function=applied.name)
