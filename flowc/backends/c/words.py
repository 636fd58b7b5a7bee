"""Operations on single numbers as C spells them."""

from __future__ import annotations

from math import inf, isinf, isnan

from flowc.backends.code.tree import Expression, Name, Number
from flowc.backends.code.typed import Cast
from flowc.backends.loops.words import Words
from flowc.backends.python import expression as e
from flowc.backends.python.text import decimal

LARGEST_FLOAT, LEAST_FLOAT = 3.4028235677973366e38, 1e-45
LIBRARY = {"abs": "fabs"}


def _as_float(value: float) -> float:
    """A number in single precision, as long as that has one: beyond it is infinite, or 0."""
    if abs(value) > LARGEST_FLOAT:
        return value * inf
    return value if abs(value) >= LEAST_FLOAT else 0.0


class CWords(Words):
    """`kind`: double, or float, whose functions and numbers end in f."""

    def __init__(self, kind: str = "double"):
        super().__init__()
        self.kind, self.ending = kind, "f" * (kind == "float")

    def number(self, value: float) -> Expression:
        if self.kind == "float":
            value = _as_float(value)
        if isnan(value):
            return Name("NAN")
        if isinf(value):
            return e.negative(Name("INFINITY")) if value < 0 else Name("INFINITY")
        return Number(decimal(value) + self.ending)

    def called(self, name: str, x: Expression) -> Expression:
        return e.call(LIBRARY.get(name, name) + self.ending, x)

    def as_number(self, whole: Expression) -> Expression:
        return Cast(self.kind, whole)

    def power(self, x: Expression, exponent: Expression) -> Expression:
        return e.call(f"pow{self.ending}", x, exponent)
