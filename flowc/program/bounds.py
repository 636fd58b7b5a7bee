"""Between which numbers every value of a scalar program lies, as far as its formulas say; nan aside.

Python raises where numpy gives inf or nan: exp(1000), 1 / 0, log(0). The bounds tell where that cannot be.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1, inf, isnan, log, sqrt

from flowc.program.ir import Arg, Step, Symbol

Bounds = tuple[float, float]
ANY: Bounds = (-inf, inf)
LARGEST_EXPONENT = 709.0  # exp of more may be too large


class Ranges:
    """The bounds of the steps added so far, in order."""

    def __init__(self) -> None:
        self._of: dict[Symbol, Bounds] = {}
        self._made: dict[Symbol, Step] = {}

    def __getitem__(self, arg: Arg) -> Bounds:
        return self._of.get(arg, ANY) if isinstance(arg, Symbol) else (arg, arg)

    def add(self, step: Step) -> None:
        rule = _RULES.get(step.op)
        found = rule(self, step, [self[a] for a in step.args]) if rule else ANY
        self._made[step.symbol] = step
        low, high = found
        self._of[step.symbol] = -inf if isnan(low) else low, inf if isnan(high) else high

    def made(self, arg: Arg, op: str) -> Step | None:
        """The step that made a value, if it is that operation."""
        step = self._made.get(arg) if isinstance(arg, Symbol) else None
        return step if step and step.op == op else None

    def largest_of(self, arg: Arg) -> tuple[Arg, ...]:
        """The numbers whose largest this is."""
        drop = self.made(arg, "drop")
        largest = drop and self.made(drop.args[0], "largest")
        stack = largest and self.made(largest.args[0], "stack")
        return stack.args if stack else ()


def _add(r: Ranges, step: Step, args: list[Bounds]) -> Bounds:
    """x - largest(..., x, ...) is at most 0; the sum of exp of these differences at least 1."""
    if step.data == (1, -1) and step.args[0] in r.largest_of(step.args[1]):
        return -inf, 0.0
    signed = [b if sign > 0 else (-b[1], -b[0]) for sign, b in zip(step.data, args, strict=True)]
    low = 1.0 if _has_exp_zero(r, step) else sum(b[0] for b in signed)
    return low, sum(b[1] for b in signed)


def _has_exp_zero(r: Ranges, step: Step) -> bool:
    """Whether the terms are exp(x - largest) for all that `largest` compares: one of them is exp(0)."""
    differences = [found and r.made(found.args[0], "add") for found in (r.made(a, "exp") for a in step.args)]
    if not all(d and d.data == (1, -1) for d in differences) or set(step.data) != {1}:
        return False
    compared = [r.largest_of(d.args[1]) for d in differences if d]
    return all(set(c) <= {d.args[0] for d in differences if d} and c for c in compared)


def _multiply(r: Ranges, step: Step, args: list[Bounds]) -> Bounds:
    """A square is not negative; the other factors one after the other."""
    factors = list(step.args)
    found: Bounds = (1.0, 1.0)
    while factors:
        a, bounds = factors[0], args[len(step.args) - len(factors)]
        square = len(factors) > 1 and factors[1] == a
        factors = factors[2:] if square else factors[1:]
        found = _product(found, (0.0, inf) if square else bounds)
    return found


def _product(a: Bounds, b: Bounds) -> Bounds:
    ends = [x * y if x and y else 0.0 for x in a for y in b]
    return min(ends), max(ends)


def _divide(r: Ranges, step: Step, args: list[Bounds]) -> Bounds:
    (low, high), (least, most) = args
    return _product((low, high), (1 / most, 1 / least)) if least > 0 else ANY


def _where(r: Ranges, step: Step, args: list[Bounds]) -> Bounds:
    """In the second case x > 0 is known not to hold; a nan stays nan."""
    _, first, second = args
    condition = r.made(step.args[0], "compare")
    if condition and condition.data == ">" and condition.args[0] == step.args[2]:
        second = (second[0], min(second[1], r[condition.args[1]][1]))
    return min(first[0], second[0]), max(first[1], second[1])


def _rising(f: Callable[[float], float]) -> Callable[[Ranges, Step, list[Bounds]], Bounds]:
    def rule(r: Ranges, step: Step, args: list[Bounds]) -> Bounds:
        low, high = args[0]
        return f(low), f(high)

    return rule


def _abs(r: Ranges, step: Step, args: list[Bounds]) -> Bounds:
    low, high = args[0]
    return (0.0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


def _exp(x: float) -> float:
    return exp(x) if x <= LARGEST_EXPONENT else inf


def _expm1(x: float) -> float:
    return expm1(x) if x <= LARGEST_EXPONENT else inf


def _hull(r: Ranges, step: Step, args: list[Bounds]) -> Bounds:
    return min(low for low, _ in args), max(high for _, high in args)


def _within(low: float, high: float) -> Callable[[Ranges, Step, list[Bounds]], Bounds]:
    return lambda r, step, args: (low, high)


_OF_FUNCTIONS: dict[str, Bounds] = {
    "step": (0.0, 1.0), "logistic": (0.0, 1.0), "tanh": (-1.0, 1.0), "sign": (-1.0, 1.0), "relu": (0.0, inf),
    "softplus": (0.0, inf), "abs": (0.0, inf), "square": (0.0, inf), "exp": (0.0, inf), "sqrt": (0.0, inf),
    "sin": (-1.0, 1.0), "cos": (-1.0, 1.0), "elu": ANY,
}  # fmt: skip

_RULES: dict[str, Callable[[Ranges, Step, list[Bounds]], Bounds]] = {
    "add": _add,
    "multiply": _multiply,
    "divide": _divide,
    "where": _where,
    "copy": _rising(lambda x: x),
    "spread": _rising(lambda x: x),
    "drop": _rising(lambda x: x),
    "largest": _rising(lambda x: x),
    "greatest": _rising(lambda x: x),
    "maximum": _rising(lambda x: max(x, 0.0)),
    "exp": _rising(_exp),
    "expm1": _rising(_expm1),
    "log": _rising(lambda x: log(x) if 0 < x < inf else inf if x > 0 else -inf),
    "log1p": _rising(lambda x: log(1 + x) if -1 < x < inf else inf if x > -1 else -inf),
    "sqrt": _rising(lambda x: sqrt(x) if 0 < x < inf else inf if x > 0 else 0.0),
    "abs": _abs,
    "stack": _hull,
    "compare": _within(0.0, 1.0),
    "indicator": _within(0.0, 1.0),
    "select": _within(0.0, 1.0),
    "sign": _within(-1.0, 1.0),
    "tanh": _within(-1.0, 1.0),
    "sin": _within(-1.0, 1.0),
    "cos": _within(-1.0, 1.0),
    "logaddexp": _within(0.0, inf),
    "count": _within(1.0, inf),
    "apply": lambda r, step, args: _OF_FUNCTIONS.get(step.data.function, ANY),
}
