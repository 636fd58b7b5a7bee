"""Which weights autograd can reach from the loss: those with a path that no comparison cuts."""

from __future__ import annotations

from collections.abc import Iterable

from flowc.program.ir import Program, Symbol

CUT = frozenset(["compare", "indicator", "first_largest", "count", "zeros_like", "literal"])
DEAD = frozenset(["step", "argmax"])  # functions printed by comparisons alone


def reaches(program: Program, weights: Iterable[Symbol]) -> set[Symbol]:
    """The weights among these that the loss has a path to."""
    assert program.loss is not None
    alive = {program.loss}
    for step in reversed(program.steps):
        if step.symbol not in alive or step.op in CUT:
            continue
        if step.op == "apply" and step.data.function in DEAD:
            continue
        args = step.args[1:] if step.op == "where" else step.args
        alive.update(a for a in args if isinstance(a, Symbol))
    return {w for w in weights if w in alive}
