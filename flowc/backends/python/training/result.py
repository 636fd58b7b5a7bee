"""What the script prints at its end: the fitted equations, small weights, or the shapes of large ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from flowc.backends.code import tree as t
from flowc.backends.code.build import Group, assign
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Printer
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.training.equations import Piece, fitted_equations
from flowc.backends.python.training.script import Script
from flowc.graph.class_outputs import Classes, classified
from flowc.graph.network import Network, Weight
from flowc.program.ir import Program, Symbol

SMALL = 100  # numbers of all weights
DIGITS = ".4g"

Part = Callable[[t.Expression], t.Expression]


def show_weights(script: Script, weights: Mapping[Symbol, t.Expression], number: Part, array: Part) -> Group:
    """`weights`: the learnt ones; `number` and `array`: of these what can be printed."""
    by_name = {s.owner: number(w) for s, w in weights.items()}
    equations: list[t.Expression] = [t.Pieces(tuple(_format_piece(piece, by_name) for piece in pieces)) for pieces in fitted_equations(script.network)]
    return [t.Do(e.call("print", x)) for x in equations or [_show_weight(script, s, w, number, array) for s, w in weights.items()]]


def _format_piece(piece: Piece, weights: Mapping[str, t.Expression]) -> t.Format:
    """Of an equation, with fields for the weights in it."""
    return t.Format(tuple((weights[word.name], DIGITS) if isinstance(word, Weight) else word for word in piece))


def _show_weight(script: Script, symbol: Symbol, weight: t.Expression, number: Part, array: Part) -> t.Expression:
    name = script.names[symbol]
    if not is_small(script):
        return t.Row((t.Text(name), shape_of(weight)))
    if not symbol.type.shape:
        return t.Format((f"{name} = ", (number(weight), DIGITS)))
    return t.Format((f"{name} =\n", (array(weight), "")))


def shape_of(weight: t.Expression) -> t.Expression:
    return e.call("tuple", t.Attribute(weight, "shape"))


def is_small(script: Script) -> bool:
    return sum(prod(s.type.shape) for s in script.learnt) <= SMALL


# -------------------------------------------------------------------------------------------------------------- classes


def find_classes(network: Network, program: Program) -> tuple[Classes, Symbol, Symbol] | None:
    """The first output that puts tokens into classes, and the target that knows them; None where there is none."""
    targets = {s.owner: s for s in program.targets}
    for classes in classified(network):
        output, target = program.activations.get(classes.output.name), targets.get(classes.target.name)
        if output and target:
            return classes, output, target
    return None


def show_right(
    script: Script, classes: Classes, lines: Group, output: t.Expression, target: str, axis: str, middle: float | None = None
) -> Group:  # fmt: skip
    """How many of all tokens are put into their class: that of the largest number or, of two, the one above the middle.
    `lines` make the output; `middle` is its own, where it is another value than the class's."""
    sides = [output, e.atom(target)]
    if classes.many:
        sides = [e.method(side, "argmax", **{axis: "1"}) for side in sides]
    else:
        middles = [classes.middle if middle is None else middle, classes.middle]
        sides = [e.compare(side, ">=", e.number(least)) for side, least in zip(sides, middles)]
    right = script.local_name("right")
    words = t.Format((f"{classes.output.name} right: ", (e.atom(right), ""), " of ", (e.call("len", target), "")))
    count = e.method(e.compare(sides[0], "==", sides[1]), "sum")
    return [t.Comment("all the data, once more"), *lines, assign(right, count), t.Do(e.call("print", words))]


def count_right(script: Script, spelling: Spelling, axis: str) -> Group:
    """As `show_right` has it, where there are classes; `axis` is what the library calls one."""
    if (sorting := find_classes(script.network, script.program)) is None:
        return ()
    classes, output, target = sorting
    lines = Printer(script.names, spelling).lines(script.steps_of([output]), script.hidden - {output})
    code = [*([script.take_data(lambda array: array)] if script.batched else []), *(line.assignment for line in lines)]
    return show_right(script, classes, code, e.atom(script.names[output]), script.names[target], axis)
