"""Functions of one number, of each element. What they are of plain numbers is in `maths/scalar.py`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from math import inf
from typing import Any, ClassVar

from flowc.program.ops.operation import Bounds, Elementwise, Machine, Ranges, Step, Writer
from flowc.program.values import Arg

LARGEST_EXPONENT = 709.0  # exp of more may be too large


class Elementary(Elementwise):
    """`slope` is the derivative, a formula in the argument x and the value h; empty where nothing comes through."""

    called: ClassVar[bool] = True
    slope: ClassVar[str]

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return b.multiply(d, b.write(self.slope, {"x": step.args[0], "h": step.symbol})) if self.slope else 0.0


class OfZero(Elementary):
    """Written with a second argument, which is always 0."""

    def number(self, *args: float) -> float:
        return super().number(args[0], 0.0)


def rising(f: Callable[[float], float], args: Sequence[Bounds]) -> Bounds:
    """The bounds of a function that rises."""
    low, high = args[0]
    return f(low), f(high)


class Maximum(OfZero):
    """max(a, 0)"""

    name: ClassVar[str] = "maximum"
    decides: ClassVar[bool] = True
    slope: ClassVar[str] = "x > 0"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.maximum(args[0], 0)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return rising(lambda x: max(x, 0.0), args)


class LogAddExp(OfZero):
    """ln(e^a + e^0)"""

    name: ClassVar[str] = "logaddexp"
    slope: ClassVar[str] = "logistic(x)"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.logaddexp(args[0], 0)

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return m.np.logaddexp(x[0], 0) + s[0]

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return 0.0, inf


class Exp(Elementary):
    """e^x"""

    name: ClassVar[str] = "exp"
    slope: ClassVar[str] = "h"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.exp(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return m.np.exp(x[0]) * (1 + s[0])

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return rising(lambda x: math.exp(x) if x <= LARGEST_EXPONENT else inf, args)


class Expm1(Elementary):
    """e^x - 1"""

    name: ClassVar[str] = "expm1"
    slope: ClassVar[str] = "h + 1"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.expm1(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return m.np.exp(x[0]) * s[0]

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return rising(lambda x: math.expm1(x) if x <= LARGEST_EXPONENT else inf, args)


class Log(Elementary):
    """ln x"""

    name: ClassVar[str] = "log"
    slope: ClassVar[str] = "1 / x"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.log(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return m.np.abs(m.np.log(x[0])) + s[0] / m.np.abs(x[0])

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return rising(lambda x: math.log(x) if 0 < x < inf else inf if x > 0 else -inf, args)


class Log1p(Elementary):
    """ln(1 + x)"""

    name: ClassVar[str] = "log1p"
    slope: ClassVar[str] = "1 / (1 + x)"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.log1p(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return m.np.abs(m.np.log1p(x[0])) + s[0] / m.np.abs(1 + x[0])

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return rising(lambda x: math.log(1 + x) if -1 < x < inf else inf if x > -1 else -inf, args)


class Sqrt(Elementary):
    """The square root."""

    name: ClassVar[str] = "sqrt"
    slope: ClassVar[str] = "sqrt_slope(x)"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.sqrt(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        (a,), np = x, m.np
        return np.sqrt(a) + s[0] / np.where(a > 0, 2 * np.sqrt(np.abs(a)), 1)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return rising(lambda x: math.sqrt(x) if 0 < x < inf else inf if x > 0 else 0.0, args)


class Abs(Elementary):
    """|x|"""

    name: ClassVar[str] = "abs"
    decides: ClassVar[bool] = True
    slope: ClassVar[str] = "sign(x)"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.abs(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return s[0]

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        low, high = args[0]
        return (0.0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


class _Within(Elementary):
    """Between -1 and 1."""

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        """The slope is never steeper than 1."""
        return s[0]

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return -1.0, 1.0


class Sign(_Within):
    """-1, 0 or 1"""

    name: ClassVar[str] = "sign"
    decides: ClassVar[bool] = True
    slope: ClassVar[str] = ""

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.sign(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return 0.0

    def distance(self, m: Machine, x: Sequence[Any], s: Sequence[Any]) -> tuple[Any, Any] | None:
        return m.np.abs(x[0]), s[0]


class Sin(_Within):
    """The sine."""

    name: ClassVar[str] = "sin"
    slope: ClassVar[str] = "cos(x)"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.sin(args[0])


class Cos(_Within):
    """The cosine."""

    name: ClassVar[str] = "cos"
    slope: ClassVar[str] = "-sin(x)"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.cos(args[0])

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return 1 + s[0]


class Tanh(_Within):
    """The hyperbolic tangent."""

    name: ClassVar[str] = "tanh"
    slope: ClassVar[str] = "1 - h**2"

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.tanh(args[0])
