"""Weights that change in place, as torch spells it: products and sums go into the weight without a copy of their own."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import Product, Sum
from flowc.backends.python import expression as e
from flowc.backends.python.fit import DEEPER, Downhill
from flowc.backends.python.printer import Line
from flowc.program.ops import Add, Contract, Reduce


class TorchDownhill(Downhill):
    decorator = "@torch.no_grad()\n"

    def copied(self, array: e.Expression) -> e.Expression:
        return e.method(array, "clone")

    def step(self, parameter: str, gradient: Line, alone: bool) -> tuple[bool, list[str]]:
        products = _products(gradient) if alone else []
        if products:
            return False, [line for a, b in products for line in _added(parameter, "addmm_", a, b, factor="-rate")]
        short = alone and isinstance(gradient.step.op, Reduce)
        what = gradient.expression if short else e.atom(gradient.name)
        return not short, _added(parameter, "sub_", what, factor="rate")


def _added(parameter: str, call: str, *operands: e.Expression, factor: str) -> list[str]:
    """Laid out for the inside of a loop, where the lines are shortest."""
    lines = laid_out(e.call(f"{parameter}.{call}", *operands, alpha=factor), DEEPER)
    return [line.removeprefix(DEEPER) for line in lines]


def _products(gradient: Line) -> list[tuple[e.Expression, e.Expression]]:
    """The factors of a matrix that is a product, or a sum of products; else none."""
    if len(gradient.step.symbol.type.shape) != 2 or not isinstance(gradient.step.op, (Contract, Add)):
        return []
    whole = gradient.expression
    terms = whole.terms if isinstance(whole, Sum) else ((1, whole),)
    pairs = [_factors(term) for _, term in terms]
    if any(pair is None for pair in pairs) or any(sign < 0 for sign, _ in terms):
        return []
    return [pair for pair in pairs if pair is not None]


def _factors(term: e.Expression) -> tuple[e.Expression, e.Expression] | None:
    match term:
        case Product(((_, first), ("@", second))):
            return first, second
    return None
