"""Values as columns with names: a table for people, CSV, JSON, npz."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Container, Mapping, Sequence
from zipfile import ZipFile, ZipInfo

import numpy as np

from flowc.graph.class_outputs import classified
from flowc.graph.column_names import element_of
from flowc.graph.network import Network, Node
from flowc.graph.sizes import element_name
from flowc.records import Record

Array = np.ndarray
MOST_COLUMNS, MOST_ROWS = 24, 40  # of a table for people
UNDECIDED = "–"


class Column(Record, eq=False):
    """`of` is the node or excitation that it is a part of; `cells` are numbers, or the names of classes."""

    name: str
    of: str
    cells: Array  # (n,)


def columns(
    network: Network, values: Mapping[str, Array], owners: Mapping[str, str], classes: bool = False
) -> list[Column]:
    """A column for each element, `x[1]`, named as the diagram names it. `owners`: the node that a name is of.

    `classes`: an output over classes has one more, its likeliest.
    """
    nodes = {node.name: node for node in network.nodes}
    sorting = {classes.output.name for classes in classified(network)}
    table = []
    for name, array in values.items():
        node = nodes[owners[name]]
        table += [
            Column(_name_of_column(name, node, place), name, array[(slice(None), *place)])
            for place in np.ndindex(array.shape[1:])
        ]
        if classes and name == node.name and _is_of_classes(node, name in sorting):
            table.append(Column(name, name, _likeliest_classes(node, array)))
    return table


def _name_of_column(name: str, node: Node, place: tuple[int, ...]) -> str:
    return name + element_of(node, place).removeprefix(node.name)


def _is_of_classes(node: Node, sorting: bool) -> bool:
    """Whether the largest element of an output says what it takes the token for."""
    if node.role != "output" or len(node.axes) != 1:
        return False
    return node.function == "softmax" or (sorting and node.axes[0].names is not None)


def _likeliest_classes(node: Node, array: Array) -> Array:
    """The class of each token; none where several are as likely."""
    names = np.array([element_name(node.axes[0], place) for place in range(array.shape[1])])
    largest = array == array.max(axis=1, keepdims=True)
    return np.where(largest.sum(axis=1) == 1, names[array.argmax(axis=1)], UNDECIDED)


def as_csv(found: Sequence[Column]) -> str:
    """Numbers with all of their digits; whole numbers without a point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in found])
    writer.writerows([exact(x) for x in row] for row in zip(*(c.cells for c in found), strict=True))
    return text.getvalue()


def exact(x: np.floating) -> str:
    return str(int(x)) if abs(x) < 1e15 and x == int(x) else str(x)


def as_json(values: Mapping[str, Array]) -> str:
    """Name -> a list with an entry for each token."""
    return json.dumps({name: array.tolist() for name, array in values.items()}, indent=2) + "\n"


def as_npz(values: Mapping[str, Array]) -> bytes:
    """An array (n, *shape) for each name; any name will do, and the bytes are the same every time."""
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, array in values.items():
            with archive.open(ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
    return file.getvalue()


# --------------------------------------------------------------------------------------------------------------- table


def as_table(found: Sequence[Column], answers: Container[str]) -> str:
    """Aligned, six digits, a bar before the first answer. Of very many rows or columns the first and last ones."""
    shown, gap = _cut_columns(found)
    rows = [[_short_cell(cell) for cell in row] for row in zip(*(c.cells for c in shown), strict=True)]
    if len(rows) > MOST_ROWS:
        half = MOST_ROWS // 2
        rows = [*rows[:half], ["…"] * len(shown), *rows[-half:]]
    widths = [max(len(c.name), *(len(row[k]) for row in rows)) for k, c in enumerate(shown)]
    bar = next((k for k, c in enumerate(shown) if c.of in answers), 0)
    lines = [_print_line([c.name for c in shown], widths, bar, gap), *(_print_line(row, widths, bar, gap) for row in rows)]
    return "\n".join(lines) + "\n"


def left_out(found: Sequence[Column]) -> str:
    """What the table does not show."""
    rows = len(found[0].cells) if found else 0
    parts = [f"{most} of {count} {what}" for most, count, what in (
        (MOST_ROWS, rows, "rows"), (MOST_COLUMNS, len(found), "columns"),
    ) if count > most]  # fmt: skip
    return f"{' and '.join(parts)} are shown; `--format csv` has all" if parts else ""


def _cut_columns(found: Sequence[Column]) -> tuple[list[Column], int | None]:
    """The columns that are shown, and before which of them some are left out."""
    if len(found) <= MOST_COLUMNS:
        return [*found], None
    half = MOST_COLUMNS // 2
    return [*found[:half], *found[-half:]], half


def _short_cell(cell: np.floating | np.str_) -> str:
    return str(cell) if isinstance(cell, str) else f"{cell:.6g}"


def _print_line(cells: Sequence[str], widths: Sequence[int], bar: int, gap: int | None) -> str:
    text = ""
    for k, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        before = "" if k == 0 else "  …  " if k == gap else " | " if k == bar else "  "
        text += f"{before}{cell:>{width}}"
    return text.rstrip()
