"""Fans: how many scalar lines lead into one element of a node, and out of one; the default draw depends on them."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from math import prod

from flowc.graph.draft import Draft, DraftNode
from flowc.graph.files.lazy_arrows import written
from flowc.graph.network import Arrow, Draw, Index
from flowc.graph.scalar_lines import MOST_COMPARED, count_lines, ranges, shape_of


def count_fans(draft: Draft) -> None:
    """Set the fan-in and fan-out of every drawn weight: lines into one element fed, out of one element that feeds."""
    if not any(w.start is None or isinstance(w.start, Draw) for w in draft.weights.values()):
        return
    into = {name: _Lines(shape_of(node)) for name, node in draft.nodes.items()}
    out = {name: _Lines(shape_of(node)) for name, node in draft.nodes.items()}
    _count_rows(draft, into, out)
    for node in draft.nodes.values():
        for arrow in _distinct_arrows(node):
            source = draft.nodes[arrow.source]
            elements, lines_out = count_lines(arrow, source, node)
            feeding = prod(len(r) for r in ranges(arrow.source_index, shape_of(source)))
            into[node.name].add(arrow.target_index, lines_out)
            out[arrow.source].add(arrow.source_index, elements * lines_out // feeding)
    for node in draft.nodes.values():
        for arrow in written(node.arrows):
            if arrow.weight is not None:
                weight = draft.weights[arrow.weight]
                weight.fan_in = max(weight.fan_in, into[node.name].most(arrow.target_index))
                if arrow.source != "1":
                    weight.fan_out = max(weight.fan_out, out[arrow.source].most(arrow.source_index))


def _count_rows(draft: Draft, into: dict[str, _Lines], out: dict[str, _Lines]) -> None:
    """The lines that files draw, all between scalars."""
    for table in draft.tables.values():
        for name, rows in table.into.items():
            into[name].whole += sum(source != "1" for source in rows.sources())
        for name, count in table.out.items():
            if name != "1":
                out[name].whole += count


def _distinct_arrows(node: DraftNode) -> list[Arrow]:
    """The arrows of the text from nodes; like terms of an equation are one."""
    arrows: dict[tuple[object, ...], Arrow] = {}
    for a in written(node.arrows):
        if a.source != "1":
            arrows.setdefault((a.source, a.source_index, a.target_index, a.spec.ties), a)
    return list(arrows.values())


class _Lines:
    """How many lines each element of an array has, counted arrow by arrow."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.whole = 0  # of every element
        self.parts: dict[tuple[int, ...], int] = defaultdict(int)  # of some elements, beside those

    def add(self, index: Index, lines: int) -> None:
        here = ranges(index, self.shape)
        if not index or prod(map(len, here)) > MOST_COMPARED:
            self.whole += lines
            return
        for element in product(*here):
            self.parts[element] += lines

    def most(self, index: Index) -> int:
        """The lines of that element, among those at `index`, which has most; at least 1."""
        if not self.parts:
            return self.whole or 1
        here = ranges(index, self.shape)
        if prod(map(len, here)) > len(self.parts):
            inside = (n for element, n in self.parts.items() if all(k in r for k, r in zip(element, here)))
            some = max(inside, default=0)
        else:
            some = max((self.parts.get(element, 0) for element in product(*here)), default=0)
        return max(1, self.whole + some)
