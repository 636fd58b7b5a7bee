"""Words of fast C: functions without a branch, written out in the file, so that compilers make vectors of their loops."""

from __future__ import annotations

from flowc.backends.c.words import CWords
from flowc.backends.code.tree import Expression
from flowc.maths.function import Function

# Functions of the library that the file has of its own, and helpers for which it has faster ones.
ELEMENTARY = ("exp", "expm1", "log", "log1p", "tanh")
HELPERS = ("logistic", "softplus", "positive_part", "sign_or_nan", "square")
ROWS = ("sin", "cos")  # of many numbers at once: the library's, where one is far from 0


class FastCWords(CWords):
    @property
    def row_functions(self) -> dict[str, str]:
        """By what the library calls those of numbers."""
        return {f"{name}{self.ending}": f"{name}_rows" for name in ROWS}

    def called(self, name: str, x: Expression) -> Expression:
        return self.helper(f"fast_{name}", x) if name in ELEMENTARY else super().called(name, x)

    def power(self, x: Expression, exponent: Expression) -> Expression:
        """The next ones after the square are products, too."""
        if exponent == self.number(3.0):
            return super().helper("fast_cube", x)
        if exponent == self.number(4.0):
            return super().helper("fast_square", super().helper("fast_square", x))
        return super().power(x, exponent)

    def helper(self, name: str, *args: Expression, record: Function | None = None) -> Expression:
        if name in HELPERS:
            return super().helper(f"fast_{name}", *args)
        return super().helper(name, *args, record=record)
