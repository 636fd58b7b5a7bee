"""How tightly a formula holds together, so that printers know where parentheses are needed; how numbers are written."""

from __future__ import annotations

from flowc.equations.tree import (
    Both,
    Call,
    Cases,
    Chain,
    Compare,
    Expr,
    Fraction,
    Name,
    Number,
    Power,
    Product,
    Sum,
    Total,
    Transpose,
)
from flowc.formulas.precedence import CASES, COMPARE, LEAF, POWER, PRODUCT, SUM

OPEN = frozenset(["log", "sin", "cos"])  # written without parentheses around a name: ln p


def tightness(x: Expr) -> int:
    match x:
        case Cases():
            return CASES
        case Compare() | Both():
            return COMPARE
        case Sum():
            return SUM
        case Product() | Chain() | Total() | Fraction():
            return PRODUCT
        case Power() | Transpose():
            return POWER
        case Number(value) if value < 0:
            return SUM
        case Number(value) if "e" in (written := number(value)):
            return POWER if written.startswith("1e") else PRODUCT
        case Call() if is_open(x):
            return PRODUCT
    return LEAF


def is_open(x: Expr) -> bool:
    """Whether what comes after it would seem to belong to it: Σ, ln p, argmaxₖ ξₖ."""
    if isinstance(x, Call):
        simple = x.function in OPEN and isinstance(x.arguments[0], Name | Total | Power)
        return simple or bool(x.below)
    return isinstance(x, Total)


NOISE = 4  # digits that rounding to 15 takes away: 0.05^3 is 0.00012500000000000003


def number(value: float) -> str:
    """Whole numbers without a point: `2`, `0.5`, `1e-06`; no sign of a zero, no noise of numbers that were folded."""
    if abs(value) < 1e6 and value == int(value):
        return str(int(value))
    exact, short = repr(float(value)), repr(float(f"{value:.15g}"))
    return (short if len(short) + NOISE <= len(exact) else exact).removesuffix(".0")
