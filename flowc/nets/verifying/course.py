"""Learning by the interpreter, for a few steps, and how far rounding alone may lead away from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from flowc.graph.network import Formulas, Network
from flowc.learning.loop import Weights, begin_state, descent_by, learn
from flowc.learning.method import Method
from flowc.nets.verifying.tolerance import Scales
from flowc.program import differentiate, lower, verify
from flowc.program.ir import Program
from flowc.program.run import run
from flowc.records import Record

Array = np.ndarray
Noise = Callable[[Array, Any], Array]  # a value and its scale -> the value, rounded otherwise

PAIRS = 3  # of courses with noise, each pair with opposite signs
SAFETY = 8  # how much farther than the noise leads a result may be


class Course(Record):
    """`losses`: of each step, before it, and the `scales` of their sums; `weights`: after the last. `nearest`: how near
    it came to a jump, as a share of the scale there; `least_gap`: as a number."""

    losses: Array
    scales: Array
    weights: dict[str, Array]
    nearest: float
    least_gap: float

    @property
    def results(self) -> dict[str, Array]:
        """All numbers by name; the losses have none."""
        return {"": self.losses, **self.weights}


class Trainer(Record):
    """A diagram with a loss, data, and where its weights start: `fixed` do not learn."""

    __slots__ = ("__dict__",)

    network: Network
    method: Method
    data: Mapping[str, Array]
    start: Mapping[str, Array]
    fixed: Mapping[str, Array]

    @cached_property
    def program(self) -> Program:
        program = lower(self.network)
        assert program.loss is not None
        return verify(differentiate(program, program.loss, [s for s in program.weights if s.owner in self.start]))

    def run_course(self, noise: Noise = lambda value, scale: value) -> Course:
        """Raises NotFinite."""
        computed = any(isinstance(d, Formulas) for d in self.network.data)
        data = {n: noise(v, np.max(np.abs(v), initial=0.0) if computed else np.abs(v)) for n, v in self.data.items()}
        fixed = {name: noise(w, np.abs(w)) for name, w in self.fixed.items()}
        scales: list[float] = []
        nearest = least_gap = np.inf
        program, loss = self.program, self.program.loss

        def slopes(weights: Weights, tokens: Sequence[int]) -> tuple[float, Weights]:
            nonlocal nearest, least_gap
            assert loss is not None
            arguments = {**{name: v[list(tokens)] for name, v in data.items()}, **weights, **fixed}
            values = run(program, {s: arguments[s.owner] for s in (*program.inputs, *program.targets, *program.weights)})
            rounding = Scales(program, values)
            nearest, least_gap = min(nearest, rounding.nearest), min(least_gap, rounding.least_gap)
            scales.append(float(rounding.of[loss]))
            gradients = program.gradients.items()
            return float(values[loss]), {
                s.owner: noise(values[g], np.max(rounding.of[g], initial=0.0)) for s, g in gradients
            }

        state = begin_state(self.method, {name: noise(w, np.abs(w)) for name, w in self.start.items()})
        losses: list[float] = []
        with np.errstate(all="ignore"):
            for step in learn(self.method, descent_by(self.method, slopes, np.sqrt), state):
                losses.append(step.loss)
                state = step.state
        weights = {name: np.asarray(w) for name, w in state.weights.items()}
        return Course(np.array(losses), np.array(scales), weights, nearest, least_gap)

    def allowed_differences(self, course: Course, unit: float) -> dict[str, Array]:
        """How far results may be from those of `course`, where a value is rounded to `unit` of its scale.

        What noise of this size does in the data, the start and every gradient, and more: where a method divides a gradient
        by its size, one that is zero but for rounding becomes a whole step. Raises NotFinite.
        """
        far = {name: unit * np.abs(value) for name, value in course.results.items()} | {"": unit * course.scales}
        for seed in range(PAIRS):
            for sign in (1, -1):
                other = self.run_course(_random_noise(seed, sign * unit)).results
                far = {name: np.maximum(f, np.abs(other[name] - course.results[name])) for name, f in far.items()}
        return {name: SAFETY * value for name, value in far.items()}


def _random_noise(seed: int, unit: float) -> Noise:
    signs = np.random.default_rng(seed)
    return lambda value, scale: value + unit * scale * signs.choice((-1.0, 1.0), np.shape(value))
