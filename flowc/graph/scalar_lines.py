"""Scalar lines: those that an arrow between vectors stands for, and which are drawn twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from math import prod

from flowc.graph.draft import Draft, DraftNode
from flowc.graph.files.lazy_arrows import written
from flowc.graph.network import Arrow, Index, Node
from flowc.graph.sizes import element_name

MOST_COMPARED = 300_000  # scalar lines of one pair of nodes that are compared one by one


def ranges(index: Index, shape: tuple[int, ...]) -> list[range]:
    """The elements that an index takes, axis by axis; one range of one element where it drops the axis."""
    full: tuple[int | tuple[int, int], ...] = index or tuple((0, n) for n in shape)
    return [range(i, i + 1) if isinstance(i, int) else range(*i) for i in full]


def ties(arrow: Arrow, source_rank: int, target_rank: int) -> dict[int, int]:
    """The axes of the source that run along with one of the target, by their numbers in the whole arrays."""
    source, target = _left_axes(arrow.source_index, source_rank), _left_axes(arrow.target_index, target_rank)
    return {axis: target[tie] for axis, tie in zip(source, arrow.spec.ties) if tie is not None}


def _left_axes(index: Index, rank: int) -> list[int]:
    """The axes that an index leaves."""
    return [axis for axis, pick in enumerate(index) if not isinstance(pick, int)] if index else [*range(rank)]


def scalar_lines(
    arrow: Arrow, source: DraftNode | None, target: DraftNode
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every line as (target's element, source's element), both as places from 0."""
    t_ranges = ranges(arrow.target_index, shape_of(target))
    s_ranges = ranges(arrow.source_index, shape_of(source) if source else ())
    tied = ties(arrow, len(s_ranges), len(t_ranges))
    ends = [(r, tied.get(axis)) for axis, r in enumerate(s_ranges)]
    for t_element in product(*t_ranges):
        choices = [r if k is None else (r[t_element[k] - t_ranges[k][0]],) for r, k in ends]
        for s_element in product(*choices):
            yield t_element, s_element


def count_lines(arrow: Arrow, source: DraftNode | Node | None, target: DraftNode | Node) -> tuple[int, int]:
    """The elements that an arrow leads into, and the lines into each."""
    t_ranges = ranges(arrow.target_index, shape_of(target))
    s_ranges = ranges(arrow.source_index, shape_of(source) if source else ())
    tied = ties(arrow, len(s_ranges), len(t_ranges))
    return prod(map(len, t_ranges)), prod(len(r) for axis, r in enumerate(s_ranges) if axis not in tied)


def doubled(draft: Draft) -> None:
    """Report lines that statements draw twice. In an equation like terms add, so they are left alone."""
    for node in draft.nodes.values():
        arrows = written(node.arrows)
        if node.owner or node.equation is not None or len(arrows) < 2:
            continue
        by_source: dict[str, list[Arrow]] = defaultdict(list)
        for arrow in arrows:
            by_source[arrow.source].append(arrow)
        for source, arrows in by_source.items():
            if len(arrows) > 1:
                _compare_lines(draft, node, source, arrows)
    if draft.tables:
        from flowc.graph.files.edge_checks import doubled_rows

        doubled_rows(draft)


def _compare_lines(draft: Draft, node: DraftNode, source: str, arrows: list[Arrow]) -> None:
    from_node = draft.nodes.get(source)
    total = sum(prod(count_lines(a, from_node, node)) for a in arrows)
    if total > MOST_COMPARED:
        _compare_blocks(draft, node, source, arrows)
        return
    seen: dict[tuple[tuple[int, ...], tuple[int, ...]], Arrow] = {}
    reported: set[int] = set()
    for arrow in arrows:
        for line in scalar_lines(arrow, from_node, node):
            first = seen.setdefault(line, arrow)
            if first is not arrow and id(arrow) not in reported:
                reported.add(id(arrow))
                named = f"{_spell_element(from_node, source, line[1])} -> {_spell_element(node, node.name, line[0])}"
                _report_line(draft, node, source, arrow, first, named)


def _compare_blocks(draft: Draft, node: DraftNode, source: str, arrows: list[Arrow]) -> None:
    """The same for many lines: blocks against blocks, lines that run one to one against the blocks of others."""
    from_node = draft.nodes.get(source)
    blocks = []
    for arrow in arrows:
        shape = shape_of(from_node) if from_node else ()
        block = (*ranges(arrow.target_index, shape_of(node)), *ranges(arrow.source_index, shape))
        blocks.append((arrow, block, any(tie is not None for tie in arrow.spec.ties)))
    for k, (arrow, block, tied) in enumerate(blocks):
        for first, other, other_tied in blocks[:k]:
            both = [range(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(block, other)]
            if not all(both):
                continue
            if tied or other_tied:
                one, two = (arrow, first) if tied else (first, arrow)
                lines = {(*e, *s) for e, s in scalar_lines(one, from_node, node)}
                if tied and other_tied:
                    meets = bool(lines.intersection((*e, *s) for e, s in scalar_lines(two, from_node, node)))
                else:
                    meets = any(all(i in r for i, r in zip(line, both)) for line in lines)
                if not meets:
                    continue
            _report_line(draft, node, source, arrow, first, "")
            break


def _spell_element(node: DraftNode | None, name: str, element: tuple[int, ...]) -> str:
    if node is None or not node.axes:
        return name
    return f"{name}[{', '.join(element_name(a, k) for a, k in zip(node.axes, element))}]"


def _report_line(draft: Draft, node: DraftNode, source: str, arrow: Arrow, first: Arrow, line: str) -> None:
    line = line or f"{source} -> {node.name}"
    here = arrow.span == first.span
    draft.problems.report(
        "doubled-arrow",
        f"the line `{line}` is drawn twice{' by this statement' if here else ''}",
        arrow.span,
        notes=() if here else (("it is drawn first here", first.span),),
        hint="take one away, or write one arrow with the sum of the two weights",
    )
    node.broken = True


def shape_of(node: DraftNode | Node) -> tuple[int, ...]:
    return tuple(len(a) for a in node.axes or ())
