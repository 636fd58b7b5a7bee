"""Which column each node stands in: inputs first, a node after all that lead into it, outputs that lead nowhere last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from flowc.graph.network import Network, Node
from flowc.program.batch_loss import belongs_to_loss


def shown(network: Network, loss: bool) -> list[Node]:
    """The nodes of a picture, in the order of the diagram. Without the loss also without what only learning needs."""
    return [n for n in network.nodes if loss or not (belongs_to_loss(network, n) or n.role == "target" or n.learning_only)]


def sources(node: Node) -> list[str]:
    """Whatever leads into a node, each once."""
    names = [a.source for a in node.arrows if a.source != "1"] + [o.node for o in node.operands if o.node is not None]
    return list(dict.fromkeys(names))


def columns(network: Network, nodes: Sequence[Node]) -> list[list[Node]]:
    """The nodes of each column, in the order of the diagram."""
    level: dict[str, int] = {}
    for node in nodes:
        before = [level[name] for name in sources(node) if name in level]
        level[node.name] = 0 if node.role == "input" else 1 + max(before, default=0)
    drain = _nodes_read_on(network, nodes)
    last = max((level[n.name] for n in nodes if n.role == "output"), default=0)
    last = max([last, *(level[n.name] for n in nodes if not belongs_to_loss(network, n) and not n.learning_only)], default=0)
    for node in nodes:
        if node.role == "output" and node.name not in drain and not node.learning_only:
            level[node.name] = last
    _delay_targets(nodes, level)
    return _gather_columns(nodes, level)


def _nodes_read_on(network: Network, nodes: Iterable[Node]) -> set[str]:
    """The nodes from which something leads on, other than into the loss."""
    return {name for n in nodes if not belongs_to_loss(network, n) and not n.learning_only for name in sources(n)}


def _delay_targets(nodes: Sequence[Node], level: dict[str, int]) -> None:
    """What needs a target comes after the outputs, and a target just before what needs it."""
    for node in nodes:
        if node.role not in ("input", "target"):
            before = [level[name] for name in sources(node) if name in level]
            level[node.name] = max([level[node.name], *(1 + k for k in before)])
    for node in nodes:
        if node.role == "target":
            after = [level[n.name] for n in nodes if node.name in sources(n)]
            level[node.name] = max(min(after, default=1) - 1, 0)


def _gather_columns(nodes: Sequence[Node], level: dict[str, int]) -> list[list[Node]]:
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        columns[level[node.name]].append(node)
    for column in columns.values():
        column.sort(key=lambda n: n.role == "target")
    return [columns[k] for k in sorted(columns)]
