"""The arrows that files draw, as rows of columns: an `Arrow` is made when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any, overload

from flowc.graph.files.row_problems import Listing
from flowc.graph.network import Arrow, Edges
from flowc.maths.index_map import SCALAR_LINE
from flowc.source import Span


class Table:
    """The rows of one `edges` statement, found by their targets. `numbers` are the rows' numbers in the file."""

    def __init__(self, edges: Edges, numbers: Any, listing: Listing) -> None:
        self.edges = edges
        self.numbers = numbers
        self.listing = listing

    def only(self, kept: Any) -> Table:
        """Some of the rows."""
        e = self.edges
        columns = {"sources": e.sources[kept], "targets": e.targets[kept], "weights": e.weights[kept]}
        return Table(replace(e, **columns, learnt=e.learnt[kept]), self.numbers[kept], self.listing)

    @cached_property
    def order(self) -> Any:
        """The rows target by target, those of one target in the order of the file."""
        return self.edges.targets.argsort(kind="stable")

    @cached_property
    def sources(self) -> list[str]:
        """The source of each row, in `order`."""
        nodes = self.edges.nodes
        return [nodes[k] for k in self.edges.sources[self.order].tolist()]

    @cached_property
    def elements(self) -> Any:
        """The place of each learnt row's weight in the vector of them."""
        return self.edges.learnt.cumsum() - 1

    @cached_property
    def learnt_before(self) -> list[int]:
        """How many rows before each place of `order` are learnt."""
        return [0, *self.edges.learnt[self.order].cumsum().tolist()]

    @cached_property
    def into(self) -> dict[str, Rows]:
        """The rows into each node that has some."""
        nodes = self.edges.nodes
        ends = self.edges.targets[self.order].searchsorted(list(range(len(nodes) + 1))).tolist()
        numbers = self.numbers[self.order].tolist()
        return {name: Rows(self, a, b, numbers[a]) for name, a, b in zip(nodes, ends, ends[1:]) if a < b}

    def wires(self, number: dict[str, int]) -> Iterator[tuple[str, list[int]]]:
        """Each target with its sources as numbers; those that have none are 0."""
        numbers = [number.get(name, 0) for name in self.edges.nodes]
        sources = [numbers[k] for k in self.edges.sources[self.order].tolist()]
        for name, rows in self.into.items():
            yield name, sources[rows.start : rows.stop]

    @property
    def out(self) -> dict[str, int]:
        """How many rows lead out of each node."""
        return Counter(self.sources)

    def ends(self, row: int) -> tuple[str, str]:
        """The names of a row's source and target."""
        edges = self.edges
        return edges.nodes[edges.sources[row]], edges.nodes[edges.targets[row]]

    def number_of(self, source: str, target: str) -> int:
        """The number in the file of the first row that draws this arrow, 0 without one."""
        rows = self.into.get(target)
        sources = rows.sources() if rows else []
        return int(self.numbers[rows.rows[sources.index(source)]]) if rows and source in sources else 0


class Rows(Sequence[Arrow]):
    """The arrows of one file into one node. `rows` are their places in the columns of `edges`.

    They stand at start .. stop - 1 of the table's `order`; the first is row `number` of the file.
    """

    __slots__ = ("_table", "number", "start", "stop")
    from_files_alone = True

    def __init__(self, table: Table, start: int, stop: int, number: int) -> None:
        self._table, self.start, self.stop, self.number = table, start, stop, number

    @property
    def edges(self) -> Edges:
        return self._table.edges

    @property
    def rows(self) -> Any:
        return self._table.order[self.start : self.stop]

    @property
    def span(self) -> Span:
        return self._table.edges.span

    def sources(self) -> list[str]:
        """The name of each arrow's source."""
        return self._table.sources[self.start : self.stop]

    def weights(self) -> tuple[str, ...]:
        """The weight that they share, where one of them learns."""
        before = self._table.learnt_before
        name = self._table.edges.weight
        return (name,) if name is not None and before[self.stop] > before[self.start] else ()

    def written(self) -> list[Arrow]:
        """Those of the text: none."""
        return []

    def __len__(self) -> int:
        return self.stop - self.start

    def __iter__(self) -> Iterator[Arrow]:
        return self._arrows(self.rows)

    @overload
    def __getitem__(self, k: int) -> Arrow: ...
    @overload
    def __getitem__(self, k: slice) -> Sequence[Arrow]: ...
    def __getitem__(self, k: int | slice) -> Arrow | Sequence[Arrow]:
        rows = self.rows
        if isinstance(k, slice):
            return tuple(self._arrows(rows[k]))
        return next(self._arrows(rows[[k]]))

    def _arrows(self, rows: Any) -> Iterator[Arrow]:
        edges, elements = self.edges, self._table.elements[rows].tolist()
        ends, weights = edges.sources[rows].tolist(), edges.weights[rows].tolist()
        for end, weight, learnt, element in zip(ends, weights, edges.learnt[rows].tolist(), elements):
            source = edges.nodes[end]
            if learnt:
                yield Arrow(source, SCALAR_LINE, 1.0, edges.weight, None, edges.span, (), (element,))
            else:
                yield Arrow(source, SCALAR_LINE, weight, None, None, edges.span)


class Mixed(Sequence[Arrow]):
    """The arrows into one node that several statements draw, some of them in files, in the order of the statements."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[list[Arrow] | Rows, ...]) -> None:
        self.parts = parts

    @property
    def from_files_alone(self) -> bool:
        return all(isinstance(part, Rows) for part in self.parts)

    @property
    def span(self) -> Span:
        first = self.parts[0]
        return first.span if isinstance(first, Rows) else first[0].span

    @property
    def number(self) -> int:
        first = self.parts[0]
        return first.number if isinstance(first, Rows) else 0

    def sources(self) -> list[str]:
        return [s for p in self.parts for s in (p.sources() if isinstance(p, Rows) else [a.source for a in p])]

    def weights(self) -> list[str]:
        return [w for p in self.parts for w in (p.weights() if isinstance(p, Rows) else [a.weight for a in p]) if w]

    def written(self) -> list[Arrow]:
        """Those of the text."""
        return [arrow for part in self.parts if not isinstance(part, Rows) for arrow in part]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[Arrow]:
        return chain.from_iterable(self.parts)

    @overload
    def __getitem__(self, k: int) -> Arrow: ...
    @overload
    def __getitem__(self, k: slice) -> Sequence[Arrow]: ...
    def __getitem__(self, k: int | slice) -> Arrow | Sequence[Arrow]:
        return tuple(self)[k]


Arrows = list[Arrow] | Rows | Mixed


def joined(arrows: Arrows, more: list[Arrow] | Rows) -> Arrows:
    """Arrows, and those of a later statement."""
    if not arrows:
        return more
    parts = arrows.parts if isinstance(arrows, Mixed) else (arrows,)
    if isinstance(more, list) and isinstance(parts[-1], list):
        parts[-1].extend(more)
        return arrows
    return Mixed((*parts, more))


def written(arrows: Arrows) -> list[Arrow]:
    """The arrows of the text among them."""
    return arrows if isinstance(arrows, list) else arrows.written()


def weights_of(arrows: Sequence[Arrow]) -> Iterable[str]:
    """The names of the weights that they carry."""
    return arrows.weights() if isinstance(arrows, (Rows, Mixed)) else (a.weight for a in arrows if a.weight)


def source_names(arrows: Sequence[Arrow]) -> list[str]:
    """The name of each arrow's source, "1" among them; of arrows of files, without making these."""
    return arrows.sources() if isinstance(arrows, (Rows, Mixed)) else [arrow.source for arrow in arrows]
