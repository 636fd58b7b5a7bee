"""Arrows: from statements to the lines into each node."""

from __future__ import annotations

from itertools import pairwise

from flowc.graph.arrow_ends import End, check_variables, read_ends
from flowc.graph.arrow_weights import factor_of, names_known
from flowc.graph.draft import Draft
from flowc.graph.network import Arrow
from flowc.graph.new_weights import add_fresh
from flowc.graph.problems import Abandon
from flowc.graph.weight_shapes import fitted
from flowc.maths.index_map import SCALAR_LINE
from flowc.source import Span
from flowc.syntax import tree as t


def read_arrows(draft: Draft, tree: t.Tree) -> None:
    """Give every node the arrows into it, in the order of the statements."""
    nodes = draft.nodes
    scalars = {n.name for n in nodes.values() if n.axes == () and n.role != "loss"}
    targets = {n for n in scalars if nodes[n].role not in ("input", "target") and n not in draft.equations}
    sources = scalars | {"1"}
    for statement in tree.statements:
        if isinstance(statement, t.PlainArrows):
            _read_plain(draft, statement, sources, targets)
        elif isinstance(statement, t.Arrows):
            _read_arrows(draft, statement)
        elif isinstance(statement, t.EdgesFile) and statement in draft.tables:
            from flowc.graph.files.edge_checks import draw_rows

            draw_rows(draft, statement, sources, targets)


def _read_plain(draft: Draft, statement: t.PlainArrows, sources: set[str], targets: set[str]) -> None:
    """Lines between scalars, of which there may be very many."""
    nodes = draft.nodes
    for source, target, number, start, end in statement.arrows:
        if source in sources and target in targets:
            span = Span(start, end)
            nodes[target].add(Arrow(source, SCALAR_LINE, number, None, None, span))
        else:
            _read_arrows(draft, _as_arrows(draft, source, target, number, start, end))


def _as_arrows(draft: Draft, source: str, target: str, number: float, start: int, end: int) -> t.Arrows:
    """The same line as a statement of the general kind, with the places of its parts."""
    text = draft.source.text[start:end]
    cut = max(text.find("->"), text.find("→"))
    at = start + cut + (2 if text.startswith("->", cut) else 1)
    at += len(draft.source.text[at:end]) - len(draft.source.text[at:end].lstrip())
    colon = start + text.rfind(":") + 1
    value = Span(colon + len(draft.source.text[colon:end]) - len(draft.source.text[colon:end].lstrip()), end)
    left: t.Ref | t.Number = t.Ref(source, None, Span(start, start + len(source)))
    if source == "1":
        left = t.Number(1, "1", left.span)
    ends = ((left,), (t.Ref(target, None, Span(at, at + len(target))),))
    carried = t.Carried(t.Number(number, draft.text(value), value), None, None, value)
    return t.Arrows(ends, carried, Span(start, end))


def _read_arrows(draft: Draft, statement: t.Arrows) -> None:
    """A chain is its hops, each with the same WEIGHT."""
    ends: list[list[End] | None] = [read_ends(draft, end, k) for k, end in enumerate(statement.ends)]
    if statement.carried is None:
        _no_weight(draft, statement)
    elif statement.carried.expression is not None and None in ends:
        names_known(draft, statement.carried.expression)
    for sources, targets in pairwise(ends):
        if sources is None or targets is None or statement.carried is None:
            _break_ends(draft, statement)
            continue
        try:
            _read_hop(draft, statement, statement.carried, sources, targets)
        except Abandon:
            _break_ends(draft, statement)


def _break_ends(draft: Draft, statement: t.Arrows) -> None:
    for end in statement.ends[1:]:
        for target in end:
            if isinstance(target, t.Ref) and target.name in draft.nodes:
                draft.nodes[target.name].broken = True


def _no_weight(draft: Draft, statement: t.Arrows) -> None:
    written = draft.text(statement.span)
    draft.problems.report(
        "no-weight",
        f"the arrow `{written}` has no weight",
        statement.span,
        hint=f"write `{written} : 1`, a learnt one `{written} : ~`, or a named one `{written} : w`",
    )


def _read_hop(draft: Draft, statement: t.Arrows, carried: t.Carried, sources: list[End], targets: list[End]) -> None:
    check_variables(draft, sources, targets)
    if carried.start is not None and carried.name is None:
        add_fresh(draft, statement, carried.start, sources, targets)
        return
    if carried.name is not None:
        if carried.name.name not in draft.weights:
            raise Abandon
        factor = factor_of(draft, carried.name)
    else:
        assert carried.expression is not None
        factor = factor_of(draft, carried.expression)
    for arrow, target in fitted(draft, statement, factor, sources, targets):
        draft.nodes[target].add(arrow)
