"""What is printed: groups of equations, and what must be known to read them. Printers are pure functions of this."""

from __future__ import annotations

from dataclasses import dataclass

from flowc.equations.tree import Expr


@dataclass(frozen=True, slots=True)
class Range:
    """letter = low, ..., high."""

    letter: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Equation:
    """`left` = `right`, for every letter of `ranges`; `sign` may be ←. A chain goes on with `more`."""

    left: Expr
    right: Expr
    sign: str = "="
    ranges: tuple[Range, ...] = ()
    more: tuple[Expr, ...] = ()


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
