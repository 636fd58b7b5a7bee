"""From the cells of a column to its numbers, or to the places of its classes; or what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np

from flowc.data.column_table import Sheet, is_number, shown, with_sign
from flowc.data.dataset import SHOWN, Array
from flowc.diagnostics.suggest import did_you_mean
from flowc.graph.network import Axis, Node
from flowc.graph.sizes import shown as shown_axis
from flowc.graph.table_cells import FEW, numbers_for
from flowc.records import Record
from flowc.syntax.names import folded

MOST_NUMBERS = 2**27  # that one column of classes may become: 1 GiB

_NOT_FINITE = ("nan", "inf", "infinity")
_MISSING = frozenset(["", "na", "n/a", "nan", "null", "none", "?", "-", "."])  # how tables write that a value is not there


class Wrong(Record):
    """What is wrong with a column: `count` problems, the first of them as sentences, and the rows that lack a value."""

    sentences: tuple[str, ...]
    count: int
    lacking: tuple[int, ...] = ()


def column_numbers(sheet: Sheet, column: int) -> Array | Wrong:
    """The numbers of a column: all at once, and cell by cell only where one is wrong."""
    cells = sheet.columns[column]
    if isinstance(cells, np.ndarray):
        values, wrong = cells, np.flatnonzero(~np.isfinite(cells)).tolist()
    else:
        fast = _convert_cells(cells)
        if fast is not None:
            return fast
        wrong = [row for row, cell in enumerate(cells) if not (is_number(cell) and isfinite(float(with_sign(cell))))]
        values = np.zeros(0) if wrong else np.array([float(with_sign(cell)) for cell in cells])
    return _describe_wrong(sheet, column, wrong, lambda row: _no_number(str(cells[row]))) if wrong else values


def _convert_cells(cells: Sequence[str]) -> Array | None:
    """The numbers of texts; None if one is not as files write numbers, or not finite."""
    joined = "".join(cells)
    if "_" in joined or not joined.isascii():  # numpy reads `1_000` and the digits of all scripts
        return None
    try:
        values = np.array(cells, float)
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def _no_number(cell: str) -> str:
    if not cell:
        return "the cell is empty"
    if is_number(cell) or cell.lstrip("+-").lower() in _NOT_FINITE:
        return f"{shown(cell)} is no number that a diagram can compute with"
    hint = ""
    if is_number(cell.replace(",", ".", 1)):
        hint = "; write a point in place of the comma"
    return f"{shown(cell)} is not a number{hint}"


def one_hot(node: Node, sheet: Sheet, column: int) -> Array | Wrong:
    """A column of classes as rows of 0 and 1."""
    axis, cells = node.axes[0], sheet.columns[column]
    if len(axis) * sheet.tokens > MOST_NUMBERS:
        size = f"{sheet.tokens} tokens of {len(axis)} classes"
        return Wrong((f"{sheet.name}: `{node.name}` becomes too many numbers, {size}",), 1)
    texts = [_text_of(cell) for cell in cells.tolist()] if isinstance(cells, np.ndarray) else cells
    places = {name: place for place, name in enumerate(axis.names or ())}
    class_of = {text: _class_place(axis, places, text) for text in dict.fromkeys(texts)}
    if wrong := [row for row, text in enumerate(texts) if class_of[text] is None]:
        return _describe_wrong(sheet, column, wrong, lambda row: _no_class(node, axis, texts[row]))
    rows = np.zeros((sheet.tokens, len(axis)))
    rows[np.arange(sheet.tokens), np.array([class_of[text] for text in texts], int)] = 1.0
    return rows


def _text_of(number: float) -> str:
    return str(int(number)) if number.is_integer() else str(number)


def _class_place(axis: Axis, places: dict[str, int], cell: str) -> int | None:
    """The place of a class, by its name or its number."""
    if axis.names:
        return places.get(cell, places.get(folded(cell)))
    number = float(with_sign(cell)) if is_number(cell) else 0.5
    return int(number) - axis.low if number.is_integer() and axis.low <= number <= axis.high else None


def _no_class(node: Node, axis: Axis, cell: str) -> str:
    hint = did_you_mean(cell, axis.names) if axis.names else ""
    if not axis.names and is_number(cell):
        hint = numbers_for(node, axis, float(with_sign(cell)))
    message = f"{shown(cell)} is no class of `{node.name}`" if cell else f"the cell is empty; `{node.name}` needs a class"
    return f"{message}: it runs over {shown_axis(axis)}" + (f"; {hint}" if hint else "")


def _describe_wrong(sheet: Sheet, column: int, rows: Sequence[int], complaint: Callable[[int], str]) -> Wrong:
    """The first cells that are wrong; where all are, it is the column, and one is enough."""
    sentences = tuple(f"{sheet.place_of(row, column)}: {complaint(row)}" for row in rows[:SHOWN])
    if len(rows) == sheet.tokens > FEW:
        return Wrong((f"{sentences[0]} (and none of the {len(rows) - 1} cells below it can be used)",), 1)
    cells = sheet.columns[column]
    return Wrong(sentences, len(rows), tuple(row for row in rows if str(cells[row]).lower() in _MISSING))
