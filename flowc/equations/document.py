"""What is printed: groups of equations, and what must be known to read them. Printers are pure functions of this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flowc.equations.tree import Expr
from flowc.program.notation import Letter


@dataclass(frozen=True, slots=True)
class Range:
    """letter = low, ..., high."""

    letter: str
    low: int
    high: int


def ranges(letters: Iterable[Letter], sizes: Iterable[int]) -> tuple[Range, ...]:
    """Of axes of these sizes."""
    return tuple(Range(c.name, c.low, c.low + n - 1) for c, n in zip(letters, sizes, strict=True))


@dataclass(frozen=True, slots=True)
class Equation:
    """`left` = `right`, for every letter of `ranges`; `sign` may be ←. A chain goes on with `chain`."""

    left: Expr
    right: Expr
    sign: str = "="
    ranges: tuple[Range, ...] = ()
    chain: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """So many equations are left out here: of the same form as their neighbours, or of others."""

    count: int
    same: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """Words, and formulas among them."""

    parts: tuple[str | Expr, ...]


Row = Equation | Gap


@dataclass(frozen=True, slots=True)
class Group:
    """Equations under a title. `says` goes on after it."""

    title: str
    rows: tuple[Row, ...]
    says: tuple[str | Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """`where`: definitions and remarks."""

    name: str
    title: str
    groups: tuple[Group, ...]
    where: tuple[Equation | Remark, ...] = ()
