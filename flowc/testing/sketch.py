"""A diagram that is being drawn: its statements, nodes, weights and names so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod

from flowc.maths.function import Form
from flowc.nets.verifying.diagram import Shape
from flowc.testing.choices import Choices
from flowc.testing.words import NAMES


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension as it is declared (`3`, `-1..1`, `D`) and as its elements are written."""

    declared: str
    elements: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.elements)

    @property
    def counts_from_one(self) -> bool:
        return self.elements == tuple(str(i + 1) for i in range(len(self)))


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node of the text. Its values are at most `bound` in size while inputs and weights are at most 2."""

    name: str
    axes: tuple[Axis, ...] = ()
    bound: float = 2.0
    function: str = "identity"
    declared: bool = True  # else its shape is inferred, and its elements are not written
    alone: bool = False  # of weights and numbers: the same for every token

    @property
    def shape(self) -> Shape:
        return tuple(len(a) for a in self.axes)

    @property
    def lines(self) -> int:
        """How many scalars it holds."""
        return prod(self.shape)

    @property
    def written(self) -> str:
        return self.name + sized(self.axes)


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight that has a name; `axes` where its elements can be written."""

    name: str
    shape: Shape
    axes: tuple[Axis, ...] = ()

    @property
    def declared(self) -> tuple[str, ...]:
        return tuple(axis.declared for axis in self.axes)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is declared: `node`, `h[3] "the third"` and what follows, `: tanh`."""

    keyword: str
    written: str
    follows: str = ""
    label: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.written, self.label, self.follows)))


NUMBERS = (
    "1", "-1", "0.5", "2", "-0.5", "0.25", "-1.5", "1/3", "0.7", "-0.3", "1e-1", "0", ".5", "2.", "pi/3", "sqrt(2)", "2^-1",
    "exp(-1)", "(1 - 0.25)", "-(0.5)", "+0.5", "-2^-2", "3/2*0.5",
)  # fmt: skip
SIXTEENTHS = ("1", "-1", "0.5", "-0.5", "0.25", "1.5", "-0.0625", "0.1875", "-1.25", "0")
WORDS = ("cat", '"guinea pig"', "dog", "owl")


@dataclass
class Sketch:
    """The statements and names so far. `pick` decides; `exact` keeps to exact arithmetic, `scalars` to scalar nodes.

    `without` names constructs that are left out; what is rare is so by `rarity`, less so where that is more than 1.
    `alone`: what is drawn is of weights alone.
    """

    pick: Choices
    exact: bool = False
    odd_names: bool = True
    scalars: bool = False
    without: frozenset[str] = frozenset()
    rarity: float = 1.0
    alone: bool = False
    heads: list[Item] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    nodes: list[Vertex] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    inputs: list[Vertex] = field(default_factory=list)
    targets: list[tuple[Vertex, Form]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)

    def may(self, construct: str) -> bool:
        """Whether a construct may be drawn; one that rounds is not, where arithmetic is exact."""
        return construct not in self.without and not self.exact

    def rarely(self, share: float) -> bool:
        return self.pick.chance(min(share * self.rarity, 0.5))

    # ---------------------------------------------------------- names, numbers

    def name(self, stem: str) -> str:
        """A name not yet used: `h1`, `h2`, ...; now and then one that printed texts use."""
        if self.odd_names and self.rarely(0.08):
            odd = self.pick.one(self.pick.one(NAMES))
            if odd not in self.names:
                self.names.add(odd)
                return odd
        number = 1
        while f"{stem}{number}" in self.names:
            number += 1
        self.names.add(f"{stem}{number}")
        return f"{stem}{number}"

    def number(self) -> str:
        return self.pick.one(SIXTEENTHS if self.exact else NUMBERS)

    def numbers(self, shape: Shape) -> str:
        """A number, or a literal in rows of that shape."""
        if not shape:
            return self.number()
        comma = "," if self.rarely(0.05) else ""
        return f"[{', '.join(self.numbers(shape[1:]) for _ in range(shape[0]))}{comma}]"

    # -------------------------------------------------------------------- axes

    def axes(self, most: int = 1) -> tuple[Axis, ...]:
        """The axes of a new node: none for a scalar, one, or (with `most` 2) a grid's two."""
        rank = 0 if self.scalars else self.pick.one((0, 0, 1, 1, 1, 2) if most > 1 else (0, 1))
        return tuple(self.axis() for _ in range(rank))

    def axis(self) -> Axis:
        return self.axis_of(self.pick.one((2, 3, 1, 4)))

    def axis_of(self, n: int) -> Axis:
        """An axis of n elements, declared in one of the ways."""
        form = self.pick.one(("count", "range", "index", "words", "far range", "index of a range"))
        if "range" in form and "ranges" in self.without:
            form = "count"
        if form == "words" and 1 < n <= len(WORDS):
            return Axis(self._index(", ".join(WORDS[:n]), f"K{n}"), WORDS[:n])
        low = self.pick.one((-1, 2, 7)) if form == "far range" else 0 if "range" in form else 1
        elements = tuple(str(i) for i in range(low, low + n))
        if form == "index":
            return Axis(self._index(str(n), f"D{n}"), elements)
        if form == "index of a range":
            return Axis(self._index(f"0..{n - 1}", f"R{n}"), elements)
        return Axis(f"{low}..{low + n - 1}" if "range" in form else str(n), elements)

    def _index(self, meaning: str, name: str) -> str:
        if name not in self.names:
            self.names.add(name)
            self.heads.append(Item("index", f"{name} = {meaning}"))
        return name

    # ------------------------------------------------------------------- nodes

    def declare(self, role: str, vertex: Vertex, activation: str = "", labelled: bool = False) -> Vertex:
        label = self.pick.one(LABELS) if labelled or self.pick.chance(0.03) else ""
        self.heads.append(Item(role, vertex.written, f": {activation}" if activation else "", label))
        return self.add(vertex)

    def add(self, vertex: Vertex) -> Vertex:
        """A node that is declared elsewhere, or by its equation alone."""
        vertex = replace(vertex, alone=self.alone)
        self.nodes.append(vertex)
        return vertex

    def some(self, most: int) -> list[Vertex]:
        """Up to `most` different nodes, in an order of chance."""
        left = list(reversed(self.nodes))
        chosen = []
        for _ in range(self.pick.count(1, min(most, len(left)))):
            chosen.append(self.pick.one(left))
            left.remove(chosen[-1])
        return chosen

    def of_weights(self) -> Sketch:
        """The same sketch, in which what is drawn is of weights alone. It has nodes of its own."""
        return replace(self, alone=True, nodes=[v for v in self.nodes if v.alone])


LABELS = ('"a label"', "'$h^{(1)}$'", '"$\\hat{y}_1$"', '"50 % of <all> & more"', "'it\"s'", '"größe μ"')


def sized(axes: tuple[Axis, ...]) -> str:
    """`[3, D]` as it is declared; "" of a scalar."""
    return f"[{', '.join(a.declared for a in axes)}]" if axes else ""
