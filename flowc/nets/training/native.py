"""Learning in stretches: a library takes many steps at once, and gives what is there after each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from time import monotonic

import numpy as np

from flowc.learning.loop import Descent, State, Tokens
from flowc.learning.method import Method
from flowc.nets.net import Net

Array = np.ndarray
MOST = 10_000  # numbers of all weights: beyond, a step costs more than what Python adds to it
LONGEST = 1000  # steps
ROOM = 10**6  # numbers that a stretch may leave
QUICK, SLOW = 0.02, 0.1  # seconds of a stretch: it may be longer, and should be shorter, since nothing interrupts it


def native_descent(net: Net, method: Method, data: Mapping[str, Array]) -> Descent | None:
    """None where the backend has none for this net. `data`: inputs and targets. Raises NoCompiler, NotCompiled."""
    source = net.descent_source(method.record, method.values, MOST)
    if not source:
        return None
    from flowc.execution.native_descent import NativeDescent

    native = NativeDescent(source, data)
    most = max(1, min(LONGEST, ROOM // (native.count * (1 + len(method.record.state)))))

    def descend(state: State, batches: Iterable[Tokens]) -> Iterator[tuple[Tokens, float, State | None]]:
        batches, length = iter(batches), 1
        while stretch := [*islice(batches, length)]:
            rates = [method.rate(state.step + k) for k in range(len(stretch))]
            began = monotonic()
            losses, after = native.take(state.weights, state.memory, state.step, stretch, rates)
            length = _next_length(length, monotonic() - began, most)
            for tokens, loss, (weights, memory) in zip(stretch, losses, after):
                state = State(state.step + 1, weights, memory)
                yield tokens, loss, state
            if len(losses) > len(after):
                yield stretch[len(after)], losses[-1], None
                return

    return descend


def _next_length(length: int, seconds: float, most: int) -> int:
    if seconds < QUICK:
        return min(2 * length, most)
    return max(1, length // 2) if seconds > SLOW else length
