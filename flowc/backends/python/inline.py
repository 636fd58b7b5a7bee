"""Which values are written inside the line that uses them, and which get a line of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from flowc.program.ir import Step, Symbol
from flowc.program.ops import Add, Apply, Compare, Copy, Count, Divide, Drop, Indicator, Lift, Multiply, Power, Select

CHEAP = (Add, Multiply, Divide, Power, Copy, Compare, Count, Select, Lift, Drop, Indicator)
LEAVES, ALSO_TWICE, DEPTH = 24, 4, 12
FEW = 4  # terms of an excitation inside a call


def needed(steps: Sequence[Step], wanted: Iterable[Symbol], given: Iterable[Symbol] = ()) -> list[Step]:
    """The steps that lead to `wanted`, in order; what is `given` is not made again."""
    waiting, have = set(wanted), set(given)
    kept = []
    for step in reversed(steps):
        if step.symbol in waiting and step.symbol not in have:
            waiting.update(a for a in step.args if isinstance(a, Symbol))
            kept.append(step)
    return kept[::-1]


def is_part(symbol: Symbol) -> bool:
    """A part of a longer formula: a temporary, an anonymous node, or the gradient of one."""
    if symbol.of is not None:
        return is_part(symbol.of)
    return symbol.kind == "temporary" or symbol.anonymous


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
