"""How the data file of a diagram begins, for code that is to read it. That it is not there is no mistake."""

from __future__ import annotations

from collections.abc import Callable

from flowc.backends.backend import Sample
from flowc.data.dataset import BadData
from flowc.graph.files.access import Unreadable
from flowc.graph.network import File
from flowc.nets.opened import Opened


def data_sample(diagram: Opened, say: Callable[[str], None]) -> Sample | None:
    """None where the diagram has no data file, or it cannot be read, which is said. Raises ValueError where
    nothing is learnt from it."""
    file = next((d for d in diagram.network.data if d.part != "test"), None)
    if not isinstance(file, File):
        return None
    try:
        data = diagram.files(file.path)
    except Unreadable as why:
        say(f"{file.path}: {why}; its columns are taken to have the diagram's names")
        return None
    try:
        return _of_npz(file.path, data) if file.path.lower().endswith(".npz") else _of_rows(diagram, file.path, data)
    except BadData as error:
        raise ValueError(str(error)) from None


def _of_rows(diagram: Opened, name: str, data: bytes) -> Sample:
    """The first two rows of a text file."""
    from flowc.data.csv_data import header_and_rows

    (_, header), rows = header_and_rows(diagram.network, name, data)
    _, first = next(rows, (0, []))
    return Sample(tuple(header), tuple(first))


def _of_npz(name: str, data: bytes) -> Sample:
    """Names and numbers of axes, from the arrays' headers alone."""
    from flowc.data.npz_data import headers_of

    headers = headers_of(name, data)
    return Sample(tuple(headers), ranks=tuple(len(header.shape) for header in headers.values()))
