"""The interpreter: the reference meaning of a program, in plain numpy and float64, one step after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from flowc.program.function_steps import opened, pulled
from flowc.program.ir import Arg, Program, Step, Symbol

Array = np.ndarray
Values = dict[Symbol, Array]


def run(program: Program, values: Mapping[Symbol, Any]) -> Values:
    """Every symbol's value, from those of inputs (n, ...), targets (n, ...) and weights (shape).

    Steps that lead from a symbol which is not given (a target, in inference) are left out.
    """
    computed: Values = {s: np.asarray(v, dtype=float) for s, v in values.items()}
    batch = next((len(computed[s]) for s in (*program.inputs, *program.targets) if s in computed), 1)
    machine = Numpy(batch)
    with np.errstate(all="ignore"):
        for step in program.steps:
            if all(a in computed for a in step.args if isinstance(a, Symbol)):
                computed[step.symbol] = machine.evaluate(step, [computed[a] if isinstance(a, Symbol) else a for a in step.args])
    return computed


def evaluate(step: Step, args: Sequence[Any], batch: int) -> Array:
    """The value of one step; a value without batch axis has the shape of its type."""
    return Numpy(batch).evaluate(step, args)


class Numpy:
    """What operations compute with: `ops.operation.Machine`."""

    np: ModuleType = np

    def __init__(self, batch: int):
        self.batch = batch

    def evaluate(self, step: Step, args: Sequence[Any]) -> Array:
        result = np.asarray(step.op.value(self, step, *args), dtype=float)
        t = step.symbol.type
        return np.broadcast_to(result, ((self.batch, *t.shape) if t.batched else t.shape))

    def opened(self, step: Step) -> tuple[Sequence[Step], Arg]:
        return opened(step)

    def opened_pullback(
        self, function: str, parameters: tuple[float, ...], symbols: Mapping[str, Symbol]
    ) -> tuple[Sequence[Step], Arg]:
        return pulled(function, parameters, symbols)
