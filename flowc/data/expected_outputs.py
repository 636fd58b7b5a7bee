"""What the data of a diagram say of its outputs, and whether a value holds: rounded to the digits of the cell, it is the cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal, InvalidOperation

import numpy as np

from flowc.data.bind_columns import bind_sheet
from flowc.data.column_table import Sheet, is_number, shown, with_sign
from flowc.data.dataset import Array, Dataset
from flowc.data.read_data import from_file, of_table
from flowc.graph.column_names import columned_nodes, element_of, meaning
from flowc.graph.files.access import Files, Unreadable
from flowc.graph.network import Data, File, Formulas, Network, Node, Table
from flowc.graph.sizes import element_name
from flowc.records import Record
from flowc.syntax.names import folded

FEW = 3  # classes in a message
CLOSE = 1e-9  # how far a value may be from a number without digits of its own, as a formula gives it
WIDE = Context(prec=1100)  # more digits than a float64 has in decimal
WHOLE = re.compile(r"[+-]?\d+\.?")


class Column(Record, eq=False):
    """What is said of one element of a node, or of its class (None): cells as written, or numbers that a formula gave."""

    head: str
    node: Node
    element: tuple[int, ...] | None
    cells: Sequence[str] | Array


class Examples(Record, eq=False):
    """Tokens, and what the outputs should be. `rows`: how messages call each; `first` is the number of the first."""

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    data: Dataset
    rows: Sequence[str]
    first: int = 1

    def only_row(self, row: int) -> Examples:
        """One of the rows, which count from 1."""
        some = slice(row - 1, row)
        inputs, outputs = (
            tuple(replace(c, cells=c.cells[some]) for c in columns) for columns in (self.inputs, self.outputs)
        )
        return Examples(inputs, outputs, self.data.take(some), self.rows[some], row)


def read_examples(network: Network, files: Files, seed: int) -> Iterator[Examples]:
    """One for each `data` that says something of an output. A file that is not there says nothing. Raises BadData."""
    for data in network.data:
        examples_of_data = _examples_of(network, data, files, seed)
        if examples_of_data and examples_of_data.outputs:
            yield examples_of_data


def missing_files(network: Network, files: Files) -> list[str]:
    """The data files that cannot be read, each with the reason."""
    messages = []
    for data in network.data:
        if isinstance(data, File):
            try:
                files(data.path)
            except Unreadable as why:
                messages.append(f"{data.path}: {why}")
    return messages


def _examples_of(network: Network, data: Data, files: Files, seed: int) -> Examples | None:
    part = f" of `data {data.part}`" if data.part else ""
    if isinstance(data, Table):
        sheet = Sheet("", data.header, tuple(zip(*data.cells)), None, len(data.cells))
        rows = [f"row {k + 1}{part}" for k in range(sheet.tokens)]
        return _make_examples(_columns_of_sheet(network, sheet), of_table(network, data), rows)
    if isinstance(data, Formulas):
        from flowc.data.formula_data import of_formulas

        return _of_numbers(network, of_formulas(network, data, seed, targets=False), "", part)
    try:
        return of_file(network, data.path, files(data.path))
    except Unreadable:
        return None


def of_file(network: Network, name: str, data: bytes) -> Examples | None:
    """What a file says of outputs; None where it says nothing. Raises BadData."""
    from flowc.data.csv_data import sheet_of

    if name.lower().endswith(".npz"):
        return _of_numbers(network, from_file(network, name, data, targets=False), f"{name}, ", "")
    sheet = sheet_of(network, name, data)
    columns = _columns_of_sheet(network, sheet)
    if not any(column.node.role == "output" for column in columns):
        return None
    rows = [f"{name}, row {row}" for row in sheet.rows or ()]
    return _make_examples(columns, bind_sheet(network, sheet, targets=False), rows)


def _columns_of_sheet(network: Network, sheet: Sheet) -> list[Column]:
    means = meaning(columned_nodes(network))
    read = [(head, means(head), cells) for head, cells in zip(sheet.heads, sheet.columns, strict=True)]
    return [Column(head, r[0].node, r[0].element, cells) for head, r, cells in read if len(r) == 1]


def _of_numbers(network: Network, data: Dataset, before: str, after: str) -> Examples:
    """Of arrays, in which nothing is written to so many digits."""
    arrays = {**data.arrays, **data.expected}
    columns = [c for n in columned_nodes(network) if n.name in arrays for c in _columns_of_array(n, arrays[n.name])]
    return _make_examples(columns, data, [f"{before}token {k + 1}{after}" for k in range(data.tokens)])


def _columns_of_array(node: Node, array: Array) -> list[Column]:
    if node.function == "softmax" and np.isin(array, (0, 1)).all():
        names = [element_name(node.axes[0], place) for place in array.argmax(axis=-1).tolist()]
        return [Column(node.name, node, None, names)]
    return [
        Column(element_of(node, place), node, place, array[(slice(None), *place)]) for place in np.ndindex(node.shape)
    ]


def _make_examples(found: Sequence[Column], data: Dataset, rows: Sequence[str]) -> Examples:
    inputs = tuple(c for c in found if c.node.role == "input")
    return Examples(inputs, tuple(c for c in found if c.node.role == "output"), data, rows)


# --------------------------------------------------------------------------------------------------------------- cells


def cell_complaint(column: Column, row: int, values: Mapping[str, Array]) -> str:
    """`f is 1, expected 0`; "" where the cell holds."""
    value, cell = values[column.node.name][row], column.cells[row]
    if column.element is None:
        return _of_class(column, str(cell), value)
    number = float(value[column.element])
    if isinstance(cell, str):
        held, expected = holds(cell, number), cell
    else:
        held, expected = abs(number - cell) <= CLOSE * (1 + abs(cell)), _spell_number(float(cell))
    return "" if held else f"{column.head} is {_spell_difference(number, expected)}, expected {expected}"


def _of_class(column: Column, cell: str, value: Array) -> str:
    """Of several elements that are largest, none is the class."""
    names = [element_name(column.node.axes[0], int(place)) for place in np.flatnonzero(value == value.max())]
    cell = cell.strip("\"'")
    if len(names) == 1 and _is_same_class(names[0], cell):
        return ""
    ellipsis = " or …" if len(names) > FEW else ""
    return f"{column.head} is {' or '.join(names[:FEW])}{ellipsis}, expected {shown(cell).strip('`')}"


def _is_same_class(name: str, cell: str) -> bool:
    return folded(cell) == name or is_number(name) and is_number(cell) and float(name) == float(with_sign(cell))


def holds(cell: str, value: float) -> bool:
    """Whether a value is the number of a cell: a whole number exactly, another to the last digit that it has."""
    text = with_sign(cell)
    if value == float(text):
        return True
    if not np.isfinite(value) or WHOLE.fullmatch(text):
        return False
    try:
        expected = Decimal(text)
        half = Decimal((0, (5,), int(expected.as_tuple().exponent) - 1))
        off = WIDE.abs(WIDE.subtract(Decimal(value), expected))
    except InvalidOperation:  # digits that no number of a computer has
        return False
    return off <= WIDE.multiply(half, Decimal("1.000000001"))  # half a digit, which binary numbers hit by chance


def _spell_difference(number: float, expected: str) -> str:
    """As many digits as show the difference."""
    short = _spell_number(number)
    return repr(number) if short == _spell_number(float(with_sign(expected))) else short


def _spell_number(number: float) -> str:
    return f"{number:.10g}"


def spell_inputs(inputs: Sequence[Column], row: int, most: int = 8) -> str:
    """What a row gives: `x1=0 x2=1`; of very many the first."""
    cells = [f"{c.head}={_spell_cell(c.cells[row])}" for c in inputs[:most]]
    return " ".join([*cells, *(["…"] if len(inputs) > most else [])])


def _spell_cell(cell: str | float) -> str:
    return shown(cell).strip("`") if isinstance(cell, str) else _spell_number(float(cell))
