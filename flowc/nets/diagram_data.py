"""The data of a diagram."""

from __future__ import annotations

from flowc.data.dataset import BadData, Dataset
from flowc.data.read_data import read_dataset
from flowc.nets.opened import Opened


def diagram_data(diagram: Opened, part: str, seed: int, outputs: bool = True) -> Dataset | None:
    """The data of the diagram. `outputs`: what a file says of them is read. Raises ValueError."""
    try:
        return read_dataset(diagram.network, part, diagram.files, seed, outputs)
    except BadData as error:
        raise ValueError(str(error)) from None


def no_row(row: int, data: Dataset) -> str:
    return f"there is no row {row}; {data.name} has {data.tokens}"
