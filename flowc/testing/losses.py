"""Losses by chance, with targets of the form that each of them takes."""

from __future__ import annotations

from flowc.maths.function import Form
from flowc.maths.functions import FUNCTIONS
from flowc.testing.functions import parameters
from flowc.testing.sketch import Item, Sketch, Vertex
from flowc.testing.weights import element, weight


def special(function: str) -> tuple[str, ...]:
    """The losses that take a node of that activation by its name; their excitation is what they use."""
    return tuple(f.name for f in FUNCTIONS.values() if f.kind == "loss" and function in f.of_excitation)


def plain() -> tuple[str, ...]:
    return tuple(f.name for f in FUNCTIONS.values() if f.kind == "loss" and not f.of_excitation)


def add_loss(sketch: Sketch, nodes: list[Vertex]) -> None:
    """`loss` of one to three terms over the nodes, some scaled, and penalties of weights."""
    terms = [_scaled(sketch, _term(sketch, sketch.pick.one(list(reversed(nodes)))))]
    scalars = [v for v in nodes if not v.axes]
    if sketch.may("wide lists") and scalars and sketch.rarely(0.02):
        first = sketch.pick.one((19, 18))  # with a label
        terms += [_of_many(sketch, scalars[-1], k >= first) for k in range(20)]
    while sketch.pick.chance(0.25) and len(terms) < 4:
        terms.append(_scaled(sketch, _term(sketch, sketch.pick.one(nodes))))
    if sketch.may("weight nodes") and sketch.rarely(0.02):
        matrix, left, right = weight(sketch, (2, 3), "W"), weight(sketch, (3,)), weight(sketch, (2,))
        terms.insert(0, f"{matrix}^T @ {right} @ {left}")
    if sketch.may("nonlinear losses") and sketch.pick.chance(0.15):
        terms.append(_nonlinear(sketch, sketch.pick.one(nodes)))
    while sketch.weights and not sketch.exact and sketch.pick.chance(0.25):
        terms.append(_penalty(sketch))
    expression = terms[0] + "".join(f"{_sign(sketch, term)}{term}" for term in terms[1:])
    if sketch.may("nonlinear losses") and sketch.pick.chance(0.1):
        expression = sketch.pick.one(("0.5*({})", "-({})", "+({})", "-(-({}))")).format(expression)
    name = f"{sketch.name('L')} = " if sketch.pick.chance(0.2) else ""
    sketch.body.append(f"loss {name}{expression}")


def _of_many(sketch: Sketch, node: Vertex, labelled: bool) -> str:
    """The error of a scalar against one more target."""
    vertex = Vertex(sketch.name("y"))
    sketch.heads.append(Item("target", vertex.written, label='"one more"' if labelled else ""))
    sketch.targets.append((vertex, "number"))
    return f"({node.name} - {vertex.name})^2"


def _sign(sketch: Sketch, term: str) -> str:
    return " - " if sketch.may("nonlinear losses") and term[0] != "-" and sketch.pick.chance(0.15) else " + "


def _scaled(sketch: Sketch, term: str) -> str:
    if not sketch.pick.chance(0.25):
        return term
    return sketch.pick.one(("0.5*{}", "2*{}", "{}/2") if not sketch.exact else ("2*{}", "{}")).format(term)


def _term(sketch: Sketch, node: Vertex) -> str:
    """One loss of one node against a target, of its own or shared, or of an error node between the two."""
    fitting = special(node.function)
    if fitting and sketch.pick.chance(0.7) and (node.axes or node.function not in ("softmax", "argmax")):
        return _call(sketch, sketch.pick.one(fitting), node)
    if sketch.exact:
        return f"sse({node.name}, {_target(sketch, node, 'number')})"
    form = sketch.pick.one(("function", "function", "power", "error", "input", "parts", "without a target"))
    if form == "function":
        return _call(sketch, sketch.pick.one(plain()), node)
    if form == "parts" and len(node.axes) == 1 and node.declared:
        y, place = _target(sketch, node, "number"), node.axes[0].elements[-1]
        return f"mae({node.name}[{place}], {y}[{place}])"
    same = [v for v in sketch.inputs if v.shape == node.shape]
    if form == "input" and same:
        return f"mse({node.name}, {sketch.pick.one(same).name})"
    if form == "without a target":
        return f"mean({node.name}^2)" if node.axes else f"square({node.name})"
    return _error(sketch, node, form)


def _call(sketch: Sketch, name: str, node: Vertex) -> str:
    """A loss of the registry, by one of its names."""
    record = FUNCTIONS[name]
    form = record.form(node.function, bool(node.axes))
    spelling = name if record.of_excitation else sketch.pick.one((name, *record.aliases))
    return f"{spelling}({', '.join([node.name, _target(sketch, node, form), *parameters(sketch, record)])})"


def _error(sketch: Sketch, node: Vertex, form: str) -> str:
    y = _target(sketch, node, "number")
    error = f"({node.name} - {y})"
    if form == "error":
        error = sketch.name("e")
        sketch.body.append(f"{error} = {node.name} - {y}")
        if len(node.axes) == 1 and sketch.pick.chance(0.3):
            return f"{error} @ {error}"
    return f"{sketch.pick.one(('mean', 'sum'))}({error}^2)" if node.axes else f"{error}^2"


def _nonlinear(sketch: Sketch, node: Vertex) -> str:
    """A loss within a function, or times another."""
    y = _target(sketch, node, "number")
    form = sketch.pick.one(
        (
            "sqrt(mse({f}, {y}) + 1)",
            "log(1 + mae({f}, {y}))",
            "tanh(mse({f}, {y}))*mae({f}, {y})",
            "max(mse({f}, {y}), 0.5)",
        )
    )
    return form.format(f=node.name, y=y)


def _target(sketch: Sketch, node: Vertex, form: Form) -> str:
    shared = [v.name for v, other in sketch.targets if other == form and v.axes == node.axes]
    if shared and sketch.pick.chance(0.4):
        return sketch.pick.one(shared)
    vertex = Vertex(sketch.name("y"), node.axes)
    sketch.heads.append(Item("target", vertex.written))
    sketch.targets.append((vertex, form))
    return vertex.name


def _penalty(sketch: Sketch) -> str:
    """`1e-2*sum(W^2)`: it counts once, not once for each token."""
    penalised = sketch.pick.one(sketch.weights)
    if not penalised.shape:
        return f"1e-2*{penalised.name}^2"
    part = element(sketch)
    if part and sketch.pick.chance(0.2):
        return f"1e-2*{part}^2"
    return sketch.pick.one(("1e-2*sum({}^2)", "1e-2*mean(abs({}))", "0.1*max({})", "1e-2*sum(square({}))")).format(
        penalised.name
    )
