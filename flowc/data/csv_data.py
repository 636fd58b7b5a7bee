"""Data from text files: cells separated by commas or tabulators, the first row names the columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO, TextIOWrapper

from flowc.data.column_table import Sheet, is_number, shown
from flowc.data.dataset import BadData
from flowc.data.name_columns import spread_heads
from flowc.graph.column_names import columned_nodes, meaning
from flowc.graph.files.access import delimiter_of
from flowc.graph.files.csv_faults import bad_bytes, syntax_error
from flowc.graph.network import Network

Row = tuple[int, list[str]]  # the number of its line, and the cells

SEPARATORS = {",": "commas", "\t": "tabulators", ";": "`;`"}
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BRACKETED = re.compile(r"\[[^\]]*\]")


def sheet_of(network: Network, name: str, data: bytes) -> Sheet:
    """The cells as they stand in the file. Raises BadData."""
    (line, header), rows = header_and_rows(network, name, data)
    names = spread_heads(network, header)
    lines: list[int] = []
    cells: list[list[str]] = []
    for number, row in rows:
        lines.append(number)
        cells.append(row)
    if any(len(row) != len(names) for row in cells):
        raise BadData(*_describe_ragged(name, names, line, [*zip(lines, cells)]))
    if not cells:
        raise BadData(f"{name}: there are no rows below the header")
    columns = tuple(list(map(str.strip, column)) for column in zip(*cells))
    return Sheet(name, names, columns, lines, len(cells))


def header_and_rows(network: Network, name: str, data: bytes) -> tuple[Row, Iterator[Row]]:
    """The first row, which names the columns, and those below it that are not blank. Raises BadData."""
    if (delimiter := delimiter_of(name)) is None:
        raise BadData(f"{name}: data are read from `.csv`, `.tsv` and `.npz` files")
    _check_bytes(name, data)
    _check_separator(name, data, delimiter)
    rows = _read_rows(name, data, delimiter)
    line, header = next(rows, (1, []))
    _check_header(network, name, spread_heads(network, header), line, delimiter)
    return (line, header), rows


def _check_bytes(name: str, data: bytes) -> None:
    """Raises BadData."""
    if bad := bad_bytes(data):
        place = f"{name}, row {bad.row}" if bad.row else name
        way_out = f"; save {'the file' if bad.row else 'it'} as UTF-8" if bad.encoding else ""
        raise BadData(f"{place}: {bad.what}{way_out}")


def _read_rows(name: str, data: bytes, delimiter: str) -> Iterator[Row]:
    """The rows that are not blank. Raises BadData."""
    reader = csv.reader(
        TextIOWrapper(BytesIO(data), "utf-8-sig", newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    first = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            why = syntax_error(error, "something else follows", "this is no table of cells")
            raise BadData(f"{name}, row {reader.line_num}: {why}") from None
        if row is None:
            return
        if len(row) > 1 or any(map(str.strip, row)):
            yield first, row
        first = reader.line_num + 1


def _check_separator(name: str, data: bytes, delimiter: str) -> None:
    """Raises BadData where the first row has other signs between its cells. Texts in quotes and brackets may hold any."""
    first = re.search(rb"[^\r\n]*\S[^\r\n]*", data)
    line = first[0].decode("utf-8-sig") if first else ""
    bare = _QUOTED.sub("", line)
    if delimiter in bare or line.startswith("#"):
        return
    outside = _BRACKETED.sub("", bare)
    for sign, words in SEPARATORS.items():
        if sign in outside:
            message = f"cells are separated by {words} here, and by {SEPARATORS[delimiter]} in a file of this name"
            raise BadData(f"{name}: {message}; {_way_out_of_separator(name, data, sign, delimiter)}")


def _way_out_of_separator(name: str, data: bytes, sign: str, delimiter: str) -> str:
    """The way out where `sign` stands between cells."""
    if sign != ";":
        return f"name it `{name.rpartition('.')[0]}.{'csv' if sign == ',' else 'tsv'}`"
    points = delimiter == "," and re.search(rb"\d,\d", data) is not None
    return ("write points in its numbers, then " if points else "write ") + f"{SEPARATORS[delimiter]} between its cells"


def _check_header(network: Network, name: str, names: tuple[str, ...], line: int, delimiter: str) -> None:
    """Raises BadData where the first row does not name the columns, or one name is given twice or torn at its comma."""
    if not names:
        raise BadData(f"{name}: the file is empty; its first row names the columns")
    if 2 * sum(map(is_number, names)) >= len(names):
        raise BadData(f"{name}, row {line}: the first row holds numbers; it must name the columns")
    means = meaning(columned_nodes(network))
    if names[0].startswith("#") and not any(map(means, names)):
        raise BadData(_describe_comment(name, names, line))
    if len(names) == 1 and not means(names[0]) and any(map(means, names[0].split())):
        raise BadData(f"{name}: cells are separated by blanks here; write {SEPARATORS[delimiter]} between them")
    _check_names(network, name, names, line)


def _describe_comment(name: str, names: Sequence[str], line: int) -> str:
    return f"{name}, row {line}: {shown(names[0])} names no column; take lines that begin with `#` out of the file"


def _describe_ragged(name: str, names: Sequence[str], line: int, rows: Sequence[Row]) -> list[str]:
    """What is wrong with rows that are not as long as the header; where all of them are so, it is the header."""
    if names[0].startswith("#"):
        return [_describe_comment(name, names, line)]
    lengths = Counter(len(row) for _, row in rows)
    if len(lengths) == 1 and len(rows) > 1:
        (length,) = lengths
        message = f"the header names {_count_words(len(names), 'column')}, and every row below it has {_count_words(length, 'cell')}"
        return [f"{name}, row {line}: {message}{_way_out(names, [row for _, row in rows])}"]
    return [
        f"{name}, row {number}: the row has {_count_words(len(row), 'cell')}, "
        f"there {'is' if len(names) == 1 else 'are'} {_count_words(len(names), 'column')}"
        for number, row in rows
        if len(row) != len(names)
    ]


def _way_out(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Where all rows have one cell more, or less, than there are names."""
    surplus = len(rows[0]) - len(names)
    if surplus == -1 and not names[-1]:
        return "; take the comma at the header's end away"
    if surplus == 1:
        ended = not any(row[-1].strip() for row in rows)
        return "; take the comma at every row's end away" if ended else "; the first column may lack its name"
    return ""


def _count_words(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _check_names(network: Network, name: str, names: tuple[str, ...], line: int) -> None:
    """Raises BadData for a name given twice, or torn at its comma. Columns without a name belong to no node."""
    grids = {f"{n.name}[" for n in columned_nodes(network) if len(n.axes) > 1}
    seen: set[str] = set()
    for head in filter(None, names):
        if "]" not in head and head[: head.find("[") + 1] in grids:
            raise BadData(f"{name}, row {line}: {shown(head)} is half a name; one with a comma stands in quotes")
        if head in seen:
            raise BadData(f"{name}, row {line}: there are two columns {shown(head)}")
        seen.add(head)
