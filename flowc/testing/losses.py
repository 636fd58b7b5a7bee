"""Losses by chance, with targets of the form that each of them takes."""

from __future__ import annotations

from flowc.doors.verifying.diagram import Form
from flowc.maths.functions import FUNCTIONS
from flowc.testing.diagram import Sketch, Vertex

EXCITATION_LOSSES = {f: loss.name for loss in FUNCTIONS.values() for f in loss.of_excitation if loss.kind == "loss"}
PLAIN = tuple(f.name for f in FUNCTIONS.values() if f.kind == "loss" and not f.of_excitation)
FORMS: dict[str, Form] = {"softmax": "class", "argmax": "class", "logistic": "bit", "step": "bit", "sign": "sign"}


def add_loss(sketch: Sketch, nodes: list[Vertex]) -> None:
    """`loss` over one or two of the nodes, and a penalty of a weight now and then."""
    terms = [_term(sketch, sketch.pick.one(list(reversed(nodes))))]
    if sketch.pick.chance(0.2):
        factor = "1" if sketch.exact else sketch.pick.one(("0.5", "2"))
        terms.append(f"{factor}*{_term(sketch, sketch.pick.one(nodes))}")
    if sketch.weights and not sketch.exact and sketch.pick.chance(0.2):
        terms.append(_penalty(sketch))
    name = f"{sketch.name('L')} = " if sketch.pick.chance(0.2) else ""
    sketch.body.append(f"loss {name}{' + '.join(terms)}")


def _term(sketch: Sketch, node: Vertex) -> str:
    """One loss of one node against a target of its own, or of an error node between the two."""
    special = EXCITATION_LOSSES.get(node.function)
    if special and sketch.pick.chance(0.7) and (node.axes or node.function not in ("softmax", "argmax")):
        return f"{special}({node.name}, {_target(sketch, node, FORMS[node.function])})"
    if sketch.exact:
        return f"sse({node.name}, {_target(sketch, node, 'number')})"
    form = sketch.pick.one(("function", "function", "power", "error"))
    if form == "function":
        name = sketch.pick.one(PLAIN)
        return f"{name}({node.name}, {_target(sketch, node, 'sign' if name == 'hinge' else 'number')})"
    y = _target(sketch, node, "number")
    inner = f"({node.name} - {y})"
    if form == "error":
        inner = sketch.name("e")
        sketch.body.append(f"{inner} = {node.name} - {y}")
    return f"{sketch.pick.one(('mean', 'sum'))}({inner}^2)" if node.axes else f"{inner}^2"


def _target(sketch: Sketch, node: Vertex, form: Form) -> str:
    name = sketch.name("y")
    sketch.heads.append(f"target {Vertex(name, node.axes).written}")
    sketch.targets.append((name, node.shape, form))
    return name


def _penalty(sketch: Sketch) -> str:
    """`1e-2*sum(W^2)`: it counts once, not once for each token."""
    name, shape = sketch.pick.one(sketch.weights)
    return f"1e-2*sum({name}^2)" if shape else f"1e-2*{name}^2"
