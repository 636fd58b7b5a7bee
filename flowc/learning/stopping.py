"""When to stop early: the loss of held-out data has not fallen for a while."""

from __future__ import annotations

from math import isnan

from flowc.learning.loop import State
from flowc.records import Record


class Best(Record):
    """The state with the smallest loss so far, and how many looks at the held-out data have brought no smaller one."""

    loss: float
    state: State
    waited: int = 0


def best_after(best: Best | None, loss: float, state: State) -> Best:
    """After a look. A loss that is no number is not smaller than another, and any number is smaller than it."""
    if best is None or loss < best.loss or isnan(best.loss) and not isnan(loss):
        return Best(loss, state)
    return Best(best.loss, best.state, best.waited + 1)
