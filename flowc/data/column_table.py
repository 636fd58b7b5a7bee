"""A sheet: columns of cells by name, as a file, formulas or the command line give them; cells as numbers are written in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import islice

from flowc.data.dataset import Array
from flowc.diagnostics.render import printable
from flowc.records import Record

LONGEST_SHOWN = 40  # letters of a cell or a head
LISTED = 10  # names in a message
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class Sheet(Record, eq=False):
    """Columns by name: texts, or numbers. `rows` says which line of the file each row is; None: it has no lines. Messages
    call a column what it is `called`."""

    name: str
    heads: tuple[str, ...]
    columns: tuple[Sequence[str] | Array, ...]
    rows: Sequence[int] | None
    tokens: int
    called: str = "column"

    def place_of(self, row: int, column: int) -> str:
        """`iris.csv, row 4, column `petal_length``"""
        return f"{self.line_of(row)}, {self.called} {shown(self.heads[column])}"

    def line_of(self, row: int) -> str:
        """`iris.csv, row 4`"""
        return f"{self.name}, row {self.rows[row]}" if self.rows is not None else f"{self.name}, token {row + 1}"


def is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(with_sign(cell)) is not None


def with_sign(cell: str) -> str:
    """A number as Python reads it: as in a diagram, `\u2212` is `-`."""
    return cell.replace("\u2212", "-")


def shown(text: str) -> str:
    """A cell or a head as messages show it."""
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return f"`{printable(short)}`"


def listed(names: Collection[str]) -> str:
    """Names as messages list them: the first of very many."""
    ellipsis = f", … and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(shown, islice(names, LISTED))) + ellipsis or "none"
