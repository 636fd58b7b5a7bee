"""Arrows by chance, between nodes and lists of nodes: what they carry, biases, chains."""

from __future__ import annotations

from math import prod

from flowc.nets.verifying.diagram import Shape
from flowc.testing.functions import Applied, activation
from flowc.testing.sketch import Axis, Sketch, Vertex
from flowc.testing.weights import block, element, in_place, row, scaled, start, weight

Target = tuple[str, tuple[Axis, ...]]


def new_name(sketch: Sketch, role: str) -> str:
    """Of a node that is declared; only such a one may be called `loss`."""
    if sketch.odd_names and "loss" not in sketch.names and sketch.rarely(0.01):
        sketch.names.add("loss")
        return "loss"
    return sketch.name("f" if role == "output" else "h")


def finish(sketch: Sketch, role: str, name: str, axes: tuple[Axis, ...], bound: float) -> Vertex:
    """Declare a node whose arrows are written, with an activation that suits them."""
    return _declare_as(sketch, role, name, axes, bound, _draw_activation(sketch, axes, bound))


def _draw_activation(sketch: Sketch, axes: tuple[Axis, ...], bound: float) -> Applied | None:
    return activation(sketch, bound, bool(axes)) if sketch.pick.chance(0.8) else None


def _declare_as(
    sketch: Sketch, role: str, name: str, axes: tuple[Axis, ...], bound: float, applied: Applied | None,
    labelled: bool = False,
) -> Vertex:  # fmt: skip
    if applied is None:
        return sketch.declare(role, Vertex(name, axes, bound), "", labelled)
    return sketch.declare(role, Vertex(name, axes, applied.bound, applied.name), applied.text, labelled)


# ---------------------------------------------------------- lists to lists


def between_lists(sketch: Sketch, role: str) -> Vertex:
    """Lists of sources into the same one or two nodes, in one or more statements, and a bias."""
    wide = sketch.may("wide lists") and sketch.rarely(0.02)
    count = 20 if wide else sketch.pick.one((2, 3, 4, 1) if sketch.scalars else (1, 1, 2))
    targets = [(new_name(sketch, role), () if wide else sketch.axes(2)) for _ in range(count)]
    sources = list(sketch.nodes) if sketch.rarely(0.03) else sketch.some(4)
    bound = 0.0
    while sources:
        group = [sources.pop() for _ in range(sketch.pick.count(1, len(sources)))]
        bound += group_of(sketch, group, targets)
    if sketch.body[-1].endswith(": ~") and sketch.pick.chance(0.2):
        sketch.body[-1] = f"1, {sketch.body[-1]}"
    else:
        bound += biases(sketch, targets)
    if sketch.scalars or wide:  # alike, so that they make a layer
        applied = _draw_activation(sketch, (), bound)
        last = [name for name, _ in targets[-sketch.pick.count(1, 2) :]] if wide else []
        return [_declare_as(sketch, role, name, axes, bound, applied, name in last) for name, axes in targets][-1]
    return [finish(sketch, role, name, axes, bound) for name, axes in targets][-1]


def group_of(sketch: Sketch, group: list[Vertex], targets: list[Target]) -> float:
    """One statement; how much it can add to an excitation."""
    heads = ", ".join(v.name for v in group)
    shapes = [tuple(len(a) for a in axes) for _, axes in targets]
    carries = carried(sketch, [v.shape for v in group], shapes)
    sketch.body.append(f"{heads} -> {', '.join(name for name, _ in targets)} : {carries}")
    return 2.0 + sum(2 * v.lines * v.bound for v in group)


def block_shape(targets: list[Shape], sources: list[Shape]) -> Shape:
    """The shape of one weight between two lists: a list of several acts as one vector."""
    sides = [side[0] if len(side) == 1 else (sum(prod(s) for s in side),) for side in (targets, sources)]
    return (*sides[0], *sides[1])


