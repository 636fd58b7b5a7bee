"""Which values are written inside the line that uses them, and which get a line of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from flowc.program.dependencies import is_part, needed
from flowc.program.ir import Program, Step, Symbol
from flowc.program.ops import Add, Apply, Compare, Copy, Count, Divide, Drop, Indicator, Lift, Multiply, Power, Select
from flowc.program.phases import handed_on

CHEAP = (Add, Multiply, Divide, Power, Copy, Compare, Count, Select, Lift, Drop, Indicator)
LEAVES, ALSO_TWICE, DEPTH = 24, 4, 12
FEW = 4  # terms of an excitation inside a call


def inlined(steps: Sequence[Step], lines: Iterable[Symbol] = ()) -> set[Symbol]:
    """The symbols without a line: parts that are used once, or that are so short that they may be repeated.

    `lines` are returned or asked for, and keep theirs.
    """
    uses: dict[Symbol, int] = {}
    for step in steps:
        for arg in step.args:
            if isinstance(arg, Symbol):
                uses[arg] = uses.get(arg, 0) + 1
    keep = set(lines)
    chosen: set[Symbol] = set()
    sizes: dict[Symbol, tuple[int, int, bool]] = {}
    for step in steps:
        inner = [sizes[a] for a in step.args if isinstance(a, Symbol) and a in chosen]
        leaves = len(step.args) - len(inner) + sum(size for size, _, _ in inner)
        depth = 1 + max((d for _, d, _ in inner), default=0)
        cheap = isinstance(step.op, CHEAP) and all(c for _, _, c in inner)
        symbol = step.symbol
        sizes[symbol] = leaves, depth, cheap
        if not is_part(symbol) or symbol in keep or leaves > LEAVES or depth > DEPTH:
            continue
        if uses.get(symbol, 0) <= 1 or (cheap and leaves <= ALSO_TWICE):
            chosen.add(symbol)
    return chosen


def inner(steps: Sequence[Step]) -> set[Symbol]:
    """Excitations that nothing but their own function uses: inside its call, their memory is free at once."""
    uses = Counter(a for s in steps for a in s.args)
    applied = {s.args[0] for s in steps if isinstance(s.op, Apply) and len(s.args) == 1}
    return {
        s.symbol for s in steps
        if s.symbol.kind == "excitation" and s.symbol in applied and uses[s.symbol] == 1 and len(s.args) <= FEW
    }  # fmt: skip


def with_lines(program: Program) -> Program:
    """The program with a note of what is written inside other lines. What is returned, has a name to get or is handed on to
    a later phase keeps its line."""
    results = [*program.outputs, *program.gradients.values()]
    steps = needed(program.steps, [*results, *([program.loss] if program.loss else [])])
    inside = inlined(steps, [*results, *program.notes.names, *handed_on(program)])
    return replace(program, notes=replace(program.notes, inside=frozenset(inside)))


def with_calls(program: Program) -> Program:
    """The same, where excitations stand inside the call of their function, too."""
    inside_calls = inner(program.steps) - {*program.outputs, *handed_on(program)}
    return replace(program, notes=replace(program.notes, inside=program.notes.inside | inside_calls))
