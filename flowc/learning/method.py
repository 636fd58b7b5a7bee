"""A way to learn, ready to run: the record of `maths.optimisers` with its settings put in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from flowc.execution.python import execute
from flowc.graph.network import Training
from flowc.learning.order import steps_of
from flowc.maths.optimisers import DEFAULT, OPTIMISERS, Optimiser
from flowc.records import Record


class Method(Record):
    """`values`: every setting that has one; `steps` and `batch` for so many tokens."""

    __slots__ = ("__dict__",)

    record: Optimiser
    values: Mapping[str, float]
    tokens: int

    @property
    def batch(self) -> int:
        """Tokens of a step."""
        return min(int(self.values.get("batch", self.tokens)), self.tokens)

    @property
    def steps(self) -> int:
        if "epochs" in self.values:
            return steps_of(int(self.values["epochs"]), self.tokens, self.batch)
        return int(self.values["steps"])

    def rate(self, step: int) -> float:
        """The rate of a step, which count from 0: the base rate times the factors of the schedules in force."""
        rate = self.values["rate"]
        for factor in self._rate_factors:
            rate *= factor(step)
        return rate

    def take_step(
        self, w: Any, g: Any, kept: tuple[Any, ...], step: int, sqrt: Callable[[Any], Any]
    ) -> tuple[Any, tuple[Any, ...]]:  # fmt: skip
        """The weight after a step (from 0), and what is kept for the next; arrays of numpy or torch alike."""
        w, *new = self._step_function(w, g, *kept, rate=self.rate(step), t=step + 1, sqrt=sqrt)
        return w, tuple(new)

    @cached_property
    def _rate_factors(self) -> list[Callable[[int], float]]:
        variables = {**self.values, "steps": self.steps, "cos": math.cos, "pi": math.pi, "min": min}
        return [_make_function(("t",), (), s.factor, variables) for s in self.record.schedules(self.values)]

    @cached_property
    def _step_function(self) -> Callable[..., tuple[Any, ...]]:
        names = ("w", "g", *self.record.state)
        result = f"({', '.join(('w', *self.record.state))},)"
        return _make_function((*names, "rate", "t", "sqrt"), self.record.lines(self.values), result, self.values)


def method_of(training: Training | None, tokens: int) -> Method:
    """What a `train` statement says, for so many tokens; without one, gradient descent with its defaults."""
    record = OPTIMISERS[training.method if training else DEFAULT]
    return Method(record, record.values(dict(training.settings) if training else {}), tokens)


def _make_function(
    arguments: tuple[str, ...], lines: tuple[str, ...], result: str, known: Mapping[str, Any]
) -> Callable[..., Any]:  # fmt: skip
    """A function of the lines of a record, which are flowc's own: nothing that a user wrote is executed."""
    body = [f"    {line}" for line in (*lines, f"return {result}")]
    source = "\n".join([f"def function({', '.join(arguments)}):", *body])
    function: Callable[..., Any] = execute(source, "flowc method", known)["function"]
    return function
