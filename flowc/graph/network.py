"""The network: what the text means. Names are resolved, shapes known, every equation is nodes and arrows.

Indices are 0-based from here on. An index into an array is a tuple with one entry an axis, () for the
whole: an int picks one and drops the axis, a pair (low, high) keeps the elements low .. high - 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flowc.maths.index_map import IndexMap
from flowc.records import Record
from flowc.source import NOWHERE, Source, Span
from flowc.syntax.tree import Expression

Shape = tuple[int, ...]
Index = tuple[int | tuple[int, int], ...]
Numbers = float | tuple["Numbers", ...]  # a number, or nested rows of numbers


class Axis(Record):
    """One dimension of a node or weight: its first and last index as written, or its elements' names."""

    low: int
    high: int
    names: tuple[str, ...] | None = None
    index: str | None = None  # the `index` it came from

    def __len__(self) -> int:
        return self.high - self.low + 1


class Draw(Record):
    """A random start: an initialiser of `maths` and its numbers; "default" is uniform in ±1/sqrt(fan_in)."""

    initialiser: str
    parameters: tuple[float, ...] = ()
    fan_in: int = 1
    fan_out: int = 1


class Weight(Record):
    """A weight array, W[target, source]. `start` is a number for all, an array of `shape`, or a draw.

    `declared`: the author named it; else it was named after its ends (`W_h_x`, `b_h`).
    """

    name: str
    shape: Shape
    learnt: bool
    start: Numbers | Draw
    declared: bool
    span: Span
    axes: tuple[Axis, ...] = ()  # as written, where there are any
    label: str | None = None  # as the author says it: words, or "$mathematics$"


@dataclass(frozen=True, slots=True)
class Arrow:
    """One term of an excitation: source times weight, added into the target.

    The value added is `coefficient` · einsum(spec, source[source_index], weight[weight_index]), put at
    target[target_index]. `spec` is the map of their axes, "SOURCE,WEIGHT->TARGET": "i,ji->j" is W h, "i,ij->j"
    its transpose, "i,i->i" one to one, ",->" a scalar line. A letter of the target found on neither side
    repeats the value ("i,->j": every sum of x into all of h). A letter missing in the target is summed.
    The weight is a `Weight` by name, or `literal` numbers, or nothing but the coefficient (its part of
    the spec is then empty). The constant source is "1", without axes.
    """

    source: str
    spec: IndexMap
    coefficient: float
    weight: str | None
    literal: Numbers | None
    span: Span
    source_index: Index = ()
    weight_index: Index = ()
    target_index: Index = ()

    @property
    def factor(self) -> float:
        """All the numbers of a scalar line, of a weight's one only its coefficient."""
        assert not isinstance(self.literal, tuple)
        return self.coefficient if self.literal is None else self.coefficient * self.literal


class Edges(Record, eq=False):
    """The arrows of one `edges "edges.csv"` as columns: row k is sources[k] -> targets[k]. Numbers are those of numpy."""

    path: str  # as written in the statement
    span: Span
    nodes: tuple[str, ...]  # the names that the numbers stand for; "1" is the constant
    sources: Any  # int64 (m,)
    targets: Any  # int64 (m,)
    weights: Any  # float64 (m,): the value, or where learnt the start
    learnt: Any  # bool (m,)
    weight: str | None  # the vector of the learnt ones, None where none learns


class Operand(Record):
    """An argument of an operation of several nodes: a node (or a part of it), or a number."""

    node: str | None
    index: Index = ()
    number: float = 0.0


Role = Literal["input", "target", "hidden", "output", "loss"]


@dataclass(frozen=True, slots=True)
class Node:
    """A circle. Either arrows add up to its excitation and `function` (an activation) is applied to it;
    or `function` (product, quotient, power, dot, max, sum, mse, ...) is applied to its `operands`.
    Inputs and targets have neither.
    """

    name: str
    role: Role
    axes: tuple[Axis, ...]
    function: str = "identity"  # a name of the maths registry
    parameters: tuple[float, ...] = ()  # the function's numbers, as the 0.1 of leaky_relu(0.1); all of them
    arrows: Sequence[Arrow] = ()  # a tuple, or of `graph/files/lazy_arrows.py` where a file draws some of them
    operands: tuple[Operand, ...] = ()
    excitation_name: str | None = None  # the author's name of the excitation, `xi1`
    anonymous: bool = False  # named f_1 after its owner; part of the owner's equation
    owner: str | None = None
    label: str | None = None
    learning_only: bool = False  # depends on a target: absent from inference
    span: Span = NOWHERE  # the equation, or the first arrow in, or the declaration of an input
    comment: str | None = None  # the author's trailing comment of that statement, without `#`
    excitation_span: Span = NOWHERE  # where the excitation has an equation of its own
    excitation_comment: str | None = None

    @property
    def shape(self) -> Shape:
        return tuple(len(axis) for axis in self.axes)


class Values(Record):
    """One node's column(s) of an inline table: `rows` are numbers of the node's shape, one-hot where it is a class."""

    node: str
    rows: tuple[Numbers, ...]


class Table(Record):
    """An inline table. `header` and `cells` are as written, for printing; a column of an output is expected."""

    part: str | None
    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    values: tuple[Values, ...]
    span: Span


class File(Record):
    """Data in a file, relative to the diagram's; opened by learning alone."""

    part: str | None
    path: str
    span: Span


class Formulas(Record):
    """Data from formulas (names checked here, computed by learning): name and the tree of its expression."""

    part: str | None
    formulas: tuple[tuple[str, Expression], ...]
    span: Span


class Training(Record):
    """`train sgd(rate=0.1, batch=16)`: the method and its settings, checked."""

    method: str
    settings: tuple[tuple[str, float], ...]
    span: Span

    def setting(self, name: str, default: float) -> float:
        return dict(self.settings).get(name, default)

    @property
    def seed(self) -> int:
        """Of what is drawn."""
        return int(self.setting("seed", 0))


Data = Table | File | Formulas


class Network(Record):
    """A valid diagram. `nodes` stand in order of evaluation: topological, ties by place in the text."""

    name: str
    title: str | None
    source: Source
    nodes: tuple[Node, ...]
    weights: tuple[Weight, ...]
    loss: str | None  # the loss node's name
    data: tuple[Data, ...] = ()
    train: Training | None = None
    header_comments: tuple[str, ...] = ()
    edges: tuple[Edges, ...] = ()  # the files of arrows, in the order of the statements

    def node(self, name: str) -> Node:
        return next(n for n in self.nodes if n.name == name)

    @property
    def seed(self) -> int:
        """The one that the `train` statement names, else 0."""
        return self.train.seed if self.train else 0
