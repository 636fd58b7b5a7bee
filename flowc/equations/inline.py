"""Which values of a program have no line of their own: they are written out in the lines that use them."""

from __future__ import annotations

from collections import Counter

from flowc.program import ops
from flowc.program.ir import Program, Step, Symbol

LONG = 24  # parts of a formula that is too long to be repeated
TOO_LONG = 120  # and of one that is too long to be part of another


def hidden(program: Program) -> set[Symbol]:
    """Temporaries, parts of a node's own formula, and what arrives at a node's value on its way to its excitation.

    Where the derivative by a part has a line, so has the part.
    """
    inlined = _inlined_symbols(program, frozenset())
    shown = {s.symbol.of for s in program.steps if s.symbol.of is not None and s.symbol not in inlined}
    return _inlined_symbols(program, frozenset(s for s in shown if s in inlined))


def _inlined_symbols(program: Program, kept: frozenset[Symbol]) -> set[Symbol]:
    uses = Counter(a for s in program.steps for a in s.args if isinstance(a, Symbol))
    excited = {s.symbol.owner for s in program.steps if s.symbol.kind == "excitation"}
    inlined: set[Symbol] = set()
    sizes: dict[Symbol, int] = {}
    for step in program.steps:
        symbol = step.symbol
        size = 1 + sum(sizes.get(a, 1) if isinstance(a, Symbol) else 1 for a in step.args)
        if symbol in kept or not _may_hide(step, uses, excited):
            continue
        sizes[symbol] = size
        if isinstance(step.op, ops.Compare):
            inlined.add(symbol)  # a truth is no value
            continue
        if size > TOO_LONG or uses[symbol] > 1 and size > LONG and not symbol.type.shape:
            sizes[symbol] = 1
            continue
        inlined.add(symbol)
    return inlined


def _may_hide(step: Step, uses: Counter[Symbol], excited: set[str]) -> bool:
    symbol = step.symbol
    if symbol.kind == "temporary":
        return True
    if symbol.of is None:
        return symbol.anonymous and symbol.kind in ("activation", "excitation")
    of = symbol.of
    if of.anonymous:
        return True
    return of.kind == "activation" and of.owner in excited and uses[symbol] == 1
