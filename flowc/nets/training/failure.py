"""Why learning stopped at numbers that are not finite: what the first of them was, where, and whether the rate matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from flowc.learning.loop import NotFinite
from flowc.nets.net import Net
from flowc.nets.training.step import Learner
from flowc.records import Record

Array = np.ndarray
MOST = 1000  # nodes whose gradients are looked at


class Cause(Record):
    """`what` is not finite, in which `step`, from 1; `where`: the node and its line, "" where that is not known.

    `by_steps`: steps led there, and smaller ones may not.
    """

    what: str
    step: int
    where: str
    by_steps: bool

    def __str__(self) -> str:
        return f"the {self.what} is not finite at step {self.step}{f': {self.where}' if self.where else ''}"


def find_cause(net: Net, learner: Learner, data: Mapping[str, Array], failure: NotFinite) -> Cause:
    """Of the gradients that the last step took, where these are at fault; else of the loss after it, or of the weight."""
    good, failed = failure.good, failure.failed
    wrong = [name for name, w in learner.numpy_arrays(failed.weights).items() if not np.isfinite(w).all()]
    if wrong and (where := _say_nonfinite(_gradients_of(net), learner.numpy_arrays(good.weights), data, failure.taken)):
        return Cause("gradient", good.step + 1, where, good.step > 0)
    where = _say_nonfinite(net.loss, learner.numpy_arrays(failed.weights), data, failure.tokens)
    if not where and wrong:
        return Cause("weight", failed.step, f"`{wrong[0]}`", True)
    return Cause("loss", failed.step + 1, where, failed.step > 0)


def _gradients_of(net: Net) -> Callable[[Mapping[str, Array], Mapping[str, Array]], Any]:
    """Those of nodes first, the nearest to the loss before the others: there it began."""

    def gradients_at(weights: Mapping[str, Array], data: Mapping[str, Array]) -> Any:
        nodes = [name for name in reversed(net.forward(weights, data)) if name not in net.targets]
        return net.gradients(weights, data, wrt=[*(nodes if len(nodes) <= MOST else ()), *net.weights])

    return gradients_at


def _say_nonfinite(
    values: Callable[..., Any], weights: Mapping[str, Array], data: Mapping[str, Array], tokens: Sequence[int]
) -> str:  # fmt: skip
    """What is said of these tokens; "" where all is finite."""
    try:
        values(weights, {name: array[list(tokens)] for name, array in data.items()})
    except FloatingPointError as found:
        return str(found)
    return ""
