"""Steps made fit for printing: formulas written out, numbers computed, conditions that are used as numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from math import prod

from flowc.backends.python.inline import is_part
from flowc.backends.python.operations import CountOf
from flowc.backends.python.spelling import written_out
from flowc.program import expand
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.ops import Apply, Compare, Copy, Count, Elementwise, Indicator, Multiply, Where, step_of


def tidied(program: Program, autograd: bool) -> tuple[Step, ...]:
    """The program's steps as printers want them."""
    steps = opened(program.steps, autograd)
    steps = with_numbers(steps)
    steps = with_indicators(steps)
    return tuple(with_counts(steps, [*program.inputs, *program.targets]))


def opened(steps: Sequence[Step], autograd: bool) -> list[Step]:
    """Operations, reductions and losses written out by their formulas."""
    result: list[Step] = []
    number = _free(steps)
    for step in steps:
        if written_out(step) is None:
            result.append(step)
            continue
        parts, value = expand.opened(step, autograd)
        moved: dict[Arg, Symbol] = {}
        for part in parts:
            symbol = replace(part.symbol, number=number)
            number += 1
            moved[part.symbol] = symbol
            result.append(replace(part, symbol=symbol, args=tuple(moved.get(a, a) for a in part.args), span=step.span))
        if value in moved and result[-1].symbol == moved[value]:
            result[-1] = replace(result[-1], symbol=step.symbol, comment=step.comment)
        else:
            result.append(replace(step, op=Copy(), args=(moved.get(value, value),)))
    return result


def _free(steps: Sequence[Step]) -> int:
    return 1 + max((s.symbol.number for s in steps), default=0)


# ------------------------------------------------------------------ numbers

def with_numbers(steps: Sequence[Step]) -> list[Step]:
    """Parts of a formula that are made of numbers alone, as the number that they are."""
    numbers: dict[Symbol, float] = {}
    result = []
    for step in steps:
        if numbers:
            args = tuple(numbers.get(a, a) if isinstance(a, Symbol) else a for a in step.args)
            step = step if args == step.args else replace(step, args=args)
        value = _number(step) if is_part(step.symbol) else None
        if value is None:
            result.append(step)
        else:
            numbers[step.symbol] = value
    return result


def _number(step: Step) -> float | None:
    numbers = [a for a in step.args if not isinstance(a, Symbol)]
    if len(numbers) < len(step.args) or not numbers or step.symbol.type.batched or step.symbol.type.shape:
        return None
    applied = step_of(step, Apply)
    if applied:
        return _applied(applied)
    try:
        return float(step.op.number(*numbers)) if isinstance(step.op, Elementwise) else None
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


def _applied(step: Step[Apply]) -> float | None:
    """A function of numbers, by its formula."""
    if step.op.record.kind == "vector":
        return None
    parts, value = expand.opened(step)
    numbers: dict[Arg, float] = {}
    for part in parts:
        part = replace(part, args=tuple(numbers.get(a, a) for a in part.args))
        found = _number(part)
        if found is None:
            return None
        numbers[part.symbol] = found
    return numbers.get(value, value if not isinstance(value, Symbol) else None)


# --------------------------------------------------------------- conditions


def with_indicators(steps: Sequence[Step]) -> list[Step]:
    """A condition that is added, or multiplied by numbers alone, becomes 1.0 or 0.0 first."""
    if not any(isinstance(s.op, Compare) for s in steps):
        return list(steps)
    conditions: set[Symbol] = set()
    indicators: dict[Symbol, Symbol] = {}
    number = _free(steps)
    result: list[Step] = []
    for step in steps:
        tensors = [a for a in step.args if isinstance(a, Symbol) and a not in conditions]
        fine = isinstance(step.op, Indicator) or (isinstance(step.op, Multiply) and tensors)
        args: list[Arg] = []
        for place, arg in enumerate(step.args):
            if arg in conditions and not fine and not (isinstance(step.op, Where) and place == 0):
                assert isinstance(arg, Symbol)
                if arg not in indicators:
                    indicators[arg] = replace(arg, number=number)
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


# ------------------------------------------------------------------- counts


def with_counts(steps: Sequence[Step], inputs: Sequence[Symbol]) -> list[Step]:
    """`count` of a formula as the count of a name in it that has as many elements: `f.size`, not `((f - y)**2).size`;
    the number of tokens is that of an input."""
    made = {s.symbol: s for s in steps}

    def named(arg: Symbol) -> Symbol:
        step = made.get(arg)
        while step is not None and is_part(arg) and isinstance(step.op, Elementwise):
            same = [a for a in step.args if isinstance(a, Symbol) and a.type == arg.type]
            if not same:
                return arg
            arg, step = same[0], made.get(same[0])
        return arg

    def counted(step: Step) -> Step:
        if not isinstance(step.op, Count):
            return step
        arg = step.args[0]
        assert isinstance(arg, Symbol)
        found = named(arg) if step.op.of == "all" else arg
        count = CountOf(step.op.of, prod(arg.type.shape))
        return replace(step, op=count, args=(inputs[0] if is_part(found) and inputs else found,))

    return [counted(s) for s in steps]
