"""The tree: what was written. Nothing here knows what it means.

Every item has a span. Names are already NFKC-folded, with subscript digits as digits; strings are
without their quotes; `−` is `-`, `→` is `->`.
"""

from __future__ import annotations

from typing import Literal

from flowc.records import Record
from flowc.source import Span

# ---------------------------------------------------------------- expressions


class Number(Record):
    """`0.5`; `text` is its spelling. Whole numbers without point or exponent are ints."""

    value: float | int
    text: str
    span: Span


class Text(Record):
    """`"Iris-setosa"`"""

    value: str
    span: Span


class Range(Record):
    """`1..2` in an index; the bounds are numbers, a sign and a number, or names of elements."""

    low: Expression
    high: Expression
    span: Span


class Ref(Record):
    """`x`, `x[1]`, `W[j, i]`, `h[1..2]`, `y["Iris-setosa"]`; `index` is None without brackets."""

    name: str
    index: tuple[Expression | Range, ...] | None
    span: Span


class Negative(Record):
    operand: Expression
    span: Span


Operator = Literal["+", "-", "*", "/", "@", "^"]


class Binary(Record):
    op: Operator
    left: Expression
    right: Expression
    span: Span


class Transpose(Record):
    """`W^T`"""

    operand: Expression
    span: Span


class Call(Record):
    """`step(a + b)`, `normal(0, 0.5)`, `gd(rate=0.1)`; `name_span` is the name alone."""

    name: str
    args: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression, Span], ...]
    span: Span
    name_span: Span


class List(Record):
    """`[1, 2]`, `[[1, 2], [3, 4]]`, `[s1, s2]`"""

    items: tuple[Expression, ...]
    span: Span


Expression = Number | Text | Ref | Negative | Binary | Transpose | Call | List

# ----------------------------------------------------------------- statements


class Header(Record):
    """`flow NAME "title"`"""

    name: str
    title: str | None
    span: Span
    name_span: Span


class IndexRange(Record):
    """`D = 4` (`names` None, 1..4), `digit = 0..9` (`names` None), `class = cat, dog` (`names`)."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] | None
    span: Span
    counted: bool = False  # written as a count, `D = 4`, and so open to `--set D=5`


class Indices(Record):
    """`index D = 4, M = 2`"""

    items: tuple[IndexRange, ...]
    span: Span


class Activation(Record):
    """`: step`, `: leaky_relu(0.1)`: a function's name and its numbers."""

    name: str
    args: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression, Span], ...]
    span: Span


Role = Literal["input", "target", "node", "output"]


class DeclaredNode(Record):
    """One name of a declaration. `size` holds one entry a dimension: Number, Range or Ref (an index's name).

    `activation` is already spread over the bare names before it (`node a, b : tanh`).
    """

    name: str
    size: tuple[Expression | Range, ...] | None
    label: str | None
    activation: Activation | None
    span: Span  # the name


class Declaration(Record):
    role: Role
    items: tuple[DeclaredNode, ...]
    span: Span


class NodesFile(Record):
    """`nodes "nodes.csv"`: scalar nodes that a file lists, a row each."""

    path: str
    span: Span
    path_span: Span


class Start(Record):
    """How a weight starts: `= v` (kind "fixed"), `~ v`, `~ normal(0, 1)` or `~` (kind "learnt", value maybe None)."""

    kind: Literal["fixed", "learnt"]
    value: Expression | None
    span: Span


class DeclaredWeight(Record):
    """One name of `weight`; `start` is already spread over the bare names before it; a bare one is `~`."""

    name: str
    size: tuple[Expression | Range, ...] | None
    start: Start
    span: Span  # the name
    label: str | None = None


class Weights(Record):
    items: tuple[DeclaredWeight, ...]
    span: Span


class Carried(Record):
    """What an arrow carries after `:`.

    `: 0.5`, `: W^T`, `: [[1, 2]]`  expression, name and start None
    `: ~`, `: ~ normal(0, 1)`       start only
    `: W ~ normal(0, 1)`, `: b = 1` name (a Ref, it may have index variables) and start
    """

    expression: Expression | None
    name: Ref | None
    start: Start | None
    span: Span


class Arrows(Record):
    """`a, b -> c -> d : W`: `ends` are the lists between the arrows; an end is a Ref or a Number."""

    ends: tuple[tuple[Ref | Number, ...], ...]
    carried: Carried | None
    span: Span


class PlainArrows(Record):
    """A run of lines `NAME -> NAME : NUMBER`, kept as columns since there may be 10^5 of them.

    Each arrow is (source, target, number, start, end); source "1" is the constant, start and end its offsets.
    """

    arrows: tuple[tuple[str, str, float, int, int], ...]
    span: Span


class EdgesFile(Record):
    """`edges "edges.csv"`: arrows between scalar nodes that a file lists, a row each."""

    path: str
    span: Span
    path_span: Span


class Equation(Record):
    """`left = right`; `left` is a Ref (with an index it is an error of the graph stage)."""

    left: Ref
    right: Expression
    span: Span


class Loss(Record):
    name: str | None
    expression: Expression
    span: Span
    name_span: Span | None = None


class Column(Record):
    """A column's head: its spelling `text` (`x`, `x[1]`, `x[1..2]`, "sepal length") and, unless quoted, its Ref."""

    text: str
    ref: Ref | None
    span: Span


class Cell(Record):
    """A number (float or int), a word or a text of a table; `text` is its spelling."""

    value: float | int | str
    text: str
    span: Span


class DataTable(Record):
    """`data { x1 x2 | f ; 0 0 | 0 }`; `bar` counts the columns left of the bar, None without one.

    `part` is "train", "test" or None. Rows are already of one width with bars in one place.
    """

    part: str | None
    columns: tuple[Column, ...]
    bar: int | None
    rows: tuple[tuple[Cell, ...], ...]
    span: Span


class DataFile(Record):
    """`data "iris.csv"`, `data train "a.csv"`"""

    part: str | None
    path: str
    span: Span
    path_span: Span


class DataFormulas(Record):
    """`data { x = linspace(-pi, pi, 2000) ; y = sin(x) }`"""

    part: str | None
    formulas: tuple[tuple[Ref, Expression], ...]
    span: Span


class Train(Record):
    method: Call
    span: Span


Statement = (
    Header | Indices | Declaration | NodesFile | Weights | Arrows | PlainArrows | EdgesFile | Equation | Loss
    | DataTable | DataFile | DataFormulas | Train
)  # fmt: skip


class Comment(Record):
    """`# text` with its `#`; `own_line` when nothing stands before it on its line."""

    text: str
    own_line: bool
    span: Span


class Tree(Record):
    """A whole file. Comments are kept apart, by place; `syntax.comments` says to whom each belongs."""

    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]
