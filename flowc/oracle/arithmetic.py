"""What is computed in: float64, or numbers of many digits by mpmath. Where there is no value it is inf or nan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Arithmetic:
    """The elementary functions of one kind of number; `number` makes one of a float."""

    name: str
    number: Callable[[Any], Any]
    inf: Any
    pi: Any
    exp: Callable[[Any], Any]
    expm1: Callable[[Any], Any]
    tanh: Callable[[Any], Any]
    sin: Callable[[Any], Any]
    cos: Callable[[Any], Any]
    _log: Callable[[Any], Any]
    _log1p: Callable[[Any], Any]
    _sqrt: Callable[[Any], Any]
    _power: Callable[[Any, Any], Any]

    @property
    def nan(self) -> Any:
        return self.inf - self.inf

    def log(self, x: Any) -> Any:
        return self._log(x) if x > 0 else -self.inf if x == 0 else self.nan

    def log1p(self, x: Any) -> Any:
        return self._log1p(x) if x > -1 else -self.inf if x == -1 else self.nan

    def sqrt(self, x: Any) -> Any:
        return self._sqrt(x) if x >= 0 else self.nan

    def quotient(self, a: Any, b: Any) -> Any:
        if b != 0:
            return a / b
        return self.inf if a > 0 else -self.inf if a < 0 else self.nan

    def power(self, a: Any, b: Any) -> Any:
        """a^b; x^0 = 1."""
        if b == 0:
            return self.number(1)
        if a == 0:
            return self.number(0) if b > 0 else self.inf
        if a < 0 and b != math.floor(b):
            return self.nan
        return self._power(a, b)


def _inf_if_large(function: Callable[..., float]) -> Callable[..., float]:
    """What is too large for a float64 is inf."""

    def value(*x: float) -> float:
        try:
            return function(*x)
        except OverflowError:
            return math.inf

    return value


def _float_power(a: float, b: float) -> float:
    try:
        power: float = a**b
        return power
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf


FLOAT = Arithmetic(
    "float64", float, math.inf, math.pi, _inf_if_large(math.exp), _inf_if_large(math.expm1), math.tanh,
    lambda x: math.sin(x) if math.isfinite(x) else math.nan, lambda x: math.cos(x) if math.isfinite(x) else math.nan,
    math.log, math.log1p, math.sqrt, _float_power,
)  # fmt: skip


def digits(count: int = 50) -> Arithmetic:
    """Numbers of so many digits. Raises ModuleNotFoundError without mpmath."""
    from mpmath import MPContext

    mp = MPContext()
    mp.dps = count
    return Arithmetic(
        f"{count} digits", mp.mpf, mp.inf, +mp.pi, mp.exp, mp.expm1, mp.tanh, mp.sin, mp.cos, mp.log, mp.log1p,
        mp.sqrt, lambda a, b: mp.mpf(a) ** b,
    )  # fmt: skip
