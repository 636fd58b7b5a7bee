"""The data of a diagram, and of a file: from a table, a file or formulas to arrays."""

from __future__ import annotations

from pathlib import PurePath

import numpy as np

from flowc.data.bind_columns import bind_sheet
from flowc.data.dataset import BadData, Dataset, gather_dataset
from flowc.graph.files.access import Files, Unreadable
from flowc.graph.network import File, Formulas, Network, Table


def read_dataset(network: Network, part: str | None, files: Files, seed: int, outputs: bool = True) -> Dataset | None:
    """The diagram's data for "train" or "test"; a `data` without a part serves both. None: it has none.

    `files` gives the bytes of a file that the diagram names; `seed` is that of draws in formulas; of a file `outputs` are
    read. Raises BadData.
    """
    data = next((d for d in network.data if d.part in (part, None)), None)
    targets = part != "test"
    if data is None:
        return None
    if isinstance(data, Table):
        return of_table(network, data)
    if isinstance(data, Formulas):
        from flowc.data.formula_data import of_formulas

        return of_formulas(network, data, seed, targets)
    return from_file(network, data.path, _read_bytes(data, files), targets, outputs)


def from_file(network: Network, name: str, data: bytes, targets: bool, outputs: bool = True) -> Dataset:
    """The data of a file: CSV, tab-separated or npz, by the end of its name. `targets`: they are needed; `outputs`: they
    are read. Raises BadData."""
    if name.lower().endswith(".npz"):
        from flowc.data.npz_data import of_npz

        return of_npz(network, name, data, targets, outputs)
    from flowc.data.csv_data import sheet_of

    return bind_sheet(network, sheet_of(network, name, data), targets, outputs)


def _read_bytes(found: File, files: Files) -> bytes:
    try:
        return files(found.path)
    except Unreadable as why:
        raise BadData(f"{found.path}: {why}") from None


def of_table(network: Network, table: Table) -> Dataset:
    """The rows of an inline table."""
    shapes = {n.name: n.shape for n in network.nodes}
    count = len(table.cells)
    values = {v.node: np.array(v.rows, float).reshape(count, *shapes[v.node]) for v in table.values}
    return gather_dataset(network, values, count, f"the table of {PurePath(network.source.name).name}")
