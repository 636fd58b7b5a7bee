"""How well a net does: which share of the tokens it puts into the right class, and which classes it takes for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flowc.graph.network import Network, Node

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """`confusion[i, j]` counts the tokens of class i that the output puts into class j."""

    output: str
    target: str
    classes: tuple[str, ...]
    confusion: Array

    @property
    def right(self) -> int:
        return int(np.trace(self.confusion))

    @property
    def tokens(self) -> int:
        return int(self.confusion.sum())


def scores(network: Network, values: Mapping[str, Array]) -> list[Score]:
    """One for each output that the loss compares with a target of classes. `values`: of outputs and targets by name."""
    found = []
    for output, target in pairs(network):
        if output.name in values and target.name in values:
            classes = _classes(output, target, values[output.name], values[target.name])
            if classes is not None:
                found.append(Score(output.name, target.name, *classes))
    return found


def pairs(network: Network) -> list[tuple[Node, Node]]:
    """The nodes that losses compare, and the targets they are compared with."""
    nodes = {node.name: node for node in network.nodes}
    found = {}
    for node in network.nodes:
        compared = [nodes[o.node] for o in node.operands if o.node in nodes and not o.index]
        if len(compared) == 2 and compared[1].role == "target" and compared[0].role != "target":
            found[compared[0].name, compared[1].name] = compared[0], compared[1]
    return [*found.values()]


def _classes(output: Node, target: Node, found: Array, wanted: Array) -> tuple[tuple[str, ...], Array] | None:
    """The classes and their confusion; None where the target is no class."""
    if len(target.axes) == 1 and _one_hot(wanted) and found.shape == wanted.shape:
        axis = target.axes[0]
        names = axis.names or tuple(str(k) for k in range(axis.low, axis.high + 1))
        return names, _counted(wanted.argmax(axis=1), found.argmax(axis=1), len(names))
    if target.axes or output.function not in ("logistic", "step", "sign"):
        return None
    low = -1.0 if output.function == "sign" else 0.0
    if not np.isin(wanted, (low, 1.0)).all():
        return None
    middle = (low + 1) / 2
    return (f"{low:g}", "1"), _counted(wanted > middle, found >= middle, 2)


def _one_hot(wanted: Array) -> bool:
    return bool(np.isin(wanted, (0.0, 1.0)).all() and (wanted.sum(axis=1) == 1).all())


def _counted(wanted: Array, found: Array, classes: int) -> Array:
    return np.bincount(wanted.astype(int) * classes + found.astype(int), minlength=classes**2).reshape(classes, classes)
