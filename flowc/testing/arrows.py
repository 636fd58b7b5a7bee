"""Arrows by chance: every form in which one can be written."""

from __future__ import annotations

from math import prod

from flowc.doors.verifying.diagram import Shape
from flowc.testing.diagram import Axis, Sketch, Vertex
from flowc.testing.functions import Applied, activation


def arrow_nodes(sketch: Sketch, role: str) -> Vertex:
    """One or two new nodes that arrows lead into; the last of them."""
    forms = ("plain", "plain", "chain") if sketch.scalars else ("plain", "plain", "one to one", "elements", "chain")
    match sketch.pick.one(forms):
        case "one to one":
            return _one_to_one(sketch, role)
        case "elements":
            return _elements(sketch, role)
        case "chain":
            return _chain(sketch, role)
    return _plain(sketch, role)


def _finish(sketch: Sketch, role: str, name: str, axes: tuple[Axis, ...], bound: float) -> Vertex:
    """Declare a node whose arrows are written, with an activation that suits them."""
    return _as(sketch, role, name, axes, bound, _applied(sketch, axes, bound))


def _applied(sketch: Sketch, axes: tuple[Axis, ...], bound: float) -> Applied | None:
    return activation(sketch, bound, bool(axes)) if sketch.pick.chance(0.8) else None


def _as(
    sketch: Sketch, role: str, name: str, axes: tuple[Axis, ...], bound: float, applied: Applied | None
) -> Vertex:  # fmt: skip
    if applied is None:
        return sketch.declare(role, Vertex(name, axes, bound))
    return sketch.declare(role, Vertex(name, axes, applied.bound, applied.name), applied.text)


def _new(sketch: Sketch, role: str) -> str:
    return sketch.name("f" if role == "output" else "h")


# ---------------------------------------------------------- lists to lists


def _plain(sketch: Sketch, role: str) -> Vertex:
    """Lists of sources into the same one or two nodes, in one or more statements, and a bias."""
    count = sketch.pick.one((2, 3, 4, 1) if sketch.scalars else (1, 1, 2))
    targets = [(_new(sketch, role), sketch.axes(2)) for _ in range(count)]
    sources = sketch.some(4)
    bound = 0.0
    while sources:
        group = [sources.pop() for _ in range(sketch.pick.count(1, len(sources)))]
        bound += _group(sketch, group, targets)
    if sketch.body[-1].endswith(": ~") and sketch.pick.chance(0.2):
        sketch.body[-1] = f"1, {sketch.body[-1]}"
    else:
        bound += _biases(sketch, targets)
    if sketch.scalars:  # alike, so that they make a layer
        applied = _applied(sketch, (), bound)
        return [_as(sketch, role, name, axes, bound, applied) for name, axes in targets][-1]
    return [_finish(sketch, role, name, axes, bound) for name, axes in targets][-1]


Target = tuple[str, tuple[Axis, ...]]


def _group(sketch: Sketch, group: list[Vertex], targets: list[Target]) -> float:
    """One statement; how much it can add to an excitation."""
    heads = ", ".join(v.name for v in group)
    shapes = [tuple(len(a) for a in axes) for _, axes in targets]
    carried = _carried(sketch, [v.shape for v in group], shapes)
    sketch.body.append(f"{heads} -> {', '.join(name for name, _ in targets)} : {carried}")
    return 2.0 + sum(2 * v.lines * v.bound for v in group)


def block_shape(targets: list[Shape], sources: list[Shape]) -> Shape:
    """The shape of one weight between two lists: a list of several acts as one vector."""
    sides = [side[0] if len(side) == 1 else (sum(prod(s) for s in side),) for side in (targets, sources)]
    return (*sides[0], *sides[1])


def _carried(sketch: Sketch, sources: list[Shape], targets: list[Shape]) -> str:
    """What the arrows of one statement carry, `~` being the simplest."""
    shape = block_shape(targets, sources)
    forms = ["fresh", "fresh"]
    flat = all(len(s) < 2 for s in (*sources, *targets))
    if flat or len(sources) == len(targets) == 1:
        forms += ["named"]  # a grid is no part of a list that one weight serves
    if all(s == () for s in sources) or all(t == () for t in targets):
        forms += ["number", "scalar"]
    if flat:
        forms += ["literal", "declared"]
    return _spelled(sketch, sketch.pick.one(forms), shape)


