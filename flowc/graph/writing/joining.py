"""Arrows that carry the same, joined: `x1, x2 -> h1, h2 : ~`, `x -> h -> f : ~`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flowc.graph.writing.lines import Line

WIDEST = 100  # letters of one end of a statement


@dataclass(frozen=True, slots=True)
class Drawn:
    """An arrow statement: every arrow of each hop carries the same."""

    ends: tuple[tuple[str, ...], ...]
    carried: str
    chains: bool = True
    lists: bool = True

    def __str__(self) -> str:
        return f"{' -> '.join(', '.join(end) for end in self.ends)} : {self.carried}"


@dataclass(frozen=True, slots=True)
class Fed:
    """Nodes that the same statements feed, `names` in their order. `comment` stands behind the first of these."""

    names: tuple[str, ...]
    statements: tuple[Drawn, ...]
    comment: str | None = None


def of_node(name: str, lines: Sequence[Line], comment: str | None) -> Fed:
    """The statements into one node, in the order of its arrows: lists of sources, then of its parts."""
    statements: list[Drawn] = []
    for line in lines:
        last = statements[-1] if statements else None
        if last and last.lists and last.ends[1] == (line.target,) and last.carried == line.carried and _lists(last, line.source):
            statements[-1] = replace(last, ends=((*last.ends[0], line.source), last.ends[1]))
        else:
            statements.append(Drawn(((line.source,), (line.target,)), line.carried, line.chains, line.lists))
    joined: list[Drawn] = []
    for statement in statements:
        last = joined[-1] if joined else None
        if last and last.lists and (last.ends[0], last.carried) == (statement.ends[0], statement.carried):
            joined[-1] = replace(last, ends=(last.ends[0], last.ends[1] + statement.ends[1]))
        else:
            joined.append(statement)
    return Fed((name,), tuple(joined), comment)


def _lists(drawn: Drawn, source: str) -> bool:
    """Whether a source joins those of a statement; a bias has a line of its own."""
    sources = drawn.ends[0]
    return source not in sources and "1" not in (source, sources[0]) and _room(*sources, source)


def _room(*names: str) -> bool:
    return sum(len(name) + 2 for name in names) <= WIDEST


def joined(fed: Sequence[Fed], place: Mapping[str, int]) -> Iterator[Fed]:
    """Neighbours with the same sources in one list, then those that a chain joins.

    `place`: of each name among the declarations, which decides the order of nodes that one statement feeds.
    """
    yield from _merged(list(_merged(fed, place, _together)), place, _behind)


def _merged(fed: Sequence[Fed], place: Mapping[str, int], merge: object) -> Iterator[Fed]:
    last: Fed | None = None
    for following in fed:
        both = None
        if last is not None and last.comment == following.comment and _in_order(last, following, place):
            both = merge(last, following)  # type: ignore[operator]
        if both is None and last is not None:
            yield last
        last = both or following
    if last is not None:
        yield last


def _in_order(first: Fed, second: Fed, place: Mapping[str, int]) -> bool:
    return place[first.names[-1]] < place[second.names[0]] and len(first.statements) == len(second.statements)


def _together(first: Fed, second: Fed) -> Fed | None:
    """Both in lists of targets, where all of their statements have the same sources."""
    pairs = list(zip(first.statements, second.statements))
    if not all(a.lists and a.ends[0] == b.ends[0] and a.carried == b.carried and _room(*a.ends[1], *b.ends[1]) for a, b in pairs):
        return None
    statements = (replace(a, ends=(a.ends[0], a.ends[1] + b.ends[1])) for a, b in pairs)
    return Fed(first.names + second.names, tuple(statements), first.comment)


def _behind(first: Fed, second: Fed) -> Fed | None:
    """The second behind the first, `x -> h -> f`, where their other statements have the same sources."""
    pairs = list(zip(first.statements, second.statements))
    if not all(a.carried == b.carried and a.chains and b.chains for a, b in pairs):
        return None
    (a, b), *others = pairs
    if a.ends[-1] != b.ends[0] or not all(x.ends[0] == y.ends[0] for x, y in others):
        return None
    if not all(x.lists for x, _ in others) or any(len(x.ends) > 2 or len(y.ends) > 2 for x, y in others) or not _room(*(n for e in a.ends for n in e), *b.ends[1]):
        return None
    chain = replace(a, ends=a.ends + b.ends[1:])
    rest = (replace(x, ends=(x.ends[0], x.ends[1] + y.ends[1])) for x, y in others)
    return Fed(first.names + second.names, (chain, *rest), first.comment)
