"""The rows of a data table: one width, bars in one place, cells apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from lark import Token

from flowc.diagnostics.diagnostic import Diagnostic, Note
from flowc.source import Span
from flowc.syntax import tree as t

Row = list[Any]  # cells, and tokens for the bars


def table(
    columns: tuple[t.Column, ...], bar: int | None, rows: list[Row]
) -> tuple[tuple[tuple[t.Cell, ...], ...], list[Diagnostic]]:
    """The cells of the rows, and everything that is wrong with the table's form."""
    problems = [*_touching_cells(columns)]
    head = columns[0].span.to(columns[-1].span)
    widths = [cells_under(column) for column in columns]
    width = sum(widths)
    bar = None if bar is None else sum(widths[:bar])
    grid: list[tuple[t.Cell, ...]] = []
    for row in rows:
        cells = tuple([part for part in row if not isinstance(part, Token)])
        grid.append(cells)
        touching = list(_touching_cells(cells))
        if touching:
            problems += touching  # and so perhaps the wrong number of cells
        elif len(cells) != width:
            problems.append(_ragged_row(cells, width, head))
        else:
            problems += _check_bars(row, cells, bar, head)
    problems += _not_finite(grid, width)
    return tuple(grid), problems


def cells_under(column: t.Column) -> int:
    """How many cells a column's head stands for: `x[1..2]` for two."""
    width = 1
    for entry in (column.ref.index or ()) if column.ref else ():
        if isinstance(entry, t.Range):
            low, high = _whole_number(entry.low), _whole_number(entry.high)
            width *= max(high - low + 1, 1)
    return width


def _whole_number(bound: t.Expression) -> int:
    """A bound of a range; anything but a whole number is the graph stage's to refuse."""
    if isinstance(bound, t.Negative):
        return -_whole_number(bound.operand)
    return bound.value if isinstance(bound, t.Number) and isinstance(bound.value, int) else 0


def _ragged_row(cells: tuple[t.Cell, ...], width: int, head: Span) -> Diagnostic:
    span = cells[0].span.to(cells[-1].span)
    few = "only " if len(cells) < width else ""
    message = f"this row has {few}{_spell_count(len(cells), 'cell')}, the table has {_spell_count(width, 'column')}"
    return Diagnostic("ragged-row", message, span, notes=(Note("the columns are named here", head),))


def _spell_count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _check_bars(row: Row, cells: tuple[t.Cell, ...], bar: int | None, head: Span) -> Iterator[Diagnostic]:
    places = [i for i, part in enumerate(row) if isinstance(part, Token)]
    if bar is None:
        expected = "the columns have none"
    else:
        expected = f"the columns have theirs after the {_spell_ordinal(bar)}"
    if places == ([] if bar is None else [bar]):
        return
    notes = (Note("the columns are named here", head),)
    if not places:
        message = f"this row has no `|`: {expected}"
        yield Diagnostic("misplaced-bar", message, cells[0].span.to(cells[-1].span), notes=notes)
        return
    if len(places) > 1 and places[0] == bar:
        token, message = row[places[1]], "this row has a second `|`: a table has one"
    else:
        token, message = row[places[0]], f"this `|` stands after the {_spell_ordinal(places[0])} cell: {expected}"
    yield Diagnostic("misplaced-bar", message, Span(token.start_pos, token.end_pos), notes=notes)


def _spell_ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _touching_cells(parts: Sequence[t.Column | t.Cell]) -> Iterator[Diagnostic]:
    for left, right in pairwise(parts):
        if left.span.end == right.span.start:
            message = f"`{left.text}` and `{right.text}` are two cells and need a space between them"
            hint = f'or put them in quotes as one text: `"{left.text.strip(chr(34))}{right.text.strip(chr(34))}"`'
            yield Diagnostic("touching-cells", message, left.span.to(right.span), hint=hint)


def _not_finite(rows: list[tuple[t.Cell, ...]], width: int) -> Iterator[Diagnostic]:
    """`nan` and `inf` among numbers. In a column of words they are words."""
    suspects = [
        (j, row[j]) for row in rows for j in range(min(width, len(row)))
        if isinstance(row[j].value, str) and row[j].text.lower() in ("nan", "inf", "infinity")
    ]  # fmt: skip
    for j, cell in suspects:
        if any(j < len(row) and not isinstance(row[j].value, str) for row in rows):
            message = f"`{cell.text}` is not a number that a diagram can compute with"
            hint = "leave the row out, or write a number"
            yield Diagnostic("not-finite", message, cell.span, hint=hint)