def _spelled(sketch: Sketch, form: str, shape: Shape) -> str:
    match form:
        case "number":
            return sketch.number()
        case "scalar":
            return _scaled(sketch, sketch.weight(()))
        case "literal":
            return sketch.numbers(shape)
        case "declared":
            return _declared(sketch, shape)
        case "named":
            return _in_place(sketch, shape)
    return f"~{sketch.start()}"


def _in_place(sketch: Sketch, shape: Shape) -> str:
    """A weight named where it is drawn, and remembered for later arrows."""
    name = sketch.name("W")
    start = f"= {sketch.number()}" if sketch.pick.chance(0.2) else f"~{sketch.start()}"
    sketch.weights.append((name, shape))
    return f"{name} {start}"


def _declared(sketch: Sketch, shape: Shape) -> str:
    """A declared weight: as it is, its transpose, or times a number."""
    if len(shape) == 2 and sketch.pick.chance(0.4):
        return _scaled(sketch, f"{sketch.weight((shape[1], shape[0]), 'W')}^T")
    return _scaled(sketch, sketch.weight(shape, "W"))


def _scaled(sketch: Sketch, weight: str) -> str:
    return sketch.pick.one((weight, weight, f"-{weight}", f"2*{weight}", f"{weight}/2"))


def _biases(sketch: Sketch, targets: list[Target]) -> float:
    """An arrow from the constant 1, or none."""
    if not sketch.pick.chance(0.6):
        return 0.0
    names = ", ".join(name for name, _ in targets)
    single = len(targets) == 1
    axes = targets[0][1]
    match sketch.pick.one(("~", "number", "named", "one", "literal", "start")):
        case "number":
            carried = sketch.number()
        case "named" if single or all(len(axes) < 2 for _, axes in targets):
            shape = block_shape([tuple(len(a) for a in axes) for _, axes in targets], [()])
            carried = _in_place(sketch, shape)
        case "one" if single and axes:
            names = f"{names}[{', '.join('ijk'[: len(axes)])}]"
            carried = f"{sketch.name('b')} ~{sketch.start()}"
        case "literal" if single and len(axes) == 1:
            carried = sketch.numbers((len(axes[0]),))
        case "start":
            carried = f"~{sketch.start()}"
        case _:
            carried = "~"
    sketch.body.append(f"1 -> {names} : {carried}")
    return 2.0


# -------------------------------------------------------- index variables


def _one_to_one(sketch: Sketch, role: str) -> Vertex:
    """Arrows by index variables, from a vector or a grid that is there, or else as plain ones."""
    found = [v for v in reversed(sketch.nodes) if v.axes and (v.declared or len(v.axes) == 1)]
    if not found:
        return _plain(sketch, role)
    source = sketch.pick.one(found)
    name = _new(sketch, role)
    if len(source.axes) == 2:
        axes = _between_grids(sketch, source, name)
    else:
        axes = _between_vectors(sketch, source, name)
    others = [v for v in sketch.nodes if v.name != source.name]
    bound = 4 * source.lines * source.bound
    if others and sketch.pick.chance(0.3):
        bound += _group(sketch, [sketch.pick.one(others)], [(name, axes)])
    bound += _biases(sketch, [(name, axes)])
    return _finish(sketch, role, name, axes, bound)


def _between_vectors(sketch: Sketch, source: Vertex, name: str) -> tuple[Axis, ...]:
    axis = source.axes[0]
    # What runs together must count alike, and from where a node without a declaration counts is not known here.
    form = sketch.pick.one(("together", "all", "sum", "matrix", "turned") if source.declared else ("all",))
    if form == "together":
        carried = _index_weight(sketch, "i", (axis,))
        sketch.body.append(f"{source.name}[i] -> {name}[i] : {carried}")
        return (axis,)
    if form == "sum":
        sketch.body.append(f"{source.name}[i] -> {name} : {_index_weight(sketch, 'i', (axis,))}")
        return ()
    target = sketch.axis()
    carried = sketch.number() if form == "all" else f"{sketch.weight_along((target, axis), 'W')}[j, i]"
    if form == "turned":
        carried = f"{sketch.weight_along((axis, target), 'W')}[i, j]"
    sketch.body.append(f"{source.name}[i] -> {name}[j] : {carried}")
    return (target,)


