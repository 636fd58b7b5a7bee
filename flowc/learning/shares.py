"""Learning by several processes: each takes a share of every batch, and what they find is added up.

Shares may differ in size. A mean over the batch is the sum of the shares' means, each times its part of the tokens; what
hangs on no token, as a penalty on weights, is the same in every share and so counts once; sums add up as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flowc.learning.loop import Slopes, Weights
from flowc.program.ops.operation import How

Sum = Callable[[float, Weights], tuple[float, Weights]]  # over the processes


def share_of(tokens: Sequence[int], process: int, processes: int) -> Sequence[int]:
    """The tokens of one process, which counts from 0: as many as those of the others, or one more or less."""
    count = len(tokens)
    return tokens[process * count // processes : (process + 1) * count // processes]


def share_slopes(slopes: Slopes, how: How | None, process: int, processes: int, add: Sum) -> Slopes:
    """The slopes of whole batches, of which this process computes its share. `how`: the loss's, by `over_tokens`."""

    def slopes_of_batch(weights: Weights, tokens: Sequence[int]) -> tuple[float, Weights]:
        share_of_process = share_of(tokens, process, processes)
        if not len(share_of_process):
            return add(0.0, {name: 0 * w for name, w in weights.items()})
        part = len(share_of_process) / len(tokens)
        result = slopes(weights, share_of_process)
        if how == "mean":
            result = _scale_slopes(part, result)
        if how is None:  # a mean and a sum: only the sum grows if each token is taken twice
            both = slopes(weights, [*share_of_process, *share_of_process])
            added = _add_slopes(both, _scale_slopes(-1, result))
            result = _add_slopes(added, _scale_slopes(part, _add_slopes(result, _scale_slopes(-1, added))))
        return add(*result)

    return slopes_of_batch


def _scale_slopes(factor: float, found: tuple[float, Weights]) -> tuple[float, Weights]:
    return factor * found[0], {name: factor * g for name, g in found[1].items()}


def _add_slopes(a: tuple[float, Weights], b: tuple[float, Weights]) -> tuple[float, Any]:
    return a[0] + b[0], {name: g + b[1][name] for name, g in a[1].items()}
