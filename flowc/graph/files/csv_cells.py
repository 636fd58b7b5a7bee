"""CSV files: from bytes to columns of cells, some thousand rows at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING

from flowc.diagnostics.suggest import and_list, closest, did_you_mean
from flowc.graph.files.csv_faults import bad_bytes, syntax_error
from flowc.graph.files.row_problems import Listing, shown
from flowc.graph.problems import Abandon

if TYPE_CHECKING:
    from _csv import Reader

ROWS = 2_000  # read at once: so few stay in the cache

Cells = dict[str, Sequence[str]]  # by column


def chunks(
    listing: Listing, data: bytes, needed: Sequence[str], optional: Sequence[str]
) -> Iterator[tuple[Sequence[int], Cells]]:
    """The cells of some rows, and the numbers of these rows; a column that is not there has empty cells.

    Blank rows are left out, and so are reported ones with too few or too many cells. Raises Abandon.
    """
    _check_bytes(listing, data)
    reader = csv.reader(TextIOWrapper(BytesIO(data), "utf-8-sig", newline=""), strict=True)
    header = [cell.strip() for cell in next(_rows(listing, reader, 1), [[]])[0]]
    _check_header(listing, header, needed, optional)
    empty = True
    before = reader.line_num
    for rows in _rows(listing, reader, ROWS):
        if reader.line_num - before != len(rows):
            raise _several_lines(listing, rows, before)
        places, rows = _even(listing, rows, before + 1, len(header))
        before = reader.line_num
        if rows:
            empty = False
            columns = dict(zip(header, zip(*rows)))
            yield places, {name: columns.get(name) or ("",) * len(rows) for name in (*needed, *optional)}
    if empty and not listing.malformed:
        raise listing.fail("bad-csv", 0, "there are no rows below the header")


def _check_bytes(listing: Listing, data: bytes) -> None:
    if bad := bad_bytes(data):
        raise listing.fail("bad-csv", bad.row, bad.what, hint="save the file as UTF-8" if bad.encoding else "")


def _rows(listing: Listing, reader: Reader, count: int) -> Iterator[list[list[str]]]:
    """The rows, `count` at once. Raises Abandon where they are no CSV."""
    while True:
        try:
            rows = list(islice(reader, count))
        except csv.Error as error:
            raise listing.fail("bad-csv", reader.line_num, syntax_error(error, "its `,` is missing", "this is no CSV")) from None
        if not rows:
            return
        yield rows


def _several_lines(listing: Listing, rows: list[list[str]], before: int) -> Abandon:
    """A cell holds the end of a line, so that rows are no lines; no name and no number does."""
    number = next((k for k, row in enumerate(rows) if any("\n" in cell or "\r" in cell for cell in row)), 0)
    return listing.fail("bad-csv", before + 1 + number, "a cell goes on over several lines")


def _check_header(listing: Listing, header: list[str], needed: Sequence[str], optional: Sequence[str]) -> None:
    columns = [*needed, *optional]
    what = f"the first row names the columns: `{','.join(columns)}`"
    if not header:
        raise listing.fail("bad-csv", 0, "the file is empty, or begins with an empty row", hint=what)
    if len(header) > 1 and not any(closest(name, columns) for name in header):
        raise listing.fail("bad-csv", 1, "the file has no header", hint=what)
    seen: set[str] = set()
    for name in header:
        if name in seen:
            listing.spoil("duplicate-column", 1, f"there are two columns {shown(name)}")
        elif name not in columns:
            listing.spoil("unknown-column", 1, f"there is no column {shown(name)}", hint=_meant(name, columns) or what)
        seen.add(name)
    missing = [name for name in needed if name not in seen]
    if missing and not listing.malformed:
        what = f"the column{'s' if len(missing) > 1 else ''} {and_list(missing)}"
        listing.spoil("missing-column", 1, f"{what} {'are' if len(missing) > 1 else 'is'} missing")
    if listing.malformed:
        raise Abandon


def _meant(name: str, columns: list[str]) -> str:
    if ";" in name or "\t" in name:
        return "cells are separated by `,`"
    return did_you_mean(name, columns)


def _even(listing: Listing, rows: list[list[str]], first: int, width: int) -> tuple[Sequence[int], list[list[str]]]:
    """The rows that have as many cells as there are columns, and their numbers."""
    blank = [""] * width  # as spreadsheets write a row that has been cleared
    if set(map(len, rows)) == {width} and blank not in rows:
        return range(first, first + len(rows)), rows
    even = []
    for number, row in enumerate(rows, first):
        if len(row) == width and row != blank:
            even.append(number)
        elif any(map(str.strip, row)):
            few = "only " if len(row) < width else ""
            cells = f"{few}{len(row)} cell{'s' if len(row) != 1 else ''}"
            listing.spoil("ragged-row", number, f"the row has {cells}, there are {width} columns")
    return even, [rows[number - first] for number in even]
