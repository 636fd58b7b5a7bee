"""What the script prints at its end: the fitted equations, small weights, or the shapes of large ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import prod

from flowc.backends.python import expression as e
from flowc.backends.python.layout import laid_out
from flowc.backends.python.text import quoted
from flowc.backends.python.training.equations import fitted
from flowc.backends.python.training.script import Script
from flowc.graph.network import Weight
from flowc.program.ir import Symbol

SMALL = 100  # numbers of all weights
DIGITS = ":.4g"
CLASSED = {"cross_entropy": 1, "perceptron": 1, "binary_cross_entropy": 0}  # axes of targets that are classes


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
        return [f'    print(f"{name} = {{{text}{number}{DIGITS}}}")']
    return [f'    print(f"{name} =\\n{{{text}{array}}}")']


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


def compared(script: Script) -> tuple[Symbol, Symbol] | None:
    """The node that the loss compares with a target of classes, and that target; None where there is no such."""
    program = script.program
    for node in script.network.nodes:
        operands = [o.node for o in node.operands if o.node and not o.index]
        if node.function in CLASSED and len(operands) == 2:
            found = program.activations.get(operands[0])
            target = next((s for s in program.targets if s.owner == operands[1]), None)
            if found and target and len(target.type.shape) == CLASSED[node.function]:
                return found, target
    return None


def right_lines(target: Symbol, found: str, wanted: str, axis: str, middle: str = "0.5") -> list[str]:
    """How many tokens are put into their class: that of the largest number or, of two, the one above the middle."""
    if target.type.shape:
        sides = [f"{array}.argmax({axis}=1)" for array in (found, wanted)]
    else:
        sides = [f"({found} >= {middle})", f"({wanted} >= 0.5)"]
    same = e.method(e.compare(e.atom(sides[0]), "==", e.atom(sides[1])), "sum")
    return [*laid_out(same, "    right = "), f'    print(f"right: {{right}} of {{len({wanted})}}")']


def renamed(script: Script) -> list[str]:
    """All the data under the names that the lines of the loop have."""
    if not script.batched:
        return []
    names, whole = [script.names[s] for s in script.whole], [*script.whole.values()]
    together = f"    {', '.join(names)} = {', '.join(whole)}"
    return [together] if len(together) <= 79 else [f"    {name} = {all_}" for name, all_ in zip(names, whole)]
