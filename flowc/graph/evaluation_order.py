"""The order of evaluation: topological, ties by place in the text; cycles with their path."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING

from flowc.graph.draft import Draft, DraftNode, references
from flowc.graph.files.lazy_arrows import written
from flowc.source import Span
from flowc.syntax import tree as t

if TYPE_CHECKING:
    import networkx as nx


def place_of(node: DraftNode) -> tuple[int, int]:
    """Where a node stands in the text, and in the file of that statement: its equation, its first arrow in, or else
    where it is declared."""
    fed = node.equation is None and node.owner is None and node.arrows
    row = node.row if not fed else 0 if isinstance(node.arrows, list) else node.arrows.number
    return span_of(node).start, row


def span_of(node: DraftNode) -> Span:
    if node.equation is not None:
        return node.equation.span
    if node.owner is None and node.arrows:
        return (node.arrows[0] if isinstance(node.arrows, list) else node.arrows).span
    return node.span if node.owner else node.name_span


def sources_of(node: DraftNode) -> list[str]:
    """The names a node is computed from, as often as they are used; of one that a file feeds, the constant too."""
    if not isinstance(node.arrows, list):
        return node.arrows.sources()
    return [a.source for a in node.arrows if a.source != "1"] + [o.node for o in node.operands if o.node]


def ordered(draft: Draft) -> list[DraftNode]:
    """All nodes in order of evaluation; the nodes without a name stand right before their owner.

    There must be no cycle.
    """
    groups: dict[str, list[DraftNode]] = {}
    for node in draft.nodes.values():
        groups.setdefault(node.owner or node.name, []).append(node)
    names = sorted(groups, key=lambda name: place_of(draft.nodes[name]))
    rank = {name: k for k, name in enumerate(names, 1)}
    number = {"1": 0, **{node.name: rank[node.owner or node.name] for node in draft.nodes.values()}}
    needs: list[list[int]] = [[] for _ in range(len(names) + 1)]
    for node in draft.nodes.values():
        k = number[node.name]
        texts = [a.source for a in written(node.arrows)] + [o.node for o in node.operands if o.node]
        needs[k] += [source for source in map(number.__getitem__, texts) if source != k]
    for table in draft.tables.values():
        for name, sources in table.wires(number):
            needs[number[name]] += sources
    nodes: list[DraftNode] = []
    for k in topological(needs)[1:]:
        group = groups[names[k - 1]]
        nodes += [n for n in group if n.owner] + [n for n in group if not n.owner]
    return nodes


def topological(needs: list[list[int]]) -> list[int]:
    """The numbers from 0, each after those it needs, and the smallest first of those that can come next.

    What stands in a cycle, or needs what does, is missing.
    """
    waiting = [len(sources) for sources in needs]
    readers: list[list[int]] = [[] for _ in needs]
    for k, sources in enumerate(needs):
        for source in sources:
            readers[source].append(k)
    ready = [k for k, count in enumerate(waiting) if not count]
    order = []
    while ready:
        first = heappop(ready)
        order.append(first)
        for k in readers[first]:
            waiting[k] -= 1
            if not waiting[k]:
                heappush(ready, k)
    return order


def written_edges(draft: Draft, tree: t.Tree) -> dict[str, dict[str, Span]]:
    """For each node, the nodes it is computed from and where the text says so; known before any size is."""
    edges: dict[str, dict[str, Span]] = {name: {} for name in draft.nodes}
    fed = _nodes_fed(draft)
    for statement in tree.statements:
        match statement:
            case t.PlainArrows():
                for source, target, _, start, end in statement.arrows:
                    if source in edges and target in fed:
                        edges[target].setdefault(source, Span(start, end))
            case t.Arrows():
                ends = [[e.name for e in end if isinstance(e, t.Ref) and e.name in edges] for end in statement.ends]
                for name, following in ((s, n) for one, two in pairwise(ends) for s in one for n in two):
                    if following in fed:
                        edges[following].setdefault(name, statement.span)
            case t.Equation() if draft.equations.get(statement.left.name) is statement:
                for ref in references(statement.right):
                    if ref.name in edges:
                        edges[statement.left.name].setdefault(ref.name, statement.span)
    return edges


def _nodes_fed(draft: Draft) -> set[str]:
    """The nodes that arrows may lead into."""
    nodes = draft.nodes.values()
    return {n.name for n in nodes if n.role not in ("input", "target") and n.name not in draft.equations}


def report_cycles(draft: Draft, edges: dict[str, dict[str, Span]]) -> bool:
    """Report a shortest cycle of every knot of nodes that need each other; True if there is one."""
    left = _waiting_forever(draft, edges)
    if not left:
        return False
    import networkx as nx

    graph = nx.DiGraph((source, target) for target, sources in left.items() for source in sources if source in left)
    knots = [k for k in nx.strongly_connected_components(graph) if len(k) > 1 or graph.has_edge(*(list(k) * 2))]
    for knot in sorted(knots, key=lambda k: min(place_of(draft.nodes[n]) for n in k)):
        _report_cycle(draft, edges, _shortest_cycle(draft, graph.subgraph(knot)))
        for name in knot:
            draft.nodes[name].broken = True
    return True


def _waiting_forever(draft: Draft, edges: dict[str, dict[str, Span]]) -> dict[str, list[str]]:
    """The nodes that stand in a cycle or need one that does, with what they need, in the text and in files."""
    names = ["1", *edges]
    number = {name: k for k, name in enumerate(names)}
    needs = [[], *([number[source] for source in sources] for sources in edges.values())]
    fed = _nodes_fed(draft) if draft.tables else set()
    for table in draft.tables.values():
        for target, sources in table.wires(number):
            if target in fed:
                needs[number[target]] += sources
    if all(max(sources, default=-1) < k for k, sources in enumerate(needs)):
        return {}  # written from the inputs on
    order = topological(needs)
    left = set(range(len(needs))).difference(order) if len(order) < len(needs) else ()
    return {names[k]: [names[source] for source in needs[k]] for k in sorted(left)}


def _shortest_cycle(draft: Draft, knot: nx.DiGraph) -> list[str]:
    """A shortest cycle through the knot's first node in the text."""
    import networkx as nx

    first = min(knot, key=lambda n: (place_of(draft.nodes[n]), n))
    best: list[str] = []
    for following in sorted(knot.successors(first)):
        if following == first:
            return [first]
        path = nx.shortest_path(knot, following, first)
        if not best or len(path) < len(best):
            best = path
    return [first, *best[:-1]]


