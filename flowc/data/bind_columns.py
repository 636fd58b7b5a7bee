"""Columns bound to nodes: their cells as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from flowc.data.cell_numbers import Wrong, column_numbers, one_hot
from flowc.data.check_distributions import no_distributions
from flowc.data.column_table import Sheet
from flowc.data.dataset import SHOWN, Array, BadData, Dataset, gather_dataset
from flowc.data.name_columns import columns_by_node, nodes_read
from flowc.graph.column_names import Columns
from flowc.graph.network import Network, Node


def bind_sheet(network: Network, sheet: Sheet, targets: bool, outputs: bool = True) -> Dataset:
    """The dataset of a sheet. `targets`: they are needed; `outputs`: they are read. Raises BadData."""
    columns = columns_by_node(network, sheet, targets, outputs)
    values = {n.name: _values_of(n, columns[n.name], sheet) for n in nodes_read(network, outputs) if columns[n.name]}
    wrong = [w for value in values.values() if isinstance(value, list) for w in value]
    if wrong:
        unsaid = sum(w.count - len(w.sentences) for w in wrong)
        raise BadData(*(s for w in wrong for s in w.sentences), unsaid=unsaid, way_out=_rows_to_take_out(sheet, wrong))
    arrays = {name: value for name, value in values.items() if not isinstance(value, list)}
    data = gather_dataset(network, arrays, sheet.tokens, sheet.name)
    if off := [f"{sheet.line_of(token)}: {complaint}" for token, complaint in no_distributions(network, data.arrays)]:
        raise BadData(*off)
    return data


def _rows_to_take_out(sheet: Sheet, wrong: Sequence[Wrong]) -> str:
    """The way out where rows of a file lack values."""
    if sheet.rows is None or not (rows := sorted({sheet.rows[row] for w in wrong for row in w.lacking})):
        return ""
    if len(rows) == 1:
        return f"a row needs all of its values: take row {rows[0]} out of the file, or write its value"
    listed = ", ".join(map(str, rows[:SHOWN])) + (", …" if len(rows) > SHOWN else "")
    return f"a row needs all of its values: take the {len(rows)} rows {listed} out of the file, or write their values"


def _values_of(node: Node, elements: Columns, sheet: Sheet) -> Array | list[Wrong]:
    """The array of a node, or what is wrong with its columns."""
    if None in elements:
        classes = one_hot(node, sheet, elements[None])
        return [classes] if isinstance(classes, Wrong) else classes
    columns = [column_numbers(sheet, elements[place]) for place in product(*map(range, node.shape))]
    wrong = [c for c in columns if isinstance(c, Wrong)]
    arrays = [c for c in columns if not isinstance(c, Wrong)]
    return wrong or np.stack(arrays, axis=-1).reshape(sheet.tokens, *node.shape)
