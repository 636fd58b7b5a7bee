"""Conditions that are used as numbers, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.program.dependencies import is_part
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Compare, Indicator, Multiply, Where


def with_indicators(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """A condition that is added, or multiplied by numbers alone, becomes 1.0 or 0.0 first."""
    if not any(isinstance(s.op, Compare) for s in steps):
        return list(steps)
    conditions: set[Symbol] = set()
    indicators: dict[Symbol, Symbol] = {}
    number = first
    result: list[Step] = []
    for step in steps:
        tensors = [a for a in step.args if isinstance(a, Symbol) and a not in conditions]
        fine = isinstance(step.op, Indicator) or (isinstance(step.op, Multiply) and tensors)
        args: list[Arg] = []
        for place, arg in enumerate(step.args):
            if arg in conditions and not fine and not (isinstance(step.op, Where) and place == 0):
                assert isinstance(arg, Symbol)
                if arg not in indicators:
                    indicators[arg] = arg._replace(number=number)
                    number += 1
                    result.append(Step(indicators[arg], Indicator(), (arg,), span=step.span))
                arg = indicators[arg]
            args.append(arg)
        step = replace(step, args=tuple(args))
        if isinstance(step.op, Compare) and not is_part(step.symbol):
            inner = Symbol("temporary", "", step.symbol.type, number=number)
            number += 1
            result.append(replace(step, symbol=inner))
            step = replace(step, op=Indicator(), args=(inner,))
        if isinstance(step.op, Compare):
            conditions.add(step.symbol)
        result.append(step)
    return result
