"""Operations on single numbers as C spells them."""

from __future__ import annotations

from math import isinf, isnan

from flowc.backends.code.tree import Expression, Name, Number
from flowc.backends.code.typed import Cast
from flowc.backends.loops.words import Words
from flowc.backends.python import expression as e
from flowc.backends.python.text import decimal

LIBRARY = {"abs": "fabs"}


class CWords(Words):
    """`kind`: double, or float, whose functions and numbers end in f."""

    def __init__(self, kind: str = "double"):
        super().__init__()
        self.kind, self.ending = kind, "f" * (kind == "float")

    def number(self, value: float) -> Expression:
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
