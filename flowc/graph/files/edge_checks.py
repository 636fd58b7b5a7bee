"""What must hold of the rows of `edges` files, looked at column by column. Imported where a diagram has such a file."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from flowc.graph.arrow_ends import end_of
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.files.lazy_arrows import Table, joined, written
from flowc.graph.files.row_problems import MOST_REPORTED
from flowc.graph.network import Arrow
from flowc.graph.problems import Abandon
from flowc.syntax import tree as t

Array = np.ndarray


def draw_rows(draft: Draft, statement: t.EdgesFile, sources: Collection[str], targets: Collection[str]) -> None:
    """Give the nodes the arrows of a file; `sources` and `targets` are the names that may be its ends."""
    table = draft.tables[statement]
    edges = table.edges
    from_fine = np.array([name in sources for name in edges.nodes], bool)[edges.sources]
    into_fine = np.array([name in targets for name in edges.nodes], bool)[edges.targets]
    if not (from_fine.all() and into_fine.all()):
        _report_ends(draft, table, from_fine, into_fine)
        table = draft.tables[statement] = table.only(from_fine & into_fine)
    for name, rows in table.into.items():
        node = draft.nodes[name]
        node.arrows = joined(node.arrows, rows)


# ----------------------------------------------------------------------- ends


def _report_ends(draft: Draft, table: Table, from_fine: Array, into_fine: Array) -> None:
    """Say what is wrong with each name that is no scalar node, at the first of its rows."""
    edges = table.edges
    for target in np.unique(edges.targets[~(from_fine & into_fine)]):
        if edges.nodes[target] in draft.nodes:
            draft.nodes[edges.nodes[target]].broken = True
    wrong = [(k, name, False) for k, name in _first_rows(edges.sources, ~from_fine)]
    wrong += [(k, name, True) for k, name in _first_rows(edges.targets, ~into_fine)]
    wrong.sort()
    for k, name, is_target in wrong[:MOST_REPORTED]:
        with table.listing.at(int(table.numbers[k])):
            _report_end(draft, table, edges.nodes[name], is_target)
    table.listing.also("unknown-node", len(wrong[MOST_REPORTED:]))


def _first_rows(ends: Array, wrong: Array) -> list[tuple[int, int]]:
    """The first row of each end that is wrong, and the number of its name."""
    rows = np.flatnonzero(wrong)
    names, first = np.unique(ends[rows], return_index=True)
    return [(int(rows[k]), int(name)) for k, name in zip(first, names)]


def _report_end(draft: Draft, table: Table, name: str, is_target: bool) -> None:
    """What arrows of the text say of such an end; and files draw scalar lines alone."""
    span = table.edges.span
    if not name:
        draft.problems.report("unknown-node", f"the {'target' if is_target else 'source'} is missing", span)
        return
    number = _number_of_end(name)
    if number == 1 and name != "1" and not is_target:
        draft.problems.report("constant-source", f"`{name}` is no node; the constant is written `1`", span)
        return
    end = t.Ref(name, None, span) if number is None else t.Number(number, name, span)
    vector = draft.nodes.get(name.partition("[")[0])
    try:
        if vector is None or vector.name == name:
            end_of(draft, end, is_target)
            vector = draft.nodes[name]
    except Abandon:
        return
    what = "an element of a vector" if "[" in name else "a vector"
    hint = f"draw it in the text, `{'x -> ' if is_target else ''}{name}{'' if is_target else ' -> h'} : …`"
    draft.problems.report("vector-in-file", f"`{name}` is {what}; files draw scalar lines", span, hint=hint)


def _number_of_end(name: str) -> float | None:
    """Of an end that is one: no name begins as a number does."""
    try:
        return float(name) if name[:1] in "+-.0123456789" else None
    except ValueError:
        return None


# -------------------------------------------------------------- doubled lines


def doubled_rows(draft: Draft) -> None:
    """Report the lines that a file draws, and that are drawn before or after by it, another file, or the text."""
    for node in draft.nodes.values():
        for arrow in written(node.arrows) if not isinstance(node.arrows, list) else ():
            for table in draft.tables.values():
                if number := table.number_of(arrow.source, node.name):
                    _report_with_text(draft, node, arrow, table, number)
    tables = list(draft.tables.values())
    keys = np.concatenate([_keys_of_rows(draft, table) for table in tables])
    for again, first in _repeated_keys(keys):
        _report_rows(draft, _find_row(tables, first), _find_row(tables, again))


def _repeated_keys(keys: Array) -> list[tuple[int, int]]:
    """The places of keys that have been before, and the first places of these."""
    ordered = np.sort(keys)
    if (ordered[1:] != ordered[:-1]).all():
        return []
    order = keys.argsort(kind="stable")
    again = order[1:][ordered[1:] == ordered[:-1]]
    first = order[ordered.searchsorted(keys[again])]
    return sorted(zip(again.tolist(), first.tolist()))


def _keys_of_rows(draft: Draft, table: Table) -> Array:
    """A number for each row, the same for the same pair of nodes."""
    number = {name: k for k, name in enumerate(["1", *draft.nodes])}
    numbers = np.array([number.get(name, 0) for name in table.edges.nodes], np.int64)
    keys: Array = numbers[table.edges.targets] * len(number) + numbers[table.edges.sources]
    return keys


def _find_row(tables: list[Table], k: int) -> tuple[Table, int]:
    """The table of the k-th of all rows, and the row in it."""
    for table in tables:
        if k < len(table.numbers):
            break
        k -= len(table.numbers)
    return table, k


HINT = "take one away, or write one with the sum of the two weights"


def _report_rows(draft: Draft, first: tuple[Table, int], again: tuple[Table, int]) -> None:
    (table, row), (other, before) = again, first
    source, target = table.ends(row)
    place = other.listing.place(int(other.numbers[before]))
    message = f"the line `{source} -> {target}` is drawn twice, first in {place}"
    table.listing.report("doubled-arrow", int(table.numbers[row]), message, hint=HINT)
    draft.nodes[target].broken = True


def _report_with_text(draft: Draft, node: DraftNode, arrow: Arrow, table: Table, number: int) -> None:
    line = f"the line `{arrow.source} -> {node.name}` is drawn twice"
    if arrow.span.start < table.edges.span.start:
        notes = [("it is drawn first here", arrow.span)]
        table.listing.report("doubled-arrow", number, line, notes=notes, hint=HINT)
    else:
        message = f"{line}, first in {table.listing.place(number)}"
        draft.problems.report("doubled-arrow", message, arrow.span, hint=HINT)
    node.broken = True


# ------------------------------------------------------------- dead weights


def dead_rows(table: Table, open_: set[str], wired: set[str]) -> list[int]:
    """The learnt rows into nodes that reach an end (`wired`), but to whose excitations no gradient comes (`open_`)."""
    edges = table.edges
    dead = np.array([name in wired and name not in open_ for name in edges.nodes], bool)[edges.targets]
    return np.flatnonzero(dead & edges.learnt).tolist()
