"""An expression, read as the text's will be: which nodes it makes, before any text is written."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.graph.calls import reader_of
from flowc.graph.draft import Draft, DraftNode, DraftWeight
from flowc.graph.equality import of_arrows
from flowc.graph.expression_values import Num, Value, fill
from flowc.graph.network import Axis, Network, Node
from flowc.graph.problems import Abandon
from flowc.source import NOWHERE, Source
from flowc.syntax import tree as t

Axes = tuple[Axis, ...]


class Reading:
    """Reads expressions over the nodes and weights of a network."""

    def __init__(self, network: Network) -> None:
        self.draft = draft = Draft(Source("", ""))
        for node in network.nodes:
            if not node.anonymous:
                draft.places[node.name] = NOWHERE
                draft.nodes[node.name] = DraftNode(
                    node.name, node.role, node.axes, NOWHERE, function=node.function, parameters=node.parameters
                )
            if node.excitation_name:
                draft.places[node.excitation_name] = NOWHERE
        for weight in network.weights:
            draft.places[weight.name] = NOWHERE
            draft.weights[weight.name] = DraftWeight(weight.name, weight.axes, weight.learnt, None, weight.declared, NOWHERE)

    def axes_of(self, node: Node, parts: Sequence[Node], expression: t.Expression) -> Axes | None:
        """The axes of an equation's right side, if it makes this node and these parts of it; None if it does not."""
        reader = reader_of(self.draft, node.name, learning=node.role == "loss")
        node_read = DraftNode(node.name, node.role, node.axes, NOWHERE)
        try:
            value = reader.value(expression)
            if not _fits_node(value, node):
                return None
            fill(node_read, value, NOWHERE)
        except (Abandon, AssertionError, KeyError):
            return None
        finally:
            parts_read = list(reader.made)
            reader.withdraw()
            self.draft.problems.forget(0)
        alike = _facts_of_node(node_read) == _facts_of_node(node) and [_facts_of_node(m) for m in parts_read] == [_facts_of_node(p) for p in parts]
        return value.axes if alike else None


def _fits_node(value: Value, node: Node) -> bool:
    sizes = tuple(len(axis) for axis in value.axes)
    return sizes == node.shape or isinstance(value, Num) and not sizes


def _facts_of_node(node: Node | DraftNode) -> tuple[object, ...]:
    return node.name, node.axes, node.function, node.parameters, of_arrows(node.arrows), node.operands, node.owner