def _report_cycle(draft: Draft, edges: dict[str, dict[str, Span]], cycle: list[str]) -> None:
    steps = list(zip(cycle, [*cycle[1:], cycle[0]]))
    path = " -> ".join([*cycle, cycle[0]])
    if len(cycle) > 12:
        path = " -> ".join([*cycle[:6], "…", *cycle[-3:], cycle[0]])
    places = [_place_of_need(draft, edges, source, target) for source, target in steps[:8]]
    notes = [(f"`{target}` needs `{source}` {place[0]}", place[1]) for (source, target), place in zip(steps, places)]
    merged = {name for name in cycle if name in draft.merged}
    message = f"`{cycle[0]}` needs itself" if len(cycle) == 1 else f"these nodes need each other: {path}"
    hint = "a value cannot need itself: take one of these arrows or terms away"
    if len(cycle) == 1 and not merged:
        hint = "a node cannot feed itself; delays are not part of the language"
    row, span = places[0]
    message = message if row == "here" else f"{row.removeprefix('in ')}: {message}"
    draft.problems.report("cycle", message, span, notes=notes if len(cycle) > 1 else (), hint=hint)


def _place_of_need(draft: Draft, edges: dict[str, dict[str, Span]], source: str, target: str) -> tuple[str, Span]:
    """Where it is said that a node needs another: "here", or "in edges.csv, row 17"."""
    if source in edges[target]:
        return "here", edges[target][source]
    for table in draft.tables.values():
        if number := table.number_of(source, target):
            return f"in {table.listing.place(number)}", table.edges.span
    raise AssertionError(f"nothing says that {target} needs {source}")
