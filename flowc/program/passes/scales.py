"""Factors that all tokens share, computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Count, Divide, Multiply
from flowc.program.values import type_of


def scaled(steps: Sequence[Step], first: int) -> list[Step]:
    """2 * x / n as (2 / n) * x: the quotient is the same for all tokens."""
    makers: dict[object, Step] = {s.symbol: s for s in steps}
    scales: dict[tuple[float, Arg], Step] = {}
    result: list[Step] = []
    for step in steps:
        quotient = _split_quotient(step, makers)
        if quotient is None:
            result.append(step)
            continue
        if quotient not in scales:
            symbol = Symbol("temporary", "", type_of(quotient[1]), number=first + len(scales))
            scales[quotient] = Step(symbol, Divide(), quotient, step.span)
            result.append(scales[quotient])
        rest = makers[step.args[0]].args[1:]
        result.append(replace(step, op=Multiply(), args=(scales[quotient].symbol, *rest)))
    used = {a for s in result for a in s.args}
    return [s for s in result if s.symbol in used or s.symbol.kind != "temporary"]


def _split_quotient(step: Step, made: Mapping[object, Step]) -> tuple[float, Arg] | None:
    """2 and n, of a step 2 * x / n; 1 and n, of 2 * x / (2 * n)."""
    product = made.get(step.args[0]) if isinstance(step.op, Divide) else None
    if product is None or not isinstance(product.op, Multiply) or product.symbol.kind != "temporary":
        return None
    factor, divisor = product.args[0], made.get(step.args[1])
    if isinstance(factor, Symbol) or divisor is None:
        return None
    if isinstance(divisor.op, Count):
        return factor, divisor.symbol
    size = divisor.args[0]
    if not isinstance(divisor.op, Multiply) or isinstance(size, Symbol) or not isinstance(made[divisor.args[1]].op, Count):
        return None
    return factor / size, divisor.args[1]
