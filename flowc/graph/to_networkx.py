"""The network as a graph of networkx, for those who want to analyse or draw it with other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowc.graph.network import Network

if TYPE_CHECKING:
    import networkx as nx


def as_networkx(network: Network) -> nx.MultiDiGraph:
    """A graph with a node for every circle, anonymous ones too, and for the constant "1" where it is used.

    Attributes of a node: `role` (input, target, hidden, output, loss or constant), `shape`, `function`, `parameters`,
    `excitation` (the author's name of it, or None), `label`, `anonymous`, `owner` (of an anonymous node), `learning_only`
    (absent from inference), `line` (of the `.flow` text, from 1).
    Attributes of an edge, one for every arrow and operand: `weight` (a name, or None), `coefficient` (a number, or
    rows of numbers), `learnt`, `spec` ("" for an operand), `indices` (source, weight, target), `line`.
    The attributes of the graph: `name` and `title`.
    """
    import networkx as nx

    learnt = {w.name: w.learnt for w in network.weights}
    graph = nx.MultiDiGraph(name=network.name, title=network.title)
    if any(a.source == "1" for n in network.nodes for a in n.arrows):
        graph.add_node(
            "1", role="constant", shape=(), function="identity", parameters=(), excitation=None, label=None,
            anonymous=False, owner=None, learning_only=False, line=None,
        )  # fmt: skip
    for node in network.nodes:
        line = network.source.position(node.span.start)[0]
        graph.add_node(
            node.name, role=node.role, shape=node.shape, function=node.function, parameters=node.parameters,
            excitation=node.excitation_name, label=node.label, anonymous=node.anonymous,
            owner=node.owner, learning_only=node.learning_only, line=line,
        )  # fmt: skip
    for node in network.nodes:
        for arrow in node.arrows:
            graph.add_edge(
                arrow.source,
                node.name,
                weight=arrow.weight,
                coefficient=arrow.coefficient if arrow.literal is None else arrow.literal,
                learnt=learnt.get(arrow.weight or "", False),
                spec=str(arrow.spec),
                indices=(arrow.source_index, arrow.weight_index, arrow.target_index),
                line=network.source.position(arrow.span.start)[0],
            )
        line = network.source.position(node.span.start)[0]
        for operand in node.operands:
            if operand.node is not None:
                graph.add_edge(
                    operand.node, node.name, weight=None, coefficient=1.0, learnt=False, spec="",
                    indices=(operand.index, (), ()), line=line,
                )  # fmt: skip
    return graph
