"""The slope of an activation as one step, for a library that has a call of its own for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.program.ir import Step, Symbol
from flowc.program.ops import Apply, Multiply, steps_of
from flowc.program.ops.fused import SLOPES, Backward


def with_backward(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """The gradient of an excitation that arrives from its activation alone."""
    activations = {s.args[0]: s for s in steps_of(steps, Apply) if len(s.args) == 1}
    return [_pull_activation(step, activations.get(step.symbol.of or step.symbol)) for step in steps]


def _pull_activation(step: Step, activation: Step[Apply] | None) -> Step:
    if activation is None or not isinstance(step.op, Multiply) or not isinstance(step.args[0], Symbol):
        return step
    function, d, h = activation.op.function, step.args[0], activation.symbol
    if function not in SLOPES or d.of != h or d.type != step.symbol.type:
        return step
    return replace(step, op=Backward(function), args=(d, h))
