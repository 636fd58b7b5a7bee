"""From the cells of a table to the numbers of a node: elements by columns, or classes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from flowc.diagnostics.suggest import did_you_mean
from flowc.graph.column_names import element_of
from flowc.graph.constants import reshaped
from flowc.graph.distributions import complaint
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.network import Axis, Node, Numbers, Values
from flowc.graph.sizes import element_name, shown, sizes
from flowc.source import Span
from flowc.syntax import tree as t

MOST_CELLS = 10**7  # numbers that one table becomes, one-hot columns spread
FEW = 3  # cells that are told one by one, though none of their column is right


def values_of(
    draft: Draft, table: t.DataTable, node: DraftNode, columns: dict[tuple[int, ...] | None, int],
    heads: Sequence[Span], loss: str | None,
) -> Values | None:  # fmt: skip
    """A node's numbers, row by row; None where the table has none and needs none.

    `columns`: element of the node (None: its class) -> column; `heads`: where each column is named; `loss`:
    the one that takes the node for a distribution.
    """
    axes = node.axes
    if axes is None:
        return None
    if None in columns:
        if len(columns) > 1:
            second = next(p for e, p in columns.items() if e is not None)
            draft.problems.report(
                "duplicate-column", f"`{node.name}` is given by its class and by its elements", heads[second]
            )
            return None
        if len(axes[0]) * len(table.rows) > MOST_CELLS:
            message = (
                f"`{node.name}` has too many classes for a table: {len(table.rows)} rows of {len(axes[0])} numbers"
            )
            draft.problems.report("too-large", message, heads[columns[None]], hint="put the data into a file")
            return None
        place = columns[None]
        return Values(node.name, _one_hot(draft, node, axes[0], [row[place] for row in table.rows if place < len(row)]))
    optional = node.role == "output" or (node.role == "target" and table.part == "test")
    if not columns and optional:
        return None
    count = prod(sizes(axes))
    if len(columns) < count:
        elements = product(*(range(n) for n in sizes(axes)))
        _missing(draft, table, node, next(e for e in elements if e not in columns), bool(columns))
        return None
    order = [columns[element] for element in product(*(range(n) for n in sizes(axes)))]
    rows = []
    for row in table.rows:
        if len(row) != len(heads):
            continue
        numbers = [_number(draft, node, row[place]) for place in order]
        rows.append(reshaped(numbers, sizes(axes)))
        if loss:
            _check_distribution(draft, node, loss, numbers, row[min(order)].span.to(row[max(order)].span))
    return Values(node.name, tuple(rows))


def _check_distribution(draft: Draft, node: DraftNode, loss: str, numbers: Sequence[float], span: Span) -> None:
    size = len(node.axes[-1]) if node.axes else 1
    groups = (numbers[k : k + size] for k in range(0, len(numbers), size))
    if wrong := next(filter(None, (complaint(node.name, loss, some) for some in groups)), ""):
        draft.problems.report("not-a-distribution", wrong, span)


def _missing(draft: Draft, table: t.DataTable, node: DraftNode, element: tuple[int, ...], partly: bool) -> None:
    name = element_of(node, element)
    hint = f"add a column `{name}`"
    if node.axes and len(node.axes) == 1 and not partly:
        axis = node.axes[0]
        last = f", …, `{node.name}[{element_name(axis, len(axis) - 1)}]`" if len(axis) > 1 else ""
        hint = f"name columns `{name}`{last}, or one column `{node.name}` of classes"
    head = table.columns[0].span.to(table.columns[-1].span)
    draft.problems.report("missing-column", f"the {node.role} `{name}` has no column", head, hint=hint)


def _number(draft: Draft, node: DraftNode, cell: t.Cell) -> float:
    if isinstance(cell.value, str) and cell.value.lower() in ("nan", "inf", "infinity"):
        what = f"`{cell.text}` is not a number that a diagram can compute with"
        draft.problems.report("not-finite", what, cell.span, hint="leave the row out, or write a number")
        return 0.0
    if isinstance(cell.value, str):
        hint = f"a class needs a node with a size: `{node.role} {node.name}[class]`" if not node.axes else ""
        draft.problems.report(
            "not-a-number", f"`{cell.text}` is not a number, and `{node.name}` holds numbers", cell.span, hint=hint
        )
        return 0.0
    return float(cell.value)


def _one_hot(draft: Draft, node: DraftNode, axis: Axis, cells: Sequence[t.Cell]) -> tuple[Numbers, ...]:
    """A row of 0 and 1 for each class. Where no cell is one, it is the column, and one problem is enough."""
    places = [_class(axis, cell) for cell in cells]
    wrong = [cell for cell, place in zip(cells, places) if place is None]
    if len(wrong) == len(cells) > FEW:
        _no_class(draft, node, axis, wrong[0], f" (and none of the {len(cells) - 1} cells below it is one)")
    else:
        for cell in wrong:
            _no_class(draft, node, axis, cell)
    return tuple(tuple(float(k == place) for k in range(len(axis))) for place in places)


def _class(axis: Axis, cell: t.Cell) -> int | None:
    if axis.names:
        name = cell.value if isinstance(cell.value, str) else cell.text
        return axis.names.index(name) if name in axis.names else None
    if isinstance(cell.value, str) or cell.value != int(cell.value):
        return None
    return int(cell.value) - axis.low if axis.low <= cell.value <= axis.high else None


def _no_class(draft: Draft, node: DraftNode, axis: Axis, cell: t.Cell, others: str = "") -> None:
    if axis.names:
        hint = did_you_mean(str(cell.value), axis.names)
    elif isinstance(cell.value, str):
        hint = f"name the classes: `index class = {cell.text}, …` and `{node.role} {node.name}[class]`"
    else:
        hint = numbers_for(node, axis, cell.value)
    message = f"`{cell.text}` is no class of `{node.name}`: it runs over {shown(axis)}{others}"
    draft.problems.report("not-a-class", message, cell.span, hint=hint)


def numbers_for(node: Node | DraftNode, axis: Axis, number: float) -> str:
    """The way out where a column of classes holds another number: classes from 0 on, or columns of elements."""
    if axis.low == 1 and number == 0 and len(axis) > 1:
        return f"do the classes start at 0? declare `{node.role} {node.name}[0..{axis.high - 1}]`"
    first = f"`{element_of(node, (0,))}`"
    if len(axis) == 1:
        return f"for a number name the column {first}, or declare `{node.role} {node.name}`"
    last = f"`{element_of(node, (len(axis) - 1,))}`"
    return f"numbers for each element are columns of their own: {first}{', …' if len(axis) > 2 else ''}, {last}"
