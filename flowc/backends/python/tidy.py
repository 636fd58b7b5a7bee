"""Steps made fit for printing: formulas written out, numbers computed, conditions that are used as numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod

from flowc.backends.python.inline import is_part
from flowc.backends.python.spelling import written_out
from flowc.maths.functions import lookup
from flowc.program import formula
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.types import ELEMENTWISE


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
        function = written_out(step)
        if function is None:
            result.append(step)
            continue
        data = step.data
        parts, value = formula.expand(function, step.args, data.parameters, data.elements, autograd)
        moved: dict[Arg, Symbol] = {}
        for part in parts:
            symbol = replace(part.symbol, number=number)
            number += 1
            moved[part.symbol] = symbol
            result.append(replace(part, symbol=symbol, args=tuple(moved.get(a, a) for a in part.args), span=step.span))
        if value in moved and result[-1].symbol == moved[value]:
            result[-1] = replace(result[-1], symbol=step.symbol, comment=step.comment)
        else:
            result.append(replace(step, op="copy", args=(moved.get(value, value),), data=None))
    return result


def _free(steps: Sequence[Step]) -> int:
    return 1 + max((s.symbol.number for s in steps), default=0)


# ------------------------------------------------------------------ numbers

_OF_NUMBERS: dict[str, Callable[..., float]] = {
    "copy": lambda a: a, "divide": lambda a, b: a / b, "power": lambda a, b: a**b, "exp": math.exp, "log": math.log,
    "expm1": math.expm1, "log1p": math.log1p, "sqrt": math.sqrt, "abs": abs, "sin": math.sin, "cos": math.cos,
    "tanh": math.tanh, "sign": lambda a: math.copysign(1.0, a) if a else 0.0, "maximum": lambda a: max(a, 0.0),
    "multiply": lambda *a: prod(a), "indicator": float, "where": lambda c, a, b: a if c else b,
    "logaddexp": lambda a: max(a, 0.0) + math.log1p(math.exp(-abs(a))),
}  # fmt: skip


_COMPARED = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}


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
    if step.op == "add":
        return float(sum(sign * a for sign, a in zip(step.data, numbers, strict=True)))
    if step.op == "apply":
        return _applied(step)
    if step.op == "compare":
        return float(_COMPARED[step.data](*numbers))
    compute = _OF_NUMBERS.get(step.op)
    try:
        return float(compute(*numbers)) if compute else None
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


def _applied(step: Step) -> float | None:
    """A function of numbers, by its formula."""
    function = lookup(step.data.function)
    assert function is not None, step.data.function
    if function.kind == "vector":
        return None
    parts, value = formula.expand(function, step.args, step.data.parameters, step.data.elements)
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
    if not any(s.op == "compare" for s in steps):
        return list(steps)
    conditions: set[Symbol] = set()
    indicators: dict[Symbol, Symbol] = {}
    number = _free(steps)
    result: list[Step] = []
    for step in steps:
        tensors = [a for a in step.args if isinstance(a, Symbol) and a not in conditions]
        fine = step.op == "indicator" or (step.op == "multiply" and tensors)
        args: list[Arg] = []
        for place, arg in enumerate(step.args):
            if arg in conditions and not fine and not (step.op == "where" and place == 0):
                assert isinstance(arg, Symbol)
                if arg not in indicators:
                    indicators[arg] = replace(arg, number=number)
                    number += 1
                    result.append(Step(indicators[arg], "indicator", (arg,), span=step.span))
                arg = indicators[arg]
            args.append(arg)
        step = replace(step, args=tuple(args))
        if step.op == "compare" and not is_part(step.symbol):
            inner = Symbol("temporary", "", step.symbol.type, number=number)
            number += 1
            result.append(replace(step, symbol=inner))
            step = replace(step, op="indicator", args=(inner,), data=None)
        if step.op == "compare":
            conditions.add(step.symbol)
        result.append(step)
    return result


# ------------------------------------------------------------------- counts


def with_counts(steps: Sequence[Step], inputs: Sequence[Symbol]) -> list[Step]:
    """`count` of a formula as the count of a name in it that has as many elements: `f.size`, not `((f - y)**2).size`;
    the number of tokens is that of an input. The data become (what, elements of a token)."""
    made = {s.symbol: s for s in steps}

    def named(arg: Symbol) -> Symbol:
        step = made.get(arg)
        while step is not None and is_part(arg) and step.op in ELEMENTWISE:
            same = [a for a in step.args if isinstance(a, Symbol) and a.type == arg.type]
            if not same:
                return arg
            arg, step = same[0], made.get(same[0])
        return arg

    def counted(step: Step) -> Step:
        arg = step.args[0]
        assert isinstance(arg, Symbol)
        data = (step.data, prod(arg.type.shape))
        found = named(arg) if step.data == "all" else arg
        return replace(step, args=(inputs[0] if is_part(found) and inputs else found,), data=data)

    return [counted(s) if s.op == "count" else s for s in steps]
