"""Numbers of a program as someone writes them: of constants that were put together the fraction, the root or the π that they are."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction as Ratio
from functools import lru_cache
from math import isclose, isqrt, pi, sqrt

from flowc.equations.algebra import negative, over, times
from flowc.equations.tree import ONE, Call, Expr, Fraction, Name, Number

LARGEST = 1000.0  # of what may be a fraction: what is large has too few digits behind its point to say so
LONG = 10  # signs of a number that is as short as it is
ROUND = 8  # signs of one that may stand below 1
FEW = 99  # above and below the line of a fraction that is preferred to a short number below 1
MOST = 1000  # below the line of a fraction
MOST_OF_SQUARE = 200  # above and below the line of what stands under a root
NEAR = 4e-16  # what rounding changes, when constants are put together
PI = Name(r"\pi", "π", "count")


@lru_cache(maxsize=4096)
def exact(value: float) -> Expr:
    """A number; what it is where that is shorter: 1/3, 1/√2, 2π, √(2/π)."""
    if len(repr(value)) <= LONG or not abs(value) < LARGEST or len(f"{value:.15g}") <= LONG:
        return Number(value)
    magnitude = next(_readings(abs(value)), None)
    if magnitude is None:
        return Number(value)
    return magnitude if value > 0 else negative(magnitude)


def _readings(value: float) -> Iterator[Expr]:
    """What a long positive number may be, the simplest first."""
    if (ratio := _ratio_of(value, FEW)) is not None and ratio.numerator <= FEW:
        yield _written(ratio)
    if len(below := f"{1 / value:.15g}") <= ROUND:
        yield Fraction(ONE, Number(float(below)))
    for factor, sign in ((1.0, None), (pi, over(ONE, PI)), (1 / pi, PI)):  # value = ratio * sign, or the root of that
        if (ratio := _ratio_of(value * factor, MOST if sign is None else MOST_OF_SQUARE)) is not None:
            yield times(_written(ratio), *([] if sign is None else [sign]))
    for factor, above, below_line in ((1.0, None, None), (pi, None, PI), (1 / pi, PI, None)):
        ratio = _ratio_of(value * value * factor, MOST_OF_SQUARE)
        if ratio is not None and ratio.numerator <= MOST_OF_SQUARE:
            yield _root_of(ratio, above, below_line)
    for irrational in (2.0, 0.5, 3.0, 1 / 3, 5.0, 0.2, pi * pi, 1 / (pi * pi), 2 / pi, pi / 2, 2 * pi):  # its square
        if len(digits := f"{value / sqrt(irrational):.15g}") <= ROUND:
            yield times(Number(float(digits)), exact(sqrt(irrational)))


def _ratio_of(value: float, most: int) -> Ratio | None:
    """The fraction that it is, but for rounding."""
    ratio = Ratio(value).limit_denominator(most)
    return ratio if ratio and isclose(float(ratio), value, rel_tol=NEAR) else None


def _written(ratio: Ratio) -> Expr:
    return over(Number(float(ratio.numerator)), Number(float(ratio.denominator)))


def _root_of(ratio: Ratio, above: Name | None, below: Name | None) -> Expr:
    """√ of a fraction, and of π above or below its line; squares stand before it."""
    up, inside_up = _split_square(ratio.numerator)
    down, inside_down = _split_square(ratio.denominator)
    over_line = times(Number(float(inside_up)), *([above] if above else []))
    under_line = times(Number(float(inside_down)), *([below] if below else []))
    if over_line == ONE:
        return over(Number(float(up)), times(Number(float(down)), _root(under_line)))
    above_line = times(Number(float(up)), _root(over(over_line, under_line)))
    return above_line if down == 1 else Fraction(above_line, Number(float(down)))


def _root(x: Expr) -> Expr:
    return x if x == ONE else Call("sqrt", (x,))


def _split_square(number: int) -> tuple[int, int]:
    """12 as 2² · 3: (2, 3)."""
    root = next(k for k in range(isqrt(number), 0, -1) if number % (k * k) == 0)
    return root, number // (root * root)
