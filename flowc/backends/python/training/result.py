"""What the script prints at its end: the fitted equations, small weights, or the shapes of large ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from flowc.backends.code.python import laid_out
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Printer, statement_lines
from flowc.backends.python.sheet import body
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import number, quoted
from flowc.backends.python.training.equations import fitted
from flowc.backends.python.training.script import Script
from flowc.graph.class_outputs import Classes, classified
from flowc.graph.network import Weight
from flowc.program.ir import Symbol

SMALL = 100  # numbers of all weights
DIGITS = ":.4g"


def result_lines(script: Script, spelled: Callable[[Symbol], str], number: str = "", array: str = "") -> list[str]:
    """`spelled`: a weight as Python; `number` and `array` follow it, where it is printed."""
    symbols = {s.owner: s for s in script.learnt}

    def shown(weight: Weight) -> str:
        return f"{{{spelled(symbols[weight.name])}{number}{DIGITS}}}"

    equations = fitted(script.network, shown)
    if equations:
        return [line for text in equations for line in printed(text)]
    return [line for s in script.learnt for line in _weight(script, s, spelled(s), number, array)]


def _weight(script: Script, symbol: Symbol, text: str, number: str, array: str) -> list[str]:
    name = script.names[symbol]
    if not is_small(script):
        return [f"    print({quoted(name)}, tuple({text}.shape))"]
    if not symbol.type.shape:
        return statement_lines(f'print(f"{name} = {{{text}{number}{DIGITS}}}")')
    return statement_lines(f'print(f"{name} =\\n{{{text}{array}}}")')


def is_small(script: Script) -> bool:
    return sum(prod(s.type.shape) for s in script.learnt) <= SMALL


def printed(text: str) -> list[str]:
    """`print(f"...")`, over several lines where one is too short; they break before an operator."""
    whole = f"    print({_literal(text)})"
    if len(whole) <= 79:
        return [whole]
    pieces: list[str] = []
    for part in re.split(r"(?= [-+*/] )", text):
        if pieces and len(pieces[-1]) + len(part) <= 68:
            pieces[-1] += part
        else:
            pieces.append(part)
    return ["    print(", *(f"        {_literal(piece)}" for piece in pieces), "    )"]


def _literal(text: str) -> str:
    return f'f"{text}"' if "{" in text else f'"{text}"'


# -------------------------------------------------------------------------------------------------------------- classes


@dataclass(frozen=True, slots=True)
class Sorting:
    """An output that puts tokens into classes, and the target that knows them, as symbols of the script."""

    classes: Classes
    output: Symbol
    target: Symbol


def into_classes(script: Script) -> Sorting | None:
    """The first output that puts tokens into classes; None where there is none."""
    program = script.program
    targets = {s.owner: s for s in program.targets}
    for classes in classified(script.network):
        output, target = program.activations.get(classes.output.name), targets.get(classes.target.name)
        if output and target:
            return Sorting(classes, output, target)
    return None


def right_lines(
    script: Script, classes: Classes, found: str, wanted: str, axis: str, middle: float | None = None
) -> list[str]:
    """How many tokens are put into their class: that of the largest number or, of two, the one above the middle.
    `middle`: that of `found`, where it is not the output itself."""
    if classes.many:
        sides = [f"{array}.argmax({axis}=1)" for array in (found, wanted)]
    else:
        middles = [classes.middle if middle is None else middle, classes.middle]
        sides = [f"({array} >= {number(least)})" for array, least in zip((found, wanted), middles)]
    same = e.method(e.compare(e.atom(sides[0]), "==", e.atom(sides[1])), "sum")
    right = script.local("right")
    return [*laid_out(same, f"    {right} = "), *statement_lines(f'print(f"right: {{{right}}} of {{len({wanted})}}")')]


def right(script: Script, spelling: Spelling, axis: str) -> list[str]:
    """How many of all tokens are put into their class, where there are classes; `axis` is what the library calls one."""
    found = into_classes(script)
    if found is None:
        return []
    steps = script.steps_of([found.output])
    lines = body(Printer(script.names, spelling).lines(steps, script.hidden - {found.output}))
    output, target = script.names[found.output], script.names[found.target]
    shown = right_lines(script, found.classes, output, target, axis)
    return ["", "    # all the data, once more", *_renamed(script), *lines, *shown]


def _renamed(script: Script) -> list[str]:
    """All the data under the names that the lines of the loop have."""
    if not script.batched:
        return []
    names, whole = [script.names[s] for s in script.whole], [*script.whole.values()]
    together = f"    {', '.join(names)} = {', '.join(whole)}"
    return [together] if len(together) <= 79 else [x for pair in zip(names, whole) for x in statement_lines(" = ".join(pair))]
