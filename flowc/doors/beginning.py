"""How the data file of a diagram begins, for code that is to read it. That it is not there is no mistake."""

from __future__ import annotations

import ast
import csv
import io
import zipfile

from flowc.backends.backend import Sample
from flowc.doors.beside import beside
from flowc.doors.guard import say
from flowc.graph.files import Unreadable, delimiter
from flowc.graph.network import File, Network

LOOKED_AT = 2**20  # bytes


def beginning(network: Network, diagram: str) -> Sample | None:
    """None where the diagram has no data file, or it cannot be read, which is said."""
    file = next((d for d in network.data if d.part != "test"), None)
    if not isinstance(file, File):
        return None
    try:
        data = beside(diagram)(file.path)
    except Unreadable as why:
        say(f"{file.path}: {why}; its columns are taken to have the diagram's names")
        return None
    return of_npz(data) if file.path.lower().endswith(".npz") else of_rows(data, file.path)


def of_rows(data: bytes, name: str) -> Sample:
    """The first two rows of a text file."""
    text = data[:LOOKED_AT].decode("utf-8-sig", "replace")
    between = delimiter(name) or ","
    rows = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=between) if row)
    return Sample(tuple(next(rows, [])), tuple(next(rows, [])))


def of_npz(data: bytes) -> Sample | None:
    """Names and numbers of axes, from the arrays' headers alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            ranks = {name.removesuffix(".npy"): _rank(archive.open(name).read(4096)) for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, SyntaxError, KeyError):
        return None
    return Sample(tuple(ranks), ranks=tuple(ranks.values()))


def _rank(start: bytes) -> int:
    """The header follows the mark, the version and its own length. Raises ValueError, SyntaxError, KeyError."""
    wide = start[6:7] != b"\x01"
    first = 12 if wide else 10
    size = int.from_bytes(start[8:first], "little")
    return len(ast.literal_eval(start[first : first + size].decode("latin-1").strip())["shape"])
