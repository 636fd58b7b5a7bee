"""Whether a diagram reproduces its table: each cell of an output holds if the output, rounded to its digits, is the cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from flowc.graph.columns import Reading, readings
from flowc.graph.network import Network, Node, Table

Array = np.ndarray
Elements = list[tuple[int, str, Reading[Node]]]  # column, head, what it is


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an output: what the table says, what was computed. `row` counts from 1."""

    row: int
    head: str
    expected: str
    found: str
    holds: bool


def tables(network: Network) -> list[Table]:
    """The inline tables with a column for an output."""
    return [d for d in network.data if isinstance(d, Table) and _outputs(network, d)]


def given(network: Network, table: Table, row: int) -> str:
    """What a row gives: `x1=0 x2=1`."""
    own = {n.name for n in network.nodes if n.role == "input"}
    return " ".join(
        f"{head}={table.cells[row - 1][column]}"
        for column, head, reading in _readings(network, table)
        if reading.node.name in own
    )


def cells(network: Network, table: Table, values: Mapping[str, Array]) -> Iterator[Cell]:
    """Every cell of an output, row by row. `values`: the outputs, (n, *shape), in the order of the rows."""
    outputs = _outputs(network, table)
    for row, texts in enumerate(table.cells):
        for column, head, reading in outputs:
            yield _cell(row, head, texts[column], values[reading.node.name][row], reading)


def _cell(row: int, head: str, text: str, value: Array, reading: Reading[Node]) -> Cell:
    if reading.element is None and reading.node.axes:
        axis = reading.node.axes[0]
        place = int(np.argmax(value))
        found = axis.names[place] if axis.names else str(axis.low + place)
        return Cell(row + 1, head, text, found, text.strip("\"'") == found)
    number = float(value[reading.element or ()])
    return Cell(row + 1, head, text, shown(number), holds(text, number))


def holds(text: str, value: float) -> bool:
    """Whether a value is the number of a cell: a whole number exactly, another to the last digit that it has."""
    expected = Decimal(_plain(text))
    if not np.isfinite(value):
        return False
    exponent = int(expected.as_tuple().exponent)
    if exponent >= 0 and not re.search(r"[eE]", text):
        return Decimal(value) == expected
    half = Decimal((0, (5,), exponent - 1))
    rounded = Decimal(value).quantize(Decimal((0, (1,), exponent)), ROUND_HALF_EVEN)
    return rounded == expected or abs(Decimal(value) - expected) <= half * (1 + Decimal("1e-9"))


def _plain(text: str) -> str:
    return text.replace("−", "-").replace("+", "")


def shown(number: float) -> str:
    return f"{number:.10g}"


def _outputs(network: Network, table: Table) -> Elements:
    own = {n.name for n in network.nodes if n.role == "output"}
    return [found for found in _readings(network, table) if found[2].node.name in own]


def _readings(network: Network, table: Table) -> Elements:
    inputs = [n for n in network.nodes if n.role in ("input", "target")]
    outputs = [n for n in network.nodes if n.role == "output"]
    return [(column, head, readings(head, inputs, outputs)[0]) for column, head in enumerate(table.header)]