def carried(sketch: Sketch, sources: list[Shape], targets: list[Shape]) -> str:
    """What the arrows of one statement carry, `~` being the simplest."""
    shape = block_shape(targets, sources)
    forms = ["fresh", "fresh"]
    flat = all(len(s) < 2 for s in (*sources, *targets))
    if flat or len(sources) == len(targets) == 1:
        forms += ["named"]  # a grid is no part of a list that one weight serves
    if all(s == () for s in sources) or all(t == () for t in targets):
        forms += ["number", "scalar"]
    if flat:
        forms += ["literal", "declared", "part"]
    elif len(sources) == len(targets) == 1 and len(shape) < 4:
        forms += ["declared"]
    return spelled(sketch, sketch.pick.one(forms), shape)


def spelled(sketch: Sketch, form: str, shape: Shape) -> str:
    match form:
        case "number":
            return sketch.number()
        case "scalar":
            return scaled(sketch, weight(sketch, ()))
        case "literal":
            return sketch.numbers(shape)
        case "declared":
            return _declared_weight(sketch, shape)
        case "part":
            return scaled(sketch, _part_of_weight(sketch, shape) or weight(sketch, shape, "W"))
        case "named":
            return in_place(sketch, shape)
    return f"~{start(sketch)}"


def _part_of_weight(sketch: Sketch, shape: Shape) -> str | None:
    """A part of a weight that has the shape: an element, a row, a block."""
    if len(shape) == 2:
        return block(sketch, shape)
    return element(sketch) if not shape else row(sketch, shape[0]) if len(shape) == 1 else None


def _declared_weight(sketch: Sketch, shape: Shape) -> str:
    """A declared weight: as it is, its transpose, or times a number."""
    if len(shape) == 2 and sketch.pick.chance(0.4):
        return scaled(sketch, f"{weight(sketch, (shape[1], shape[0]), 'W')}^T")
    return scaled(sketch, weight(sketch, shape, "W"))


def biases(sketch: Sketch, targets: list[Target]) -> float:
    """An arrow from the constant 1, or none."""
    if not sketch.pick.chance(0.6):
        return 0.0
    names = ", ".join(name for name, _ in targets)
    single = len(targets) == 1
    axes = targets[0][1]
    match sketch.pick.one(("~", "number", "named", "one", "literal", "start", "each")):
        case "number":
            carries = sketch.number()
        case "named" if single or all(len(axes) < 2 for _, axes in targets):
            shape = block_shape([tuple(len(a) for a in axes) for _, axes in targets], [()])
            carries = in_place(sketch, shape)
        case "one" if single and axes:
            names = f"{names}[{', '.join('ijk'[: len(axes)])}]"
            carries = f"{sketch.name('b')} ~{start(sketch)}"
        case "each" if single and axes:
            letters = ", ".join("ijk"[: len(axes)])
            names = f"{names}[{letters}]"
            carries = in_place(sketch, tuple(len(a) for a in axes), letters, axes)
        case "literal" if single and len(axes) == 1:
            carries = sketch.numbers((len(axes[0]),))
        case "start":
            carries = f"~{start(sketch)}"
        case _:
            carries = "~"
    sketch.body.append(f"1 -> {names} : {carries}")
    return 2.0


# ------------------------------------------------------------------ chains


def chain(sketch: Sketch, role: str) -> Vertex:
    """`x -> h -> f : ~`, two to four nodes long, biases drawn for all of them at once."""
    hops = sketch.pick.count(2, 3)
    names = [new_name(sketch, "node") for _ in range(hops - 1)] + [new_name(sketch, role)]
    scalar = sketch.scalars or sketch.pick.chance(0.3)
    first = sketch.pick.one([v for v in reversed(sketch.nodes) if not scalar or not v.axes] or sketch.nodes[:1])
    axes = [() if scalar else (sketch.axis(),) for _ in names]
    plain = scalar and not first.axes
    carries = spelled(sketch, sketch.pick.one(("number", "scalar", "fresh")), ()) if plain else f"~{start(sketch)}"
    sketch.body.append(f"{' -> '.join([first.name, *names])} : {carries}")
    if sketch.pick.chance():
        sketch.body.append(f"1 -> {', '.join(names)} : ~")
    last = first
    for name, its in zip(names, axes, strict=True):
        last = finish(sketch, role if name == names[-1] else "node", name, its, 2 * last.lines * last.bound + 2)
    return last
