"""Nodes that equations define, also of weights alone."""

from __future__ import annotations

from flowc.nets.verifying.diagram import Shape
from flowc.testing.expression import Expression, number
from flowc.testing.expressions import affine, expression
from flowc.testing.functions import activation
from flowc.testing.leaves import value
from flowc.testing.sketch import Axis, Sketch, Vertex
from flowc.testing.weights import between


def equation_node(sketch: Sketch, role: str, depth: int) -> Vertex:
    """A node with an equation: declared, or (a hidden one) defined by it alone; its excitation perhaps named."""
    axes = _draw_axes(sketch)
    shape = tuple(len(a) for a in axes)
    declared = role == "output" or sketch.pick.chance(0.3)
    name = sketch.name("f" if role == "output" else "h")
    right = sketch.pick.one((expression, _draw_activated, _draw_constant))(sketch, shape, depth)
    if not declared and right.function == "number":
        axes = ()  # a number says nothing of a size
    vertex = Vertex(name, axes, right.bound, right.function, declared)
    sketch.body.append(f"{name} = {right.text}")
    return sketch.declare(role, vertex) if declared else sketch.add(vertex)


def _draw_axes(sketch: Sketch) -> tuple[Axis, ...]:
    """Of a new node: a grid's mostly where there is a grid to begin with."""
    grids = [v.axes for v in sketch.nodes if len(v.axes) == 2]
    if grids and sketch.pick.chance(0.3):
        return sketch.pick.one(grids)
    return sketch.axes(2 if sketch.alone else 1)


def _draw_constant(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    if sketch.pick.chance(0.9):
        return expression(sketch, shape, depth)
    return Expression(number(sketch.number()).text, 2.0, function="number")


def _draw_activated(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """`z1 = ...` on a line of its own, then the activation of it."""
    summed = affine(sketch, shape)
    excitation = sketch.name("z")
    sketch.body.append(f"{excitation} = {summed.text}")
    applied = activation(sketch, summed.bound, bool(shape))
    return Expression(applied.of(excitation), applied.bound, function=applied.name)


def nodes_of_weights(sketch: Sketch, depth: int) -> None:
    """One or two nodes that have no input before them: each token has the same value."""
    alone = sketch.of_weights()
    for _ in range(sketch.pick.count(1, 2)):
        before = len(alone.nodes)
        equation_node(alone, "node", depth)
        sketch.nodes += alone.nodes[before:]


def slice_of(sketch: Sketch) -> None:
    """`h = x[2..3]`, whose elements keep their numbers; nothing where there is no vector of more than one, that counts."""
    vectors = [v for v in reversed(sketch.nodes) if len(v.axes) == 1 and v.declared and len(v.axes[0]) > 1]
    there = [v for v in vectors if v.axes[0].elements[0][-1].isdigit()]  # a range of names is no size
    if not there:
        return
    source = sketch.pick.one(there)
    elements = source.axes[0].elements[1:]
    name, slice_ = sketch.name("h"), between(elements)
    sketch.body.append(f"{name} = {source.name}[{slice_}]")
    sketch.add(Vertex(name, (Axis(slice_, elements),), source.bound))


def copy_of(sketch: Sketch, role: str) -> Vertex:
    """`f = h`: a node that is another, or a part of another."""
    source = value(sketch, ())
    name = sketch.name("f" if role == "output" else "h")
    sketch.body.append(f"{name} = {source.text}")
    return sketch.declare(role, Vertex(name, (), source.bound))
