"""Of steps: which lead to what is wanted, which values are parts of longer formulas, and of whose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.program.ops.operation import Step
from flowc.program.values import Symbol


def needed(steps: Sequence[Step], wanted: Iterable[Symbol], given: Iterable[Symbol] = ()) -> list[Step]:
    """The steps that lead to `wanted`, in order; what is `given` is not made again."""
    waiting, have = set(wanted), set(given)
    steps_needed = []
    for step in reversed(steps):
        if step.symbol in waiting and step.symbol not in have:
            waiting.update(a for a in step.args if isinstance(a, Symbol))
            steps_needed.append(step)
    return steps_needed[::-1]


def is_part(symbol: Symbol) -> bool:
    """A part of a longer formula: a temporary, an anonymous node, or the gradient of one."""
    if symbol.of is not None:
        return is_part(symbol.of)
    return symbol.kind == "temporary" or symbol.anonymous


def owners_of(steps: Sequence[Step]) -> dict[Symbol, str]:
    """For every temporary of the forward pass the node whose formula it is a part of."""
    owners: dict[Symbol, str] = {}
    for step in reversed(steps):
        if step.symbol.kind == "gradient":
            continue
        owner = step.symbol.owner if step.symbol.kind != "temporary" else owners.get(step.symbol, "")
        for arg in step.args:
            if isinstance(arg, Symbol) and arg.kind == "temporary" and owner:
                owners[arg] = owner
    return owners
