"""The order of evaluation: topological, ties by place in the text; cycles with their path."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import pairwise

from flowc.graph.draft import Draft, DraftNode, references
from flowc.source import Span
from flowc.syntax import tree as t


def place_of(node: DraftNode) -> int:
    """Where a node stands in the text: its equation or its first arrow in; an input's declaration."""
    return span_of(node).start


def span_of(node: DraftNode) -> Span:
    if node.equation is not None:
        return node.equation.span
    if node.owner is None and node.arrows:
        return node.arrows[0].span
    return node.span if node.owner else node.name_span


def sources_of(node: DraftNode) -> list[str]:
    """The names a node is computed from, as often as they are used."""
    return [a.source for a in node.arrows if a.source != "1"] + [o.node for o in node.operands if o.node]


def ordered(draft: Draft) -> list[DraftNode]:
    """All nodes in order of evaluation; the nodes without a name stand right before their owner.

    There must be no cycle.
    """
    groups: dict[str, list[DraftNode]] = {}
    for node in draft.nodes.values():
        groups.setdefault(node.owner or node.name, []).append(node)
    owner = {node.name: node.owner or node.name for node in draft.nodes.values()}
    readers: dict[str, list[str]] = {name: [] for name in groups}
    waiting: dict[str, int] = {}
    for name, group in groups.items():
        needed = {owner[s] for node in group for s in sources_of(node)} - {name}
        waiting[name] = len(needed)
        for source in needed:
            readers[source].append(name)
    places = {name: (place_of(draft.nodes[name]), k) for k, name in enumerate(groups)}
    ready = [(places[name], name) for name, count in waiting.items() if count == 0]
    heapify(ready)
    found: list[DraftNode] = []
    while ready:
        _, name = heappop(ready)
        group = groups[name]
        found += [n for n in group if n.owner] + [n for n in group if not n.owner]
        for reader in readers[name]:
            waiting[reader] -= 1
            if waiting[reader] == 0:
                heappush(ready, (places[reader], reader))
    return found


def written_edges(draft: Draft, tree: t.Tree) -> dict[str, dict[str, Span]]:
    """For each node, the nodes it is computed from and where the text says so; known before any size is."""
    edges: dict[str, dict[str, Span]] = {name: {} for name in draft.nodes}
    fed = {n.name for n in draft.nodes.values() if n.role not in ("input", "target") and n.name not in draft.equations}
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


def report_cycles(draft: Draft, edges: dict[str, dict[str, Span]]) -> bool:
    """Report a shortest cycle of every knot of nodes that need each other; True if there is one."""
    if _is_acyclic(edges):
        return False
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(edges)
    graph.add_edges_from((source, target) for target, sources in edges.items() for source in sources)
    knots = [k for k in nx.strongly_connected_components(graph) if len(k) > 1 or graph.has_edge(*(list(k) * 2))]
    for knot in sorted(knots, key=lambda k: min(place_of(draft.nodes[n]) for n in k)):
        _report_cycle(draft, edges, _shortest_cycle(draft, graph.subgraph(knot)))
        for name in knot:
            draft.nodes[name].broken = True
    return True


def _is_acyclic(edges: dict[str, dict[str, Span]]) -> bool:
    waiting = {name: len(sources) for name, sources in edges.items()}
    readers: dict[str, list[str]] = {name: [] for name in edges}
    for target, sources in edges.items():
        for source in sources:
            readers[source].append(target)
    ready = [name for name, count in waiting.items() if count == 0]
    done = 0
    while ready:
        done += 1
        for reader in readers[ready.pop()]:
            waiting[reader] -= 1
            if waiting[reader] == 0:
                ready.append(reader)
    return done == len(edges)


def _shortest_cycle(draft: Draft, knot) -> list[str]:  # type: ignore[no-untyped-def]
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
    notes = [(f"`{target}` needs `{source}` here", edges[target][source]) for source, target in steps[:8]]
    merged = {name for name in cycle if name in draft.merged}
    message = f"`{cycle[0]}` needs itself" if len(cycle) == 1 else f"these nodes need each other: {path}"
    hint = "a value cannot need itself: take one of these arrows or terms away"
    if len(cycle) == 1 and not merged:
        hint = "a node cannot feed itself; delays are not part of the language"
    draft.problems.report(
        "cycle", message, edges[steps[0][1]][steps[0][0]], notes=notes if len(cycle) > 1 else (), hint=hint
    )
