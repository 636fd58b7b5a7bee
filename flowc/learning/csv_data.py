"""Data from text files: cells separated by commas or tabulators, the first row names the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper

from flowc.graph.network import Network
from flowc.learning.binding import bound, columned, heads
from flowc.learning.cells import is_number
from flowc.learning.dataset import BadData, Dataset
from flowc.learning.sheet import Sheet, shown

Row = tuple[int, list[str]]  # the number of its line, and the cells


def of_csv(network: Network, name: str, data: bytes, delimiter: str, targets: bool) -> Dataset:
    """Raises BadData."""
    return bound(network, sheet_of(network, name, data, delimiter), targets)


def sheet_of(network: Network, name: str, data: bytes, delimiter: str) -> Sheet:
    """The cells as they stand in the file. Raises BadData."""
    _check_bytes(name, data)
    rows = _rows(name, data, delimiter)
    line, header = next(rows, (1, []))
    names = heads(network, header)
    _check_header(name, names, line, delimiter)
    _check_names(network, name, names, line)
    lines: list[int] = []
    cells: list[list[str]] = []
    problems = []
    for line, row in rows:
        if len(row) != len(names):
            count = f"{len(row)} cell{'s' if len(row) != 1 else ''}"
            problems.append(f"{name}, row {line}: the row has {count}, there are {len(names)} columns")
        lines.append(line)
        cells.append(row)
    if problems:
        raise BadData(*problems)
    if not cells:
        raise BadData(f"{name}: there are no rows below the header")
    columns = tuple(list(map(str.strip, column)) for column in zip(*cells))
    return Sheet(name, names, columns, lines, len(cells))


def _check_bytes(name: str, data: bytes) -> None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadData(f"{name}: the file is UTF-16, not UTF-8; save it as UTF-8")
    if (at := data.find(b"\0")) >= 0:
        raise BadData(f"{name}, row {_line(data, at)}: a null character may not stand in a file")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"0x{data[error.start]:02X}"
        raise BadData(
            f"{name}, row {_line(data, error.start)}: the byte {byte} is not UTF-8; save the file as UTF-8"
        ) from None


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _rows(name: str, data: bytes, delimiter: str) -> Iterator[Row]:
    """The rows that are not blank. Raises BadData."""
    reader = csv.reader(TextIOWrapper(BytesIO(data), "utf-8-sig", newline=""), delimiter=delimiter, strict=True)
    first = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise BadData(f"{name}, row {reader.line_num}: {_why(str(error))}") from None
        if row is None:
            return
        if len(row) > 1 or any(map(str.strip, row)):
            yield first, row
        first = reader.line_num + 1


def _why(error: str) -> str:
    if "field larger" in error:
        return f"a cell is longer than {csv.field_size_limit()} characters"
    if "unexpected end" in error:
        return 'a `"` is never closed'
    if "expected after" in error:
        return 'after the closing `"` of a cell something else follows'
    return "this is no table of cells"


def _check_header(name: str, names: tuple[str, ...], line: int, delimiter: str) -> None:
    """Raises BadData where the first row does not name the columns."""
    if not names:
        raise BadData(f"{name}: the file is empty; its first row names the columns")
    for other, words in ((";", "`;`"), ("\t", "tabulators"), (",", "commas")):
        if other != delimiter and len(names) == 1 and other in names[0]:
            ours = "commas" if delimiter == "," else "tabulators"
            raise BadData(f"{name}: cells are separated by {words} here, and by {ours} in a file of this name")
    if 2 * sum(map(is_number, names)) >= len(names):
        raise BadData(f"{name}, row {line}: the first row holds numbers; it must name the columns")


def _check_names(network: Network, name: str, names: tuple[str, ...], line: int) -> None:
    """Raises BadData for a name given twice, or torn at its comma. Columns without a name belong to no node."""
    grids = {f"{n.name}[" for n in columned(network) if len(n.axes) > 1}
    seen: set[str] = set()
    for head in filter(None, names):
        if "]" not in head and head[: head.find("[") + 1] in grids:
            raise BadData(f"{name}, row {line}: {shown(head)} is half a name; one with a comma stands in quotes")
        if head in seen:
            raise BadData(f"{name}, row {line}: there are two columns {shown(head)}")
        seen.add(head)
