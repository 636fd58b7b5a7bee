"""Weights by chance: how they are declared, how they start, and how one is written where it is used."""

from __future__ import annotations

from flowc.maths.initialisers import INITIALISERS
from flowc.nets.verifying.diagram import Shape
from flowc.testing.sketch import LABELS, Axis, Item, Sketch, Weight, sized

PARAMETERS = {"mean": "0", "sd": "0.5", "low": "-1", "high": "1"}


def start(sketch: Sketch) -> str:
    """How a learnt weight starts, after its `~`: a value, a draw, or nothing."""
    if sketch.exact or sketch.pick.chance(0.3):
        return ""
    if sketch.pick.chance(0.3):
        return " " + sketch.pick.one(("0.5", "0", "-1/3", "1"))
    record = sketch.pick.one([i for i in INITIALISERS.values() if i.name != "default"])
    arguments = ", ".join(PARAMETERS.get(p, "0.5") for p in record.parameters)
    if not arguments and sketch.pick.chance():
        return f" {record.name}"
    return f" {record.name}({arguments})"


def weight(sketch: Sketch, shape: Shape, stem: str = "w") -> str:
    """The name of a weight of that shape: one that is there already, or a new one, fixed or learnt."""
    same = [w.name for w in sketch.weights if w.shape == shape]
    if same and sketch.pick.chance(0.4):
        return sketch.pick.one(same)
    axes = tuple(sketch.axis_of(n) for n in shape) if sketch.pick.chance(0.2) else tuple(map(counted, shape))
    return _declare_weight(sketch, axes, stem)


def weight_along(sketch: Sketch, axes: tuple[Axis, ...], stem: str = "w") -> str:
    """The name of a weight that index variables follow: its ranges are those of the nodes."""
    declared = tuple(axis.declared for axis in axes)
    same = [w.name for w in sketch.weights if w.axes and w.declared == declared]
    if same and sketch.pick.chance(0.4):
        return sketch.pick.one(same)
    return _declare_weight(sketch, axes, stem)


def counted(n: int) -> Axis:
    return Axis(str(n), tuple(str(i + 1) for i in range(n)))


def _declare_weight(sketch: Sketch, axes: tuple[Axis, ...], stem: str) -> str:
    name = sketch.name(stem)
    shape = tuple(len(axis) for axis in axes)
    label = sketch.pick.one(LABELS) if sketch.rarely(0.05) else ""
    sketch.heads.append(Item("weight", name + sized(axes), _draw_start(sketch, shape), label))
    sketch.weights.append(Weight(name, shape, axes))
    return name


def _draw_start(sketch: Sketch, shape: Shape) -> str:
    """`= 0.5` or `~ normal(0, 1)`; a bare weight is learnt."""
    match sketch.pick.one(("~", "~", "~", "=", "~ rows", "= one", "")):
        case "=":
            return f"= {sketch.numbers(shape)}"
        case "= one":
            return f"= {sketch.number()}"
        case "~ rows" if not sketch.exact:
            return f"~ {sketch.numbers(shape)}"
        case "":
            return ""
    return f"~{start(sketch)}"


def in_place(sketch: Sketch, shape: Shape, letters: str = "", axes: tuple[Axis, ...] = ()) -> str:
    """`W ~ normal(0, 1)`: a weight named on its arrow, and remembered for later ones."""
    name = sketch.name("W" if len(shape) > 1 else "w")
    begins = f"= {sketch.number()}" if sketch.pick.chance(0.2) else f"~{start(sketch)}"
    sketch.weights.append(Weight(name, shape, axes))
    return f"{name}[{letters}] {begins}" if letters else f"{name} {begins}"


def element(sketch: Sketch) -> str | None:
    """A scalar that is part of a weight: `w[2]`, `W[1, 2]`."""
    parted = [w for w in sketch.weights if w.axes]
    if not parted:
        return None
    of = sketch.pick.one(parted)
    return f"{of.name}[{', '.join(sketch.pick.one(axis.elements) for axis in of.axes)}]"


def row(sketch: Sketch, n: int) -> str | None:
    """A vector of n that is part of a weight: the row of a matrix, a slice of a vector."""
    rows = [f"{w.name}[{w.axes[0].elements[-1]}]" for w in sketch.weights if len(w.axes) == 2 and w.shape[1] == n]
    vectors = [w for w in sketch.weights if len(w.axes) == 1 and w.shape[0] > n]
    slices = [f"{w.name}[{between(w.axes[0].elements[-n:])}]" for w in vectors]
    return sketch.pick.one(rows + slices) if rows + slices else None


def block(sketch: Sketch, shape: Shape) -> str:
    """Neighbouring rows and columns of a matrix: of one that is there, or of a new one with a row more."""
    rows, columns = shape
    larger = [w for w in sketch.weights if len(w.axes) == 2 and w.shape[0] > rows and w.shape[1] >= columns]
    if larger:
        return sketch.pick.one([_block_of(w.name, w.axes, shape) for w in larger])
    axes = counted(rows + 1), counted(columns)
    return _block_of(_declare_weight(sketch, axes, "W"), axes, shape)


def _block_of(name: str, axes: tuple[Axis, ...], shape: Shape) -> str:
    """Its last rows and columns, as slices."""
    return f"{name}[{', '.join(between(axis.elements[-n:]) for axis, n in zip(axes, shape, strict=True))}]"


def between(elements: tuple[str, ...]) -> str:
    """`1..3`, as a slice of these is written."""
    return f"{elements[0]}..{elements[-1]}"


EXACTLY = ("{}", "{}", "-{}", "2*{}", "{}/2")
SCALED = (*EXACTLY, "{}*0.5", "-{}/3", "({})", "sqrt(2)*{}", "1/3*{}", "-(2*{})")


def scaled(sketch: Sketch, name: str) -> str:
    """A weight with a factor, or without."""
    return sketch.pick.one(EXACTLY if sketch.exact else SCALED).format(name)
