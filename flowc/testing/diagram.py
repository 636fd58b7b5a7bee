"""A diagram being made by chance: what was drawn so far, and what a drawn text is known to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Protocol, TypeVar

from flowc.doors.verifying.diagram import Form, Shape

T = TypeVar("T")


class Choices(Protocol):
    """Where chance comes from: hypothesis, or a generator of random numbers. The first choice is the simplest."""

    def one(self, options: Sequence[T]) -> T: ...

    def count(self, low: int, high: int) -> int: ...

    def chance(self, share: float = 0.5) -> bool: ...


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension as it is declared (`3`, `0..2`, `D`) and as its elements are written."""

    declared: str
    elements: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.elements)


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node of the text. Its values are at most `bound` in size while inputs and weights are at most 2."""

    name: str
    axes: tuple[Axis, ...] = ()
    bound: float = 2.0
    function: str = "identity"
    declared: bool = True  # else its shape is inferred, and its elements are not written

    @property
    def shape(self) -> Shape:
        return tuple(len(a) for a in self.axes)

    @property
    def lines(self) -> int:
        """How many scalars it holds."""
        return prod(self.shape)

    @property
    def written(self) -> str:
        return self.name + (f"[{', '.join(a.declared for a in self.axes)}]" if self.axes else "")


NUMBERS = ("1", "-1", "0.5", "2", "-0.5", "0.25", "-1.5", "1/3", "0.7", "-0.3", "1e-1", "0")
SIXTEENTHS = ("1", "-1", "0.5", "-0.5", "0.25", "1.5", "-0.0625", "0.1875", "-1.25", "0")
ODD_NAMES = ("exp", "lambda", "sum", "np", "torch", "d_h", "ξ", "loss_", "x_", "weights", "self", "W", "seed", "n")


@dataclass
class Sketch:
    """The statements and names so far. `pick` decides; `exact` keeps to exact arithmetic, `scalars` to scalar nodes."""

    pick: Choices
    exact: bool = False
    odd_names: bool = True
    scalars: bool = False
    heads: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    nodes: list[Vertex] = field(default_factory=list)
    weights: list[tuple[str, Shape]] = field(default_factory=list)
    along: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # weights by their ranges as written
    targets: list[tuple[str, Shape, Form]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def name(self, stem: str) -> str:
        """A name not yet used: `h1`, `h2`, ...; now and then one that is a word of Python or of the backends."""
        if self.odd_names and stem != "x" and self.pick.chance(0.05):
            odd = self.pick.one(ODD_NAMES)
            if odd not in self.taken:
                self.taken.add(odd)
                return odd
        number = 1
        while f"{stem}{number}" in self.taken:
            number += 1
        self.taken.add(f"{stem}{number}")
        return f"{stem}{number}"

    def number(self) -> str:
        return self.pick.one(SIXTEENTHS if self.exact else NUMBERS)

    def numbers(self, shape: Shape) -> str:
        """A number, or a literal in rows of that shape."""
        if not shape:
            return self.number()
        return f"[{', '.join(self.numbers(shape[1:]) for _ in range(shape[0]))}]"

    def start(self) -> str:
        """How a learnt weight starts, after its `~`: a value, a draw, or nothing."""
        if self.exact:
            return ""
        return self.pick.one(("", " 0.5", " normal(0, 0.5)", " uniform(-1, 1)", " 0", " glorot()", " he()", " -1/3"))

    def axes(self, most: int = 1) -> tuple[Axis, ...]:
        """The axes of a new node: none for a scalar, one, or (with `most` 2) a grid's two."""
        rank = 0 if self.scalars else self.pick.one((0, 0, 1, 1, 1, 2) if most > 1 else (0, 1))
        return tuple(self.axis() for _ in range(rank))

    def axis(self) -> Axis:
        n = self.pick.one((2, 3, 1, 4))
        counted = tuple(str(i) for i in range(1, n + 1))
        match self.pick.one(("count", "range", "index", "words")):
            case "range":
                return Axis(f"0..{n - 1}", tuple(str(i) for i in range(n)))
            case "index":
                return Axis(self.index(str(n), f"D{n}"), counted)
            case "words" if n > 1:
                words = ("cat", "dog", "bird", "owl")[:n]
                return Axis(self.index(", ".join(words), f"K{n}"), words)
        return Axis(str(n), counted)

    def index(self, meaning: str, name: str) -> str:
        if name not in self.taken:
            self.taken.add(name)
            self.heads.append(f"index {name} = {meaning}")
        return name

    def weight(self, shape: Shape, stem: str = "w") -> str:
        """A weight of that shape: one that is there already, or a new one, fixed or learnt."""
        same = [name for name, other in self.weights if other == shape]
        if same and self.pick.chance(0.4):
            return self.pick.one(same)
        name = self.name(stem)
        size = f"[{', '.join(map(str, shape))}]" if shape else ""
        fixed = self.pick.chance(0.2)
        self.heads.append(f"weight {name}{size} " + (f"= {self.numbers(shape)}" if fixed else f"~{self.start()}"))
        self.weights.append((name, shape))
        return name

    def weight_along(self, axes: tuple[Axis, ...], stem: str = "w") -> str:
        """A weight that index variables follow: its ranges are those of the nodes."""
        declared = tuple(axis.declared for axis in axes)
        same = [name for name, other in self.along if other == declared]
        if same and self.pick.chance(0.4):
            return self.pick.one(same)
        name = self.name(stem)
        shape = tuple(len(axis) for axis in axes)
        fixed = self.pick.chance(0.2)
        start = f"= {self.numbers(shape)}" if fixed else f"~{self.start()}"
        self.heads.append(f"weight {name}[{', '.join(declared)}] {start}")
        self.along.append((name, declared))
        self.weights.append((name, shape))
        return name

    def declare(self, role: str, vertex: Vertex, activation: str = "") -> Vertex:
        self.heads.append(f"{role} {vertex.written}" + (f" : {activation}" if activation else ""))
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

    def text(self) -> str:
        """Declarations first, or (their order is free) last."""
        parts = (self.body, self.heads) if self.pick.chance(0.1) else (self.heads, self.body)
        return "\n".join((*parts[0], *parts[1], ""))
