"""Losses that are the sum of all elements of a product, found among the steps: one call of BLAS makes no product of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Add, Multiply, Power, Reduce
from flowc.program.ops.fused import Products
from flowc.program.values import type_of


def with_products(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """The steps, where a sum or mean of all elements is one step, `products`."""
    uses = Counter(a for s in steps for a in s.args)
    makers = {s.symbol: s for s in steps if s.symbol.kind == "temporary" and uses[s.symbol] == 1}
    replacements = {s.symbol: (s, *replacement) for s in steps if (replacement := _product_of_sum(s, makers))}
    gone = {symbol for _, _, inner in replacements.values() for symbol in inner}
    return [replacements[s.symbol][1] if s.symbol in replacements else s for s in steps if s.symbol not in gone]


def _product_of_sum(step: Step, made: dict[Symbol, Step]) -> tuple[Step, list[Symbol]] | None:
    """The step as `products`, and the steps that it makes needless."""
    if not isinstance(step.op, Reduce) or not step.op.batch or step.symbol.type.shape or step.op.keep:
        return None
    inner: list[Symbol] = []
    negative, x = _strip_minus(step.args[0], made, inner)
    count: Literal["", "batch", "all"] = "" if step.op.how == "sum" else "all" if step.op.axes else "batch"
    within = made.get(x) if isinstance(x, Symbol) else None
    if within is not None and isinstance(within.op, Reduce) and not step.op.axes:
        if within.op.how != "sum" or within.op.keep or within.symbol.type.shape:
            return None
        inner.append(within.symbol)
        again, x = _strip_minus(within.args[0], made, inner)
        negative ^= again
    factors = _factors_of(x, made)
    if factors is None or not isinstance(x, Symbol):
        return None
    inner.append(x)
    return replace(step, op=Products(negative, count), args=factors), inner


def _strip_minus(x: Arg, made: dict[Symbol, Step], inner: list[Symbol]) -> tuple[bool, Arg]:
    """Whether x is the negative of a step, and that."""
    step = made.get(x) if isinstance(x, Symbol) else None
    if step is not None and isinstance(step.op, Add) and step.op.signs == (-1,):
        inner.append(step.symbol)
        return True, step.args[0]
    return False, x


def _factors_of(x: Arg, made: dict[Symbol, Step]) -> tuple[Arg, Arg] | None:
    """Two arrays of one type whose product x is."""
    step = made.get(x) if isinstance(x, Symbol) else None
    if step is None:
        return None
    a, b = step.args if isinstance(step.op, Multiply) and len(step.args) == 2 else (step.args[0], 0.0)
    if isinstance(step.op, Power) and step.args[1] == 2 and a not in made:
        b = a
    if not isinstance(a, Symbol) or not isinstance(b, Symbol) or type_of(a) != type_of(b) or not a.type.batched:
        return None
    return a, b
