"""Learning, step by step. It knows no library: the gradients come from a function, arrays may be numpy's or torch's."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from flowc.learning.method import Method
from flowc.learning.order import draw_batches
from flowc.records import Record

Weights = Mapping[str, Any]
Tokens = Sequence[int]
Slopes = Callable[[Weights, Tokens], tuple[float, Weights]]  # of some tokens: the loss, and the gradients
EVERY = 100  # steps between looks at the weights: a loss may be finite where they are not, as of tanh(b)


class State(Record):
    """Where learning stands: after so many steps these weights, and what the method keeps of each."""

    step: int
    weights: Weights
    memory: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the loss before it, of the tokens it took; the rate; the state after it; and the last one whose weights
    were looked at, and finite."""

    loss: float
    rate: float
    state: State
    sound: State = field(compare=False)


# One step for each of the batches: their tokens, the loss before the step, and the state after it, None where that loss is not
# finite, with which it ends.
Descent = Callable[[State, Iterable[Tokens]], Iterator[tuple[Tokens, float, State | None]]]


class NotFinite(ArithmeticError):
    """Learning stops at `failed`, whose loss for these tokens, or a weight, is not finite; `good` is the last state with
    a loss and finite weights, and `taken` are the tokens of the step from there."""

    def __init__(self, good: State, failed: State, tokens: Sequence[int], taken: Sequence[int]):
        super().__init__(f"the loss is not finite after {failed.step} steps")
        self.good, self.failed, self.tokens, self.taken = good, failed, tokens, taken


def begin_state(method: Method, weights: Weights) -> State:
    return State(0, weights, {name: tuple(0 * w for _ in method.record.state) for name, w in weights.items()})


def descent_by(method: Method, slopes: Slopes, sqrt: Callable[[Any], Any]) -> Descent:
    """Step by step, each from the gradients before it."""

    def descend(state: State, batches: Iterable[Tokens]) -> Iterator[tuple[Tokens, float, State | None]]:
        for tokens in batches:
            loss, gradients = slopes(state.weights, tokens)
            if not math.isfinite(loss):
                yield tokens, loss, None
                return
            state = _take_step(method, state, gradients, sqrt)
            yield tokens, loss, state

    return descend


def learn(method: Method, descent: Descent, state: State) -> Iterator[Step]:
    """Every step from `state` to the last. Going on from a state gives what would have come. Raises NotFinite."""
    sound = state
    try:
        for step in _run_steps(method, descent, state, EVERY):
            sound = step.sound
            yield step
    except NotFinite as failure:
        first = failure if is_finite(failure.good) else failure_between(method, descent, sound, failure.failed)
        raise first from None


def failure_between(method: Method, descent: Descent, sound: State, failed: State) -> NotFinite:
    """The first between a state of finite weights and one of others: the same steps again, each looked at."""
    try:
        for step in _run_steps(method, descent, sound, 1):
            if step.state.step >= failed.step:
                break
    except NotFinite as failure:
        return failure
    tokens = range(method.tokens)  # on a GPU the same steps may come to other numbers
    return NotFinite(sound, failed, tokens, tokens)


def _run_steps(method: Method, descent: Descent, state: State, every: int) -> Iterator[Step]:
    """The steps; after so many, and at the end, the weights are looked at. Raises NotFinite."""
    v = method.values
    order = draw_batches(method.tokens, method.batch, int(v["seed"]), bool(v.get("replace")), bool(v.get("order")))
    good = sound = state
    drawn: Sequence[int] = range(method.tokens)
    last = min(method.steps, sys.maxsize)  # more are never reached
    for tokens, loss, after in descent(state, islice(order, min(state.step, last), last)):
        if after is None:
            raise NotFinite(good, state, tokens, drawn)
        good, drawn, state = state, tokens, after
        if state.step % every == 0 or state.step == method.steps:
            if not is_finite(state):
                raise NotFinite(good, state, drawn, drawn)
            sound = state
        yield Step(loss, method.rate(good.step), state, sound)


def is_finite(state: State) -> bool:
    """Whether all weights are: arrays of any library, in which the largest of numbers with a nan is nan."""
    return all(math.isfinite(float(abs(w).max())) for w in state.weights.values())


def _take_step(method: Method, state: State, gradients: Weights, sqrt: Callable[[Any], Any]) -> State:
    weights, memory = {}, {}
    for name, w in state.weights.items():
        weights[name], memory[name] = method.take_step(w, gradients[name], state.memory[name], state.step, sqrt)
    return State(state.step + 1, weights, memory)
