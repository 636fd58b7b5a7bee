"""What a picture shows, without places: circles in columns, arrows between them, boxes around some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flowc.drawing.density import USUAL, Density
from flowc.drawing.label import BLANK, Label
from flowc.graph.network import Axis, Network
from flowc.graph.sizes import element_name
from flowc.records import Record

Role = Literal["input", "target", "hidden", "output", "loss"]
Key = tuple[str, tuple[int, ...]]  # a node's name and the element; () the whole


class Circle(Record):
    """A node, or an element of one. `inside` is what stands in it, `name` beside it.

    A node with an activation of its own shows the symbol of its excitation and below it the activation's curve.
    """

    key: Key
    role: Role
    column: int
    name: Label | None = None  # beside it
    inside: Label | None = None  # in the middle: of what has no excitation of its own
    excitation: Label | None = None  # above the line that parts ξ and g
    function: str = "identity"
    parameters: tuple[float, ...] = ()
    split: bool = False
    says: str = ""  # what it is, for those who do not see it
    square: bool = False  # a loss, or a vector as a box
    short: Label | None = None  # its symbol, where the author's words for it have no place


class Dots(Record):
    """So many circles are left out here, of a node or of a column; `across`: of the columns in the middle."""

    column: int
    count: int
    across: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a circle to a circle. `value`: the weight where it is a number; `weight`: which weight it carries, and the element."""

    source: Key
    target: Key
    label: Label | None = None
    value: float | None = None
    weight: tuple[str, tuple[int, ...]] | None = None
    factor: float = 1.0
    inhibits: bool = False  # ends in a bar
    blank: Label = BLANK  # what stands there instead, where it is to be filled in


class Bias(Record):
    """An arrow from the constant 1."""

    target: Key
    label: Label | None
    value: float | None = None
    weight: tuple[str, tuple[int, ...]] | None = None
    factor: float = 1.0
    inhibits: bool = False
    blank: Label = BLANK


class Box(Record):
    """What is said of a whole layer: its function, as softmax, in a frame around its circles; or a caption, without one."""

    node: str
    title: Label
    around: tuple[Key, ...]
    framed: bool = True


class Diagram(Record):
    """`columns`: the circles and dots of each, from the first to the last. `notes`: what the legend must say. `axes`: of
    nodes and weights by name, which say what elements are called."""

    name: str
    title: str
    columns: tuple[tuple[Circle | Dots, ...], ...]
    arrows: tuple[Arrow, ...]
    biases: tuple[Bias, ...]
    boxes: tuple[Box, ...]
    shared: frozenset[str]  # weights that several arrows between different nodes carry
    notes: tuple[str, ...]
    axes: Mapping[str, tuple[Axis, ...]]
    density: Density = USUAL

    def name_of(self, key: Key) -> str:
        """`h[2]`, `p[cat]`: of a node or weight, or of an element, as the text calls it."""
        name, element = key
        axes = self.axes.get(name) or (Axis(1, 1),) * len(element)
        return name + (f"[{','.join(map(element_name, axes, element))}]" if element else "")

    def circles(self) -> tuple[Circle, ...]:
        return tuple(item for column in self.columns for item in column if isinstance(item, Circle))


def axes_by_name(network: Network) -> dict[str, tuple[Axis, ...]]:
    """Of nodes and weights."""
    return {n.name: n.axes for n in network.nodes} | {w.name: w.axes for w in network.weights}
