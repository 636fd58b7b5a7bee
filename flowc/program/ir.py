"""The program: what to compute. Straight-line, single assignment; one step, one operation.

A value has a type: whether it has a leading batch axis, and the shape of one token of it. A batched scalar
is an array (n,), a batched vector of three is (n, 3), a weight (2, 3) has no batch axis.

Symbols are meanings, not names: the excitation of h, the gradient of that. Only a backend's printer spells
them. Temporaries and the values of anonymous nodes are parts of a longer formula: printers write them
inside the line that uses them wherever that reads better.

The operations. x, a, b are values or plain numbers; `data` is the step's constant.

    op             data              value
    literal        nested numbers    a fixed vector or matrix, not batched
    copy                             x
    add            signs (1 or -1)   ± a ± b ± ..., added from the left
    multiply                         a · b · ..., from the left
    divide                           a / b
    power                            a ** b
    compare        > >= < <= ==      truth of a > b
    where                            a where the condition holds, else b
    indicator                        1.0 where the condition holds, else 0.0
    maximum                          max(a, 0)
    logaddexp                        ln(e^a + e^0)
    exp expm1 log log1p sqrt abs sign sin cos tanh      of each element
    reduce         Reduction         the sum or mean over the batch and/or axes of a token
    largest                          the largest over the last axis, which stays with one element
    first_largest                    over the last axis: 1.0 at the first of the largest, else 0.0
    greatest                         the largest over a vector's elements; a gradient goes to the first of equals
    prod                             the product of a vector's elements
    others                           for every element of a vector the product of all the others
    count          "token" | "batch" | "all"   how many elements a token of x has; tokens in x; both; not batched
    contract       Contraction       Σ over the axes that the result lacks of a · b: every arrow with a matrix
    select         index             x[index] of each token (or of a weight)
    place          index             zeros of the result's shape, with x put at index
    stack          None | "columns"  a vector of scalars; "columns": the tokens of an element side by side in memory
    assemble       Assembly          an array put together from scalars and numbers, not batched
    lift           positions         new axes of one element at these places of the token's shape
    drop           positions         the same taken away
    reshape                          the elements in the result's shape
    spread                           x repeated to the result's type (over the batch, along new or single axes)
    zeros_like                       zeros of the shape of x
    apply          Application       a function of the registry

Elementwise operations take numbers, values of equal token shape, single axes that repeat (as numpy), and
values that are not batched; a batched scalar meets a vector only after `lift`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Literal

from flowc.program.mesh import Part
from flowc.source import NOWHERE, Span

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Type:
    batched: bool
    shape: Shape

    def __str__(self) -> str:
        return f"({', '.join([*(['n'] if self.batched else []), *map(str, self.shape)])})"


Kind = Literal["input", "target", "weight", "excitation", "activation", "mesh", "loss", "gradient", "temporary"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a value means. `owner` is the node's or weight's name; a gradient is `of` another symbol.

    kind "mesh" is the array of a mesh's values; its nodes are found there by `Program.parts`.

    kind "activation" is a node's value, also where its function is identity (it then has no excitation).
    """

    kind: Kind
    owner: str
    type: Type
    of: Symbol | None = None
    number: int = 0  # tells temporaries apart
    anonymous: bool = False  # belongs to an anonymous node: part of its owner's formula
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Of the short fields alone, and once: symbols are looked up all the time, and types rarely tell them apart."""
        object.__setattr__(self, "_hash", hash((self.kind, self.owner, self.number)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process words have another hash."""
        return Symbol, (self.kind, self.owner, self.type, self.of, self.number, self.anonymous)


Arg = Symbol | float


@dataclass(frozen=True, slots=True)
class Reduction:
    """`axes` are axes of the token (from 0); with `keep` they stay, with one element."""

    how: Literal["sum", "mean"]
    batch: bool
    axes: tuple[int, ...]
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Contraction:
    """`spec` names the tokens' axes by letters, as "i,ji->j"; the batch axis is meant, and summed if `sum_batch`."""

    spec: str
    sum_batch: bool = False


@dataclass(frozen=True)
class Assembly:
    """An array of `shape`: `entries`, row by row, each (coefficient, place of the argument or None for the coefficient
    alone)."""

    shape: Shape
    entries: tuple[tuple[float, int | None], ...]

    @cached_property
    def filled(self) -> dict[int, list[tuple[float, Shape]]]:
        """For every argument what it fills: coefficient, index of the element."""
        found: dict[int, list[tuple[float, Shape]]] = {}
        for index, (coefficient, place) in zip(product(*map(range, self.shape)), self.entries, strict=True):
            if place is not None:
                found.setdefault(place, []).append((coefficient, index))
        return found


@dataclass(frozen=True, slots=True)
class Application:
    """`function` is a name of the maths registry; `elements`: its rule over the elements of one vector."""

    function: str
    parameters: tuple[float, ...] = ()
    elements: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """`symbol` = `op`(`args`). `span` is the statement it comes from, `comment` that statement's own."""

    symbol: Symbol
    op: str
    args: tuple[Arg, ...]
    data: Any = None
    span: Span = NOWHERE
    comment: str | None = None


@dataclass(frozen=True)
class Program:
    """`gradients` maps what was asked for to the symbol of its gradient (after `differentiate`).

    `learning` are the symbols that need a target: absent from inference.
    """

    inputs: tuple[Symbol, ...]
    targets: tuple[Symbol, ...]
    weights: tuple[Symbol, ...]  # learnt and fixed, in the network's order
    steps: tuple[Step, ...]
    outputs: tuple[Symbol, ...]
    loss: Symbol | None
    excitations: dict[str, Symbol] = field(default_factory=dict)  # node -> symbol of its excitation
    activations: dict[str, Symbol] = field(default_factory=dict)  # node -> symbol of its value, inputs too
    learning: frozenset[Symbol] = frozenset()
    gradients: dict[Symbol, Symbol] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)  # node -> where in a mesh it is, if it has no symbol
    records: tuple[Any, ...] | None = None  # packed: the weights as the file has them, instead of the network's
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # packed: role -> the node in each column
    lowering: str = "nodes"  # how it was made: a name of `lowering.py`