def _index_weight(sketch: Sketch, letters: str, axes: tuple[Axis, ...]) -> str:
    """On lines that run together: a number, fresh weights, a vector by its index, one weight for all."""
    match sketch.pick.one(("1", "number", "~", "vector", "one", "named", "named one")):
        case "number":
            return sketch.number()
        case "~":
            return f"~{sketch.start()}"
        case "vector":
            return f"{sketch.weight_along(axes)}[{letters}]"
        case "one":
            return sketch.weight(())
        case "named":
            return f"{sketch.name('w')}[{letters}] ~{sketch.start()}"
        case "named one":
            return f"{sketch.name('w')} ~{sketch.start()}"
    return "1"


def _between_grids(sketch: Sketch, source: Vertex, name: str) -> tuple[Axis, ...]:
    rows, columns = source.axes
    match sketch.pick.one(("together", "turned", "rows")):
        case "turned":
            sketch.body.append(f"{source.name}[i, j] -> {name}[j, i] : {sketch.number()}")
            return (columns, rows)
        case "rows":
            carried = _index_weight(sketch, "j", (columns,))
            sketch.body.append(f"{source.name}[i, j] -> {name}[i] : {carried}")
            return (rows,)
    sketch.body.append(f"{source.name}[i, j] -> {name}[i, j] : {_index_weight(sketch, 'i, j', source.axes)}")
    return source.axes


# --------------------------------------------------------------- elements


def _elements(sketch: Sketch, role: str) -> Vertex:
    """A vector whose every element has arrows of its own, from scalars and elements."""
    axis = sketch.axis()
    name = _new(sketch, role)
    ends = _scalar_ends(sketch)
    if not ends:
        return _plain(sketch, role)
    most = 0.0
    for element in axis.elements:
        bound = 0.0
        for end, size in _several(sketch, ends):
            carried = _spelled(sketch, sketch.pick.one(("number", "scalar", "fresh", "named")), ())
            sketch.body.append(f"{end} -> {name}[{element}] : {carried}")
            bound += 2 * size
        if sketch.pick.chance(0.3):
            sketch.body.append(f"1 -> {name}[{element}] : {sketch.number()}")
        most = max(most, bound + 2)
    return _finish(sketch, role, name, (axis,), most)


def _scalar_ends(sketch: Sketch) -> list[tuple[str, float]]:
    """Scalars and elements of vectors, as they are written, and their bounds."""
    scalars = [(v.name, v.bound) for v in sketch.nodes if not v.axes]
    vectors = [v for v in sketch.nodes if len(v.axes) == 1 and v.declared]
    return scalars + [(f"{v.name}[{e}]", v.bound) for v in vectors for e in v.axes[0].elements]


def _several(sketch: Sketch, ends: list[tuple[str, float]]) -> list[tuple[str, float]]:
    left = list(ends)
    chosen = []
    for _ in range(sketch.pick.count(1, min(3, len(left)))):
        chosen.append(sketch.pick.one(left))
        left.remove(chosen[-1])
    return chosen


# ------------------------------------------------------------------ chains


def _chain(sketch: Sketch, role: str) -> Vertex:
    """`x -> h -> f : ~`, two to four nodes long, biases drawn for all of them at once."""
    hops = sketch.pick.count(2, 3)
    names = [_new(sketch, "node") for _ in range(hops - 1)] + [_new(sketch, role)]
    scalar = sketch.scalars or sketch.pick.chance(0.3)
    first = sketch.pick.one([v for v in reversed(sketch.nodes) if not scalar or not v.axes] or sketch.nodes[:1])
    axes = [() if scalar else (sketch.axis(),) for _ in names]
    number = scalar and not first.axes
    carried = _spelled(sketch, sketch.pick.one(("number", "scalar", "fresh")), ()) if number else f"~{sketch.start()}"
    sketch.body.append(f"{' -> '.join([first.name, *names])} : {carried}")
    if sketch.pick.chance():
        sketch.body.append(f"1 -> {', '.join(names)} : ~")
    last = first
    for name, its in zip(names, axes, strict=True):
        last = _finish(sketch, role if name == names[-1] else "node", name, its, 2 * last.lines * last.bound + 2)
    return last
