"""The table of a diagram, its columns bound to nodes by their names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from flowc.diagnostics.suggest import and_list, did_you_mean
from flowc.graph.column_names import (
    CLAIM,
    Reading,
    by_node,
    candidates,
    claims,
    closest_readings,
    column_of,
    element_of,
    what_it_is,
)
from flowc.graph.distributions import distributions
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.network import Table
from flowc.graph.problems import Abandon
from flowc.graph.sizes import picks_of, shown
from flowc.graph.table_cells import MOST_CELLS, values_of
from flowc.records import Record
from flowc.source import Span
from flowc.syntax import tree as t


class Head(Record):
    """One column's head; a range `x[1..2]` is a head for each of its columns."""

    text: str
    span: Span


def bind(draft: Draft, table: t.DataTable) -> Table:
    """The table with its columns bound to inputs, targets and outputs."""
    heads, bar = _heads(draft, table)
    before = len(draft.problems.found)
    near = candidates(n for n in draft.nodes.values() if n.role in CLAIM and n.axes is not None)
    for row in table.rows:
        if len(row) != len(heads):
            count = f"{len(row)} cell{'s' if len(row) != 1 else ''}"
            draft.problems.report(
                "ragged-row", f"this row has {count}, the table has {len(heads)} columns", row[0].span.to(row[-1].span)
            )
    torn: list[DraftNode] = []  # nodes of a column with two readings; more need not be said of them
    claimed = []
    for claim in claims(_reading(draft, head, near(head.text)) for head in heads):
        claimed.append(claim)
        if len(claim.readings) != 1:
            torn += [r.node for r in claim.readings]
            continue
        head, (reading,) = heads[claim.column], claim.readings
        _check_side(draft, head, reading.node, claim.column, bar)
        if claim.first is not None:
            first = heads[claim.first]
            draft.problems.report(
                "duplicate-column",
                f"the columns `{first.text}` and `{head.text}` are both `{what_it_is(reading)}`",
                head.span,
                notes=(("the first is here", first.span),),
            )
    bound = by_node(claimed)
    lost = {n.name for n in torn}
    nodes = [n for n in draft.nodes.values() if n.role in CLAIM and n.name not in lost]
    spans = [head.span for head in heads]
    losses = distributions(draft.nodes.values())
    read = (values_of(draft, table, n, bound.get(n.name, {}), spans, losses.get(n.name)) for n in nodes)
    values = [v for v in read if v]
    if len(draft.problems.found) > before:
        raise Abandon
    cells = tuple(tuple(cell.text for cell in row) for row in table.rows)
    return Table(table.part, tuple(h.text for h in heads), cells, tuple(values), table.span)


def _heads(draft: Draft, table: t.DataTable) -> tuple[list[Head], int | None]:
    """The heads, ranges spread; and the number of columns left of the bar."""
    heads: list[Head] = []
    bar = None
    for place, column in enumerate(table.columns):
        if place == table.bar:
            bar = len(heads)
        heads += _spread(draft, column)
    return heads, len(heads) if table.bar == len(table.columns) else bar


def _spread(draft: Draft, column: t.Column) -> list[Head]:
    ref = column.ref
    node = draft.nodes.get(ref.name) if ref else None
    if ref is None or ref.index is None or node is None or len(ref.index) != len(node.axes or ()):
        return [Head(column.text.replace(", ", ","), column.span)]
    if not any(isinstance(part, t.Range) for part in ref.index):
        return [Head(column_of(ref), column.span)]
    picks = picks_of(draft, ref, node.axes or (), variables=False)
    places = [range(p, p + 1) if isinstance(p, int) else range(*p) for p in picks]
    if prod(len(p) for p in places) > MOST_CELLS:
        raise draft.problems.fail("too-large", f"`{column.text}` stands for too many columns", column.span)
    return [Head(element_of(node, element), column.span) for element in product(*places)]


def _reading(draft: Draft, head: Head, near: Sequence[DraftNode]) -> list[Reading[DraftNode]]:
    """What a column is, of the nodes near its name; two readings of one rank are an error."""
    closest = closest_readings(head.text, near)
    if not closest:
        _unknown(draft, head)
    if len(closest) > 1:
        draft.problems.report(
            "ambiguous-column",
            f"the column `{head.text}` may be {' or '.join(f'`{what_it_is(r)}`' for r in closest)}",
            head.span,
            hint=f"name it so: `{element_of(closest[0].node, closest[0].element or ())}`",
        )
    return closest


def _unknown(draft: Draft, head: Head) -> None:
    node = draft.nodes.get(head.text.split("[")[0])
    if node is not None and node.axes is None:
        return  # what is wrong with it has been said
    names = [n.name for n in draft.nodes.values() if n.role in CLAIM]
    if node is not None and node.role not in CLAIM:
        message = f"the column `{head.text}` is a hidden node; data are given for inputs, targets and outputs"
        hint = f"declare it `output {node.name}` to have its value checked"
    elif node is not None and len(node.axes or ()) > 1:
        message = f"a grid's elements are columns of their own, not `{head.text}`"
        hint = f"name them `{element_of(node, tuple(0 for _ in node.axes or ()))}`, …"
    elif node is not None and node.axes:
        message = f"`{node.name}` has no element for the column `{head.text}`: it runs over {shown(node.axes[0])}"
        hint = ""
    else:
        message = f"the column `{head.text}` belongs to no input, target or output"
        hint = did_you_mean(head.text, names, f"there are {and_list(names)}" if names else "declare `input …` first")
    draft.problems.report("unknown-column", message, head.span, hint=hint)


def _check_side(draft: Draft, head: Head, node: DraftNode, place: int, bar: int | None) -> None:
    if bar is None or (place < bar) == (node.role == "input"):
        return
    side = "left" if place < bar else "right"
    draft.problems.report(
        "wrong-side",
        f"the {node.role} `{head.text}` stands {side} of the bar",
        head.span,
        hint="inputs stand left of the bar, targets and outputs right",
    )
