"""A trace: what a net computes for one token, and how, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from flowc.graph.network import Network
from flowc.learning.trace.formula import Formula, Leaf, Quantity
from flowc.learning.trace.names import Names
from flowc.records import Record

Array = np.ndarray


class Found(Record, eq=False):
    """What a net found for one token, by name, as arrays of one token's shape.

    Nodes have a value, if they have a name; `xi` gives a node's excitation its name. Gradients are of the loss, by nodes,
    excitations and learnt weights; `after` is the loss once each weight has gone `rate` times its gradient downhill, and
    `rate_from` says whose rate that is.
    """

    values: Mapping[str, Array]  # of nodes and excitations
    xi: Mapping[str, str]
    weights: Mapping[str, Array]  # learnt and fixed
    gradients: Mapping[str, Array]
    loss: float | None = None
    rate: float = 0.1
    rate_from: str = "flowc's own"
    after: float | None = None


class Line(Record):
    """`left` = `formula`; without one, a number that is given. what: its part in the story, as "slope"."""

    what: str
    left: Quantity
    formula: Formula | None = None


class Gap(Record):
    """So many elements are left out."""

    count: int


class Block(Record):
    """The lines of one node, or of one of its elements."""

    name: str
    lines: tuple[Line | Gap, ...]


class Section(Record):
    """name: forward, loss, backward, weights, step."""

    name: str
    blocks: tuple[Block, ...]

    def lines(self) -> Iterator[Line]:
        for block in self.blocks:
            yield from (line for line in block.lines if isinstance(line, Line))


class Trace(Record, eq=False):
    """`numbers`: every number as it is and as it is written. `close`: the left sides of lines that the written numbers
    do not give to their last digit, because the machine's own rounding shows."""

    network: Network
    token: str
    sections: tuple[Section, ...]
    numbers: Mapping[Leaf, float]
    written: Mapping[Leaf, str]
    close: frozenset[Quantity]
    names: Names
    xi: Mapping[str, str]  # by node the name of its excitation
    functions: tuple[str, ...]  # those in formulas, by name
    loss: str
    rate: float
    rate_from: str

    @property
    def diagram(self) -> str:
        return self.network.name

    @property
    def title(self) -> str:
        return self.network.title or ""

    def holds(self, line: Line) -> bool:
        """Whether what is written of a line gives its result to the last digit."""
        return line.formula is None or line.left not in self.close

    def lines(self) -> Iterator[Line]:
        for section in self.sections:
            yield from section.lines()
