"""The files of a network's `edges` statements as the network has them, so that its text can be read without any file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from flowc.graph.evaluation_order import topological
from flowc.graph.files.access import Files, delimiter_of
from flowc.graph.files.lazy_arrows import Mixed, Rows, source_names
from flowc.graph.network import Edges, Network, Node

MOST_COMPARED = 2000  # nodes whose order decides where the statements of files stand


def edges_files(network: Network) -> Files:
    """Gives the bytes of each file of arrows."""
    by_path = {edges.path: edges for edges in network.edges}
    return lambda path: _csv_bytes(by_path[path])


def _csv_bytes(edges: Edges) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, delimiter=delimiter_of(edges.path) or ",", lineterminator="\n")
    table.writerow(("source", "target", "weight", "learnt"))
    columns = edges.sources, edges.targets, edges.weights, edges.learnt
    for source, target, weight, learnt in zip(*(column.tolist() for column in columns)):
        table.writerow((edges.nodes[source], edges.nodes[target], repr(weight), "yes" if learnt else "no"))
    return text.getvalue().encode()


def first_rows(node: Node) -> Rows | None:
    """The rows of a file that are the first into a node, so that they say where it stands; None for a node of the text."""
    first = node.arrows.parts[0] if isinstance(node.arrows, Mixed) else node.arrows
    return first if isinstance(first, Rows) else None


def statement_order(network: Network) -> list[str | int]:
    """The statements in an order that gives the nodes theirs: names of nodes of the text, and numbers of files of arrows.

    Nodes are evaluated in the order of the text as far as they do not need each other. So whatever is ready when another
    is evaluated stands behind it; and what a file feeds stands where its statement does.
    """
    named = [node for node in network.nodes if not node.anonymous]
    home: dict[str, str | int] = {}
    for node in named:
        first = first_rows(node)
        home[node.name] = node.name if first is None else network.edges.index(first.edges)
    statements = list(dict.fromkeys([*home.values(), *range(len(network.edges))]))
    if not network.edges or len(named) > MOST_COMPARED:
        return statements
    number = {statement: k for k, statement in enumerate(statements)}
    before: list[set[int]] = [set() for _ in statements]
    for k in range(1, len(network.edges)):
        before[number[k]].add(number[k - 1])
    for earlier, later in (*_pairs_in_order(named, network), *_text_first(named, network)):
        one, other = number[home[earlier]], number[home.get(later, later)]
        if one != other:
            before[other].add(one)
    order = topological([list(sources) for sources in before])
    return [statements[k] for k in order] if len(order) == len(statements) else statements


def _pairs_in_order(named: Sequence[Node], network: Network) -> Iterator[tuple[str, str]]:
    """Each node with those that could have been evaluated in its place, and come later."""
    needs = _named_needs(network)
    waiting = {name: set(sources) for name, sources in needs.items()}
    ready = {name for name, sources in waiting.items() if not sources}
    for node in named:
        ready.discard(node.name)
        yield from ((node.name, other) for other in ready)
        for name, sources in waiting.items():
            if node.name in sources:
                sources.discard(node.name)
                if not sources:
                    ready.add(name)


def _text_first(named: Sequence[Node], network: Network) -> Iterator[tuple[str, Any]]:
    """Each node that the text feeds before a file does, with the file."""
    for node in named:
        if isinstance(node.arrows, Mixed) and first_rows(node) is None:
            yield from ((node.name, network.edges.index(p.edges)) for p in node.arrows.parts if isinstance(p, Rows))


def _named_needs(network: Network) -> dict[str, set[str]]:
    """For each named node the named nodes that it is computed from."""
    owner = {node.name: node.owner or node.name for node in network.nodes}
    needs: dict[str, set[str]] = {name: set() for name in owner.values()}
    for node in network.nodes:
        sources = [*source_names(node.arrows), *(o.node for o in node.operands if o.node)]
        needs[owner[node.name]].update(owner[name] for name in sources if name != "1")
    return {name: sources - {name} for name, sources in needs.items()}

