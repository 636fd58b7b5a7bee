"""What a plot is made from, and what is wished of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from flowc.drawing.label import Label, of_author, of_symbol
from flowc.graph.network import Network, Node, Training
from flowc.program.notation import Notation
from flowc.records import Record

if TYPE_CHECKING:
    from flowc.data.dataset import Dataset
    from flowc.nets.net import Net
    from flowc.nets.opened import Opened

Array = np.ndarray
Span = tuple[float, float]
Others = Literal["learnt", "start"]
LARGEST = 1e100  # at the end of an axis: what is computed there has squares
AIR = 0.08  # of a range, on each of its sides


class Ready(Record):
    """A net, its weights, and its data if there are any. `weights_given`: the weights are someone's, not those of the start."""

    diagram: Opened
    net: Net
    weights: dict[str, Array]
    data: Dataset | None
    weights_given: bool = False

    @property
    def network(self) -> Network:
        return self.diagram.network

    @property
    def title(self) -> str:
        return self.network.title or self.network.name


class Wish(Record):
    """`names` of nodes, weights or functions; `steps` of learning; `ranges` of the axes; `soft`: shades, not regions;
    `others`: where the weights stay that a loss is not plotted over; `training`: how to learn; `theme`: the look."""

    names: tuple[str, ...] = ()
    steps: tuple[int, ...] | None = None
    ranges: tuple[Span, ...] = ()
    soft: bool = False
    others: Others = "learnt"
    training: Training | None = None
    theme: str = "light"

    def range(self, axis: int) -> Span | None:
        """Of an axis, from 0; one range is that of all."""
        return self.ranges[min(axis, len(self.ranges) - 1)] if self.ranges else None


def is_range(low: float, high: float) -> bool:
    """Whether an axis can show what lies between."""
    return -LARGEST <= low < high <= LARGEST


def label_of(notation: Notation, node: Node, place: tuple[int, ...] = ()) -> Label:
    """A node, or an element of it: as its author labels it, else its symbol."""
    return of_author(node.label) if node.label and not place else of_symbol(notation.node(node.name, place))


def element_values(values: Array, place: tuple[int, ...], axes: int = 1) -> Array:
    """An element of each token; tokens lie along so many axes."""
    index: Any = (*[slice(None)] * axes, *place)
    numbers: Array = values[index]
    return numbers


def span_around(values: Array, of: str, air: float = AIR, least: float = 0.0) -> Span:
    """From the least to the greatest value of an axis, with air on both sides: a share, or 1 where they are no farther
    apart than `least`. Raises ValueError where no axis shows them."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (-1.0, 1.0)
    wide = air * (high - low) if high - low > least else 1.0
    if not is_range(low - wide, high + wide):
        raise ValueError(f"`{of}` lies between {low:g} and {high:g}, which no axis shows; `--range FROM,TO` is a part of it")
    return low - wide, high + wide


def cut_far_values(values: Array) -> Array:
    """With a gap where a value is farther than any axis goes."""
    wide = values.astype(float)
    return np.where(np.abs(wide) <= LARGEST, wide, np.nan)


def compute_values(ready: Ready, weights: Mapping[str, Array], inputs: Mapping[str, Array]) -> dict[str, Array]:
    """Every node and excitation, with a gap where it is not finite or too far."""
    return {name: cut_far_values(values) for name, values in ready.net.values(weights, inputs).items()}


def true_values(network: Network, output: Node, data: Dataset) -> tuple[Node, Array] | None:
    """What the data say that an output should be, and the node that says it."""
    if output.name in data.expected:
        return output, data.expected[output.name]
    nodes = {n.name: n for n in network.nodes}
    pairs = [[o.node for o in n.operands if not o.index] for n in network.nodes if len(n.operands) == 2]
    compared = [nodes[b] for a, b in pairs if a == output.name and b in nodes and nodes[b].role == "target"]
    alike = [n for n in network.nodes if n.role == "target" and n.shape == output.shape]
    node = next((n for n in [*compared, *(alike if len(alike) == 1 else ())] if n.name in data.arrays), None)
    return (node, data.arrays[node.name]) if node is not None else None
