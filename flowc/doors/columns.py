"""Values as columns with names: a table for people, CSV, JSON, npz."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flowc.graph.cells import element_of
from flowc.graph.network import Network

Array = np.ndarray
MOST_COLUMNS, MOST_ROWS = 24, 40  # of a table for people


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """`of` is the node or excitation that it is a part of."""

    name: str
    of: str
    numbers: Array  # (n,)


def columns(network: Network, values: Mapping[str, Array]) -> list[Column]:
    """A column for each element: `x[1]`; named as the diagram names its indices."""
    nodes = {node.name: node for node in network.nodes}
    found = []
    for name, array in values.items():
        for place in np.ndindex(array.shape[1:]):
            element = name
            if place:
                element = (
                    element_of(nodes[name], place)
                    if name in nodes
                    else f"{name}[{','.join(str(k + 1) for k in place)}]"
                )
            found.append(Column(element, name, array[(slice(None), *place)]))
    return found


def as_csv(found: Sequence[Column]) -> str:
    """Numbers with all of their digits; whole numbers without a point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in found])
    writer.writerows([exact(float(x)) for x in row] for row in zip(*(c.numbers for c in found), strict=True))
    return text.getvalue()


def exact(x: float) -> str:
    return str(int(x)) if x == int(x) and abs(x) < 1e15 else repr(x)


def as_json(values: Mapping[str, Array]) -> str:
    """Name -> a list with an entry for each token."""
    return json.dumps({name: array.tolist() for name, array in values.items()}, indent=2) + "\n"


def as_npz(values: Mapping[str, Array]) -> bytes:
    """An array (n, *shape) for each name."""
    file = io.BytesIO()
    np.savez(file, **values)  # type: ignore[arg-type]
    return file.getvalue()


def as_table(found: Sequence[Column], answers: set[str]) -> str:
    """Aligned, six digits, a bar before the first answer. Of very many rows or columns the first and last ones."""
    shown, gap = _cut(found)
    rows = [[short(float(x)) for x in row] for row in zip(*(c.numbers for c in shown), strict=True)]
    if len(rows) > MOST_ROWS:
        half = MOST_ROWS // 2
        rows = [*rows[:half], ["…"] * len(shown), *rows[-half:]]
    widths = [max(len(c.name), *(len(row[k]) for row in rows)) for k, c in enumerate(shown)]
    bar = next((k for k, c in enumerate(shown) if c.of in answers), 0)
    lines = [_line([c.name for c in shown], widths, bar, gap), *(_line(row, widths, bar, gap) for row in rows)]
    return "\n".join(lines) + "\n"


def _cut(found: Sequence[Column]) -> tuple[list[Column], int | None]:
    """The columns that are shown, and before which of them some are left out."""
    if len(found) <= MOST_COLUMNS:
        return [*found], None
    half = MOST_COLUMNS // 2
    return [*found[:half], *found[-half:]], half


def short(x: float) -> str:
    return f"{x:.6g}"


def _line(cells: Sequence[str], widths: Sequence[int], bar: int, gap: int | None) -> str:
    text = ""
    for k, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        before = "" if k == 0 else "  …  " if k == gap else " | " if k == bar else "  "
        text += f"{before}{cell:>{width}}"
    return text.rstrip()
