"""What is printed: groups of equations, and what must be known to read them. Printers are pure functions of this."""

from __future__ import annotations

from collections.abc import Iterable

from flowc.equations.tree import Expr
from flowc.program.notation import Letter
from flowc.records import Record


class Range(Record):
    """letter = low, ..., high."""

    letter: str
    low: int
    high: int


def ranges(letters: Iterable[Letter], sizes: Iterable[int]) -> tuple[Range, ...]:
    """Of axes of these sizes."""
    return tuple(Range(c.name, c.low, c.low + n - 1) for c, n in zip(letters, sizes, strict=True))


class Equation(Record):
    """`left` = `right`, for every letter of `ranges`; `sign` may be ←. A chain goes on with `chain`."""

    left: Expr
    right: Expr
    sign: str = "="
    ranges: tuple[Range, ...] = ()
    chain: tuple[Expr, ...] = ()


class Gap(Record):
    """So many equations are left out here: of the same form as their neighbours, or of others."""

    count: int
    same: bool = True


class Remark(Record):
    """Words, and formulas among them."""

    parts: tuple[str | Expr, ...]


Row = Equation | Gap


class Group(Record):
    """Equations under a title. `says` goes on after it."""

    title: str
    rows: tuple[Row, ...]
    says: tuple[str | Expr, ...] = ()


class Document(Record):
    """`where`: definitions and remarks."""

    name: str
    title: str
    groups: tuple[Group, ...]
    where: tuple[Equation | Remark, ...] = ()
