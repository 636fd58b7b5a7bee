"""How the data file of a diagram begins, for code that is to read it. That it is not there is no mistake."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from flowc.backends.backend import Sample
from flowc.graph.files.access import Unreadable, delimiter
from flowc.graph.network import File
from flowc.nets.opened import Opened

LOOKED_AT = 2**20  # bytes


def data_sample(diagram: Opened, say: Callable[[str], None]) -> Sample | None:
    """None where the diagram has no data file, or it cannot be read, which is said."""
    file = next((d for d in diagram.network.data if d.part != "test"), None)
    if not isinstance(file, File):
        return None
    try:
        data = diagram.files(file.path)
    except Unreadable as why:
        say(f"{file.path}: {why}; its columns are taken to have the diagram's names")
        return None
    return of_npz(data, file.path) if file.path.lower().endswith(".npz") else of_rows(data, file.path)


def of_rows(data: bytes, name: str) -> Sample:
    """The first two rows of a text file."""
    text = data[:LOOKED_AT].decode("utf-8-sig", "replace")
    between = delimiter(name) or ","
    rows = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=between, skipinitialspace=True) if row)
    return Sample(tuple(next(rows, [])), tuple(next(rows, [])))


def of_npz(data: bytes, name: str) -> Sample | None:
    """Names and numbers of axes, from the arrays' headers alone."""
    from flowc.data.dataset import BadData
    from flowc.data.npz_data import headers_of

    try:
        headers = headers_of(name, data)
    except BadData:
        return None
    return Sample(tuple(headers), ranks=tuple(len(header.shape) for header in headers.values()))
