"""Arrows that carry the same, joined: `x1, x2 -> h1, h2 : ~`, `x -> h -> f : ~`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flowc.graph.network import Axis
from flowc.graph.writing.declaring import comment_of
from flowc.graph.writing.lines import Line
from flowc.records import Record

WIDEST = 100  # letters of one end of a statement
APART = 1  # how many of the statements into neighbours may differ where the others are joined


class Drawn(Record):
    """An arrow statement: every arrow of each hop carries the same. `lists`, `chains`: of what it may be one."""

    ends: tuple[tuple[str, ...], ...]
    carried: str
    chains: bool = True
    lists: bool = True
    comment: str | None = None
    block: tuple[str, str, int] | None = None  # of the lines that share one weight
    runs: tuple[Axis, ...] = ()  # what its variables run over

    def __str__(self) -> str:
        return f"{' -> '.join(', '.join(end) for end in self.ends)} : {self.carried}{comment_of(self.comment)}"


Column = tuple[Drawn, ...]


class Fed(Record):
    """Nodes that the same number of statements feed: `columns` are their first ones, their second ones, …

    The last of the nodes is `name`.
    """

    name: str
    columns: tuple[Column, ...]

    @property
    def statements(self) -> Iterator[Drawn]:
        for column in self.columns:
            yield from column


def statements_into(name: str, lines: Sequence[Line], comment: str | None) -> Fed:
    """The statements into one node, in the order of its arrows: lists of sources, then of its parts."""
    statements: list[Drawn] = []
    for line in lines:
        last = statements[-1] if statements else None
        alone = Drawn(((line.source,), (line.target,)), line.carried, line.chains, line.lists, None, line.block, line.runs)
        if last and last.lists and last.ends[1] == (line.target,) and _carry_alike(last, alone) and _joins_list(last, line.source):
            statements[-1] = replace(last, ends=((*last.ends[0], line.source), last.ends[1]))
        else:
            statements.append(alone)
    joined: list[Drawn] = []
    for statement in statements:
        last = joined[-1] if joined else None
        if last and last.lists and last.ends[0] == statement.ends[0] and _carry_alike(last, statement):
            joined[-1] = replace(last, ends=(last.ends[0], last.ends[1] + statement.ends[1]))
        else:
            joined.append(statement)
    if joined:
        joined[0] = replace(joined[0], comment=comment)
    return Fed(name, tuple((statement,) for statement in joined))


def _carry_alike(first: Drawn, second: Drawn) -> bool:
    """Whether two carry the same, for elements of the same names."""
    return first.carried == second.carried and first.runs == second.runs


def _joins_list(drawn: Drawn, source: str) -> bool:
    """Whether a source joins those of a statement; a bias has a line of its own."""
    sources = drawn.ends[0]
    return source not in sources and "1" not in (source, sources[0]) and _has_room((*sources, source))


def _has_room(names: Sequence[str]) -> bool:
    return sum(len(name) + 2 for name in names) <= WIDEST


def join_neighbours(fed: Sequence[Fed], place: Mapping[str, int]) -> Iterator[Fed]:
    """Neighbours joined as far as they can be.

    `place`: of each name among the declarations, which decides the order of nodes that one statement feeds.
    """
    last: Fed | None = None
    for following in fed:
        both = _join_fed(last, following, place) if last is not None else None
        if both is None and last is not None:
            yield last
        last = both or following
    if last is not None:
        yield last


def _join_fed(first: Fed, second: Fed, place: Mapping[str, int]) -> Fed | None:
    """The two together, each column with as few statements as can be; None where too many of them differ."""
    if len(first.columns) != len(second.columns):
        return None
    columns = []
    apart = 0
    for k, (ours, (theirs,)) in enumerate(zip(first.columns, second.columns)):
        one = _join_statements(ours[-1], theirs) if k or place[first.name] < place[second.name] else None
        columns.append((*ours[:-1], one) if one else (*ours, theirs))
        apart += one is None
    return Fed(second.name, tuple(columns)) if apart < len(columns) and apart <= APART else None


def _join_statements(first: Drawn, second: Drawn) -> Drawn | None:
    """Two statements as one: the second's targets behind the first's, or the second behind the first, `x -> h -> f`."""
    if not _carry_alike(first, second) or first.comment != second.comment:
        return None
    *_, sources, targets = first.ends
    shared = first.block is not None and first.block == second.block
    if shared or first.lists and sources == second.ends[0] and _has_room(targets + second.ends[1]):
        return replace(first, ends=(*first.ends[:-1], targets + second.ends[1]))
    if first.chains and second.chains and targets == second.ends[0] and _has_room([n for end in first.ends for n in end]):
        return replace(first, ends=first.ends + second.ends[1:])
    return None
