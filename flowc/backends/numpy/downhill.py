"""Weights that change in place, as numpy spells it."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python import expression as e
from flowc.backends.python.fit import DEEPER, Downhill
from flowc.backends.python.printer import Line


class NumpyDownhill(Downhill):
    def __init__(self, spelling: NumpySpelling):
        self.kind = [f"np.{spelling.dtype}"] if spelling.single else []

    def copied(self, array: e.Expression) -> e.Expression:
        return e.call("np.array", array, *self.kind)

    def step(self, parameter: str, gradient: Line, alone: bool) -> tuple[bool, list[str]]:
        change = e.product([e.atom("rate"), e.atom(gradient.name)])
        return True, [line.removeprefix(DEEPER) for line in laid_out(change, f"{DEEPER}{parameter} -= ")]
