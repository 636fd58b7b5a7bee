"""When steps are done that are computed token by token: before the tokens, for each of them, and after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flowc.program.dependencies import needed
from flowc.program.ir import Step, Symbol
from flowc.program.ops import Contract, LineGradients, Reduce


@dataclass(frozen=True, slots=True)
class Stage:
    """`per_token`: what is done for each token; `after`: what follows from the sums that then are there."""

    per_token: tuple[Step, ...]
    after: tuple[Step, ...]


def adds_tokens(step: Step) -> bool:
    """Whether the step's value is a sum, or a mean, over the tokens."""
    op = step.op
    return isinstance(op, Contract) and op.sum_batch or isinstance(op, Reduce) and op.batch or isinstance(op, LineGradients)


def staged(steps: Sequence[Step], results: Iterable[Symbol]) -> tuple[tuple[Step, ...], list[Stage]]:
    """What is done before all tokens, and then one stage for each time that all tokens are gone through.

    A token seldom depends on a sum over all of them; where it does, as the gradient of a product of two losses, the next
    stage goes through them again, and makes anew what it needs.
    """
    depths = _depths(steps)
    single = [s for s in steps if not s.symbol.type.batched and not adds_tokens(s)]
    before = tuple(s for s in single if not depths[s.symbol])
    stages = []
    for depth in range(1 + max(depths.values(), default=0)):
        sums = [s.symbol for s in steps if adds_tokens(s) and depths[s.symbol] == depth + 1]
        batched = [r for r in results if r.type.batched and depths.get(r, 0) == depth]
        gone_through = [s for s in steps if s.symbol.type.batched or s.symbol in sums]
        per_token = tuple(needed(gone_through, [*sums, *batched]))
        after = tuple(s for s in single if depths[s.symbol] == depth + 1)
        if per_token or after:
            stages.append(Stage(per_token, after))
    return before, stages


def _depths(steps: Sequence[Step]) -> dict[Symbol, int]:
    """How many sums over the tokens lead to each value, one after the other."""
    depths: dict[Symbol, int] = {}
    for step in steps:
        depth = max((depths.get(a, 0) for a in step.args if isinstance(a, Symbol)), default=0)
        depths[step.symbol] = depth + adds_tokens(step)
    return depths
