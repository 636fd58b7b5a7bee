"""A mesh: scalar nodes gathered into one array of values, and the lines between them, level after level.

The array has a place for each value: place 0 is the constant 1; then the values from outside that lines come from; then
the nodes, level after level, those of one function side by side; at the end the excitations that slopes need.
"From activation to excitation is a matrix multiply": each level is one, dense or sparse, of the values before it.

Three projections of one form, Σ w[line] · v[source of line] · δ[target of line], are all there is to compute:
`sums` (over the lines into each target), `pull` (over the lines out of each source), `line_gradients` (over the tokens).
"""

from __future__ import annotations

from typing import Any, Literal

from flowc.records import Record

How = Literal["dense", "sparse", "ordered"]


class Group(Record):
    """The places first .. last - 1 of nodes with one function; `excitations` is the first place of their excitations, which
    the slope needs, or None. `asked`: the diagram asks for the excitations, so a gradient may arrive there, too."""

    function: str
    parameters: tuple[float, ...]
    first: int
    last: int
    excitations: int | None = None
    asked: bool = False


class Level(Record):
    """Nodes none of which needs another: the places first .. last - 1.

    Its numbers in the weight vector begin at `start`. sparse, ordered: one for each line, row by row; `ordered` sums
    are added in the order written. dense: a matrix, a row for each node and a column for each of the places low ..
    high - 1; where `bias` is set, a column more for the constant, behind the matrix.
    """

    first: int
    last: int
    how: How
    groups: tuple[Group, ...]
    start: int
    low: int = 0
    high: int = 0
    bias: bool = False

    @property
    def rows(self) -> int:
        return self.last - self.first

    @property
    def weights(self) -> int:
        """Of a dense level: how many numbers it has."""
        return self.rows * (self.high - self.low + self.bias)


class Mesh(Record, eq=False):
    """The lines as columns (numpy's integers): line k of a row leads from place sources[k] to the row's place.

    `places` is how many there are in all, `outside` how many before the nodes. starts[j] .. starts[j + 1] - 1 are the
    lines into place `outside` + j; `weights` says which number of the weight vector each line has. The lines of sparse
    and ordered levels have its first numbers, in their own order; the matrices of dense levels stand behind them.
    """

    outside: int
    nodes: int
    places: int
    levels: tuple[Level, ...]
    starts: Any  # (nodes + 1,)
    sources: Any  # (lines,)
    weights: Any  # (lines,)
    count: int  # numbers of the weight vector

    @property
    def lines(self) -> int:
        return len(self.sources)

    @property
    def targets(self) -> Any:
        """The place that each line leads to."""
        import numpy as np

        return np.repeat(np.arange(self.outside, self.outside + self.nodes), np.diff(self.starts))


class Lines(Record, eq=False):
    """The weight vector of a mesh: numbers[k], times element elements[k] of argument arguments[k] unless that is -1."""

    numbers: Any
    arguments: Any
    elements: Any


class Part(Record):
    """Where a node of the diagram is found in a mesh: its place in the array of values."""

    mesh: Any  # the Symbol of the values
    place: int


class Pack(Record, eq=False):
    """A start made of others: `numbers` (k,), and for each drawn element its place, its weight, the element of that.

    `names` are the diagram's, one for each element: `w_h_x`, `W[1,2]`; none where they are too many to list. `order`
    says which of all numbers that the diagram learns each is; they stand one after the other as in Network.weights.
    """

    numbers: Any
    drawn: tuple[tuple[int, Any, int], ...]
    names: tuple[str, ...]
    order: Any
