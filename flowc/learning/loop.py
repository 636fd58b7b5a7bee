"""Learning, step by step. It knows no library: the gradients come from a function, arrays may be numpy's or torch's."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flowc.learning.method import Method
from flowc.learning.order import batches

Weights = Mapping[str, Any]
Slopes = Callable[[Weights, Sequence[int]], tuple[float, Weights]]  # of some tokens: the loss, and the gradients


@dataclass(frozen=True, slots=True)
class State:
    """Where learning stands: after so many steps these weights, and what the method keeps of each."""

    step: int
    weights: Weights
    kept: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the loss before it, of the tokens it took; the rate; and the state after it."""

    loss: float
    rate: float
    state: State


class NotFinite(ArithmeticError):
    """Learning stops at `failed`, whose loss for these tokens is not finite; `good` is the last state with a loss, and
    `taken` are the tokens of the step from there."""

    def __init__(self, good: State, failed: State, tokens: Sequence[int], taken: Sequence[int]):
        super().__init__(f"the loss is not finite after {failed.step} steps")
        self.good, self.failed, self.tokens, self.taken = good, failed, tokens, taken


def begin(method: Method, weights: Weights) -> State:
    return State(0, weights, {name: tuple(0 * w for _ in method.record.state) for name, w in weights.items()})


def learn(method: Method, slopes: Slopes, state: State, sqrt: Callable[[Any], Any]) -> Iterator[Step]:
    """Every step from `state` to the last. Going on from a state gives what would have come. Raises NotFinite."""
    v = method.values
    order = batches(method.tokens, method.batch, int(v["seed"]), bool(v.get("replace")), bool(v.get("order")))
    good = state
    taken: Sequence[int] = range(method.tokens)
    for tokens in islice(order, min(state.step, method.steps), method.steps):
        loss, gradients = slopes(state.weights, tokens)
        if not math.isfinite(loss):
            raise NotFinite(good, state, tokens, taken)
        good, taken = state, tokens
        state = _after(method, state, gradients, sqrt)
        yield Step(loss, method.rate(good.step), state)
    if not all(_finite(w) for w in state.weights.values()):
        raise NotFinite(good, state, taken, taken)


def _finite(w: Any) -> bool:
    """An array of any library: the largest of numbers with a nan is nan."""
    return math.isfinite(float(abs(w).max()))


def _after(method: Method, state: State, gradients: Weights, sqrt: Callable[[Any], Any]) -> State:
    weights, kept = {}, {}
    for name, w in state.weights.items():
        weights[name], kept[name] = method.stepped(w, gradients[name], state.kept[name], state.step, sqrt)
    return State(state.step + 1, weights, kept)
