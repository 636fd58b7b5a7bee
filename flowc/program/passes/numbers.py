"""What is made of numbers alone, computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from flowc.program import function_steps
from flowc.program.dependencies import is_part
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Apply, Elementwise, step_of


def with_numbers(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """Parts of a formula that are made of numbers alone, as the number that they are."""
    numbers: dict[Symbol, float] = {}
    result = []
    for step in steps:
        if numbers:
            args = tuple(numbers.get(a, a) if isinstance(a, Symbol) else a for a in step.args)
            step = step if args == step.args else replace(step, args=args)
        value = _number_of_step(step) if is_part(step.symbol) else None
        if value is None:
            result.append(step)
        else:
            numbers[step.symbol] = value
    return result


def _number_of_step(step: Step) -> float | None:
    numbers = [a for a in step.args if not isinstance(a, Symbol)]
    if len(numbers) < len(step.args) or not numbers or step.symbol.type.batched or step.symbol.type.shape:
        return None
    applied = step_of(step, Apply)
    if applied:
        return _apply_to_numbers(applied)
    try:
        return float(step.op.number(*numbers)) if isinstance(step.op, Elementwise) else None
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


def _apply_to_numbers(step: Step[Apply]) -> float | None:
    """A function of numbers, by its formula."""
    if step.op.record.kind == "vector":
        return None
    parts, value = function_steps.opened(step)
    numbers: dict[Arg, float] = {}
    for part in parts:
        part = replace(part, args=tuple(numbers.get(a, a) for a in part.args))
        number = _number_of_step(part)
        if number is None:
            return None
        numbers[part.symbol] = number
    return numbers.get(value, value if not isinstance(value, Symbol) else None)
