"""Data as arrays, and data that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from flowc.graph.network import Network
from flowc.records import Record

if TYPE_CHECKING:
    import numpy as np

Array: TypeAlias = "np.ndarray"
SHOWN = 10  # problems


class BadData(Exception):
    """Data that cannot be used. `problems` are sentences, each with the file, row and column where there are such."""

    def __init__(self, *problems: str, unsaid: int = 0, way_out: str = ""):
        """`unsaid`: how many there are that are not among them. `way_out`: what would do, after all of them."""
        unsaid += len(problems[SHOWN:])
        self.problems = (*problems[:SHOWN], *([f"… and {unsaid} more"] if unsaid > 0 else []), *([way_out] if way_out else []))
        super().__init__("\n".join(self.problems))


class Dataset(Record, eq=False):
    """`arrays`: inputs and targets by name, float64 (n, *shape), classes one-hot. `expected`: outputs that the data say.

    `name` is what messages call it: "iris.csv", "the table of xor.flow".
    """

    arrays: dict[str, Array]
    expected: dict[str, Array]
    tokens: int
    name: str

    def take(self, tokens: Sequence[int] | slice) -> Dataset:
        """Some of the tokens, which count from 0."""
        arrays = {name: array[tokens] for name, array in self.arrays.items()}
        expected = {name: array[tokens] for name, array in self.expected.items()}
        count = len(range(self.tokens)[tokens]) if isinstance(tokens, slice) else len(tokens)
        return Dataset(arrays, expected, count, self.name)


def gather_dataset(network: Network, values: Mapping[str, Array], tokens: int, name: str) -> Dataset:
    """The dataset of arrays by node: those of outputs are expected."""
    outputs = {n.name for n in network.nodes if n.role == "output"}
    arrays = {node: array for node, array in values.items() if node not in outputs}
    return Dataset(arrays, {node: array for node, array in values.items() if node in outputs}, tokens, name)
