"""Which outputs put tokens into classes: those that a loss of classes compares with a target."""

from __future__ import annotations

from flowc.graph.distributions import targets_of
from flowc.graph.network import Network, Node
from flowc.graph.sizes import element_name
from flowc.records import Record

OF_MANY = ("distribution", "outcome")  # targets of a vector: the class is the largest element
OF_TWO = ("probability", "outcome", "sign")  # targets of a number: the class is the side of the middle


class Classes(Record):
    """`output` is compared with `target`. `low`: of two classes the number of the first, 0 or -1; the other is 1."""

    output: Node
    target: Node
    low: int = 0

    @property
    def many(self) -> bool:
        """Whether the class is that of the largest element, not the side of the middle."""
        return bool(self.target.axes)

    @property
    def middle(self) -> float:
        """What is as large, or larger, is of the second of two classes."""
        return (self.low + 1) / 2

    @property
    def names(self) -> tuple[str, ...]:
        if not self.many:
            return str(self.low), "1"
        (axis,) = self.target.axes
        return tuple(element_name(axis, place) for place in range(len(axis)))


def classified(network: Network) -> list[Classes]:
    """In the order of the losses, each pair once."""
    nodes = {node.name: node for node in network.nodes}
    classes = {}
    for node in network.nodes:
        compared = [nodes[o.node] for o in node.operands if o.node in nodes and not o.index]
        if len(compared) == 2 and compared[1].role == "target" and _of_classes(node, *compared):
            output, target = compared
            low = -1 if targets_of(node.function) == "sign" or output.function == "sign" else 0
            classes[output.name, target.name] = Classes(output, target, low)
    return [*classes.values()]


def _of_classes(loss: Node, output: Node, target: Node) -> bool:
    if len(target.axes) > 1 or output.shape != target.shape or output.role == "target":
        return False
    return targets_of(loss.function) in (OF_MANY if target.axes else OF_TWO)
