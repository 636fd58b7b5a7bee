"""A diagram tried on its tables, on every backend that is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flowc.doors.api import Flow
from flowc.graph.network import Table
from flowc.learning.dataset import of_table
from flowc.learning.table import Cell, cells, given, tables

Array = np.ndarray
CLOSE = 1e-9  # how far two backends may be apart, relative to the largest number and absolute


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that fails: what is given, and what is wrong, a sentence for each cell and backend."""

    row: int
    given: str
    wrong: tuple[str, ...]


class Tables:
    """`backends` are those tried, `missing` those that are not installed. Raises ValueError for what a backend refuses."""

    def __init__(
        self, flow: Flow, backends: tuple[str, ...] = (), seed: int = 0, weights: dict[str, Array] | None = None,
        dtype: str = "float64", device: Any = None,
    ):  # fmt: skip
        self.flow = flow
        self.tables: list[Table] = tables(flow.network)
        self.nets, self.missing = {}, []
        for name in backends or _installed():
            net = flow.compile(name, dtype=dtype, device=device if name == "torch" else None)
            try:
                net.library.check()
            except ModuleNotFoundError:
                self.missing.append(name)
                continue
            self.nets[name] = net
        self._weights = next(iter(self.nets.values())).init(seed) if weights is None else weights

    @property
    def rows(self) -> int:
        return sum(len(table.cells) for table in self.tables)

    def failures(self) -> Iterator[Failure]:
        """Row by row; the rows of several tables count on."""
        first = 0
        for table, values in zip(self.tables, self.values, strict=True):
            for row in range(1, len(table.cells) + 1):
                if wrong := self._wrong(table, values, row):
                    yield Failure(first + row, given(self.flow.network, table, row), tuple(wrong))
            first += len(table.cells)

    @cached_property
    def values(self) -> list[dict[str, dict[str, Array] | str]]:
        """For each table, by backend: the outputs, or why there are none."""
        return [{name: self._computed(net, table) for name, net in self.nets.items()} for table in self.tables]

    def _computed(self, net: Any, table: Table) -> dict[str, Array] | str:
        data = of_table(self.flow.network, table)
        try:
            found = net.forward(self._weights, {name: data.arrays[name] for name in net.inputs})
        except FloatingPointError as error:
            return str(error)
        return {name: found[name] for name in net.outputs}

    def _wrong(self, table: Table, values: dict[str, dict[str, Array] | str], row: int) -> list[str]:
        said: dict[str, list[str]] = {}
        for backend, outputs in values.items():
            if isinstance(outputs, str):
                said.setdefault(outputs, []).append(backend)
                continue
            for cell in self._cells(table, outputs, row):
                if not cell.holds:
                    said.setdefault(f"{cell.head} is {cell.found}, expected {cell.expected}", []).append(backend)
        everywhere = len(self.nets)
        wrong = [s if len(names) == everywhere else f"{s}, on {' and '.join(names)}" for s, names in said.items()]
        return wrong or self._apart(values, row)

    def _cells(self, table: Table, outputs: dict[str, Array], row: int) -> list[Cell]:
        return [cell for cell in cells(self.flow.network, table, outputs) if cell.row == row]

    def _apart(self, values: dict[str, dict[str, Array] | str], row: int) -> list[str]:
        """Where backends differ although each holds."""
        found = [(name, v) for name, v in values.items() if not isinstance(v, str)]
        wrong = []
        for (first, a), (second, b) in zip(found, found[1:]):
            for output in a:
                x, y = a[output][row - 1], b[output][row - 1]
                if (np.abs(x - y) > CLOSE * (1 + np.abs(x).max(initial=0))).any():
                    wrong.append(f"{output} is {x} on {first}, {y} on {second}")
        return wrong


def _installed() -> tuple[str, ...]:
    """flowc's own; a plug-in's are tried where they are named."""
    return "numpy", "torch"
