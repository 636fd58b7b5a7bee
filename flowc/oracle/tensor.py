"""Scalars with axes: a number, a vector, a grid, in the order of rows. Each axis knows what its elements are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from flowc.oracle.traced import Scalar, total

Axis = tuple[str, ...]  # the names of its elements: `1`, `2`, or `cat`, `dog`


@dataclass(frozen=True, slots=True)
class Tensor:
    axes: tuple[Axis, ...]
    items: Sequence[Scalar]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(map(len, self.axes))

    def map(self, function: Callable[[Scalar], Scalar]) -> Tensor:
        return Tensor(self.axes, [function(x) for x in self.items])

    def at(self, places: Sequence[int]) -> Scalar:
        """The element at a place for each axis."""
        flat = 0
        for place, axis in zip(places, self.axes, strict=True):
            flat = flat * len(axis) + place
        return self.items[flat]

    def rows(self) -> list[Sequence[Scalar]]:
        """Along the last axis."""
        n = len(self.axes[-1])
        return [self.items[k : k + n] for k in range(0, len(self.items), n)]

    def of_size(self, axes: tuple[Axis, ...]) -> Tensor:
        """With the names of a declaration; a number is repeated."""
        return Tensor(axes, self.items if self.axes else [*self.items] * prod(map(len, axes)))


def count_axis(n: int) -> Axis:
    """`1` to `n`."""
    return tuple(map(str, range(1, n + 1)))


def scalar(x: Scalar) -> Tensor:
    return Tensor((), [x])


def elementwise(function: Callable[[Scalar, Scalar], Scalar], a: Tensor, b: Tensor) -> Tensor:
    """Of equal sizes, or of a number and anything."""
    if not a.axes:
        return b.map(lambda y: function(a.items[0], y))
    if not b.axes:
        return a.map(lambda x: function(x, b.items[0]))
    return Tensor(_named_axes(a.axes, b.axes), [function(x, y) for x, y in zip(a.items, b.items, strict=True)])


def _named_axes(a: tuple[Axis, ...], b: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """Axis by axis as in the first that does not just count from 1."""
    return tuple(y if x == count_axis(len(x)) else x for x, y in zip(a, b, strict=True))


def stack_parts(parts: Sequence[Tensor]) -> Tensor:
    """`[a, b]`, `[[1, 2], [3, 4]]`."""
    axes = next((part.axes for part in parts if part.axes), ())
    return Tensor((count_axis(len(parts)), *axes), [x for part in parts for x in part.of_size(axes).items])


def transpose(a: Tensor) -> Tensor:
    """Of a vector or a number itself."""
    if len(a.axes) < 2:
        return a
    rows, columns = a.axes
    return Tensor((columns, rows), [a.at((i, j)) for j in range(len(columns)) for i in range(len(rows))])


def product_of(a: Tensor, b: Tensor, zero: Scalar) -> Tensor:
    """`a @ b`: the last axis of a runs along the first of b."""
    n = len(b.axes[0])
    columns = len(b.items) // n
    items = [
        total(((row[k], b.items[k * columns + column]) for k in range(n)), zero)
        for row in a.rows()
        for column in range(columns)
    ]
    return Tensor((*a.axes[:-1], *b.axes[1:]), items)


def pick_elements(a: Tensor, picks: Sequence[Sequence[int] | int]) -> Tensor:
    """Elements at places, or runs of them; axes without a pick stay whole."""
    along = [*picks, *(range(len(axis)) for axis in a.axes[len(picks) :])]
    places: Iterable[tuple[int, ...]] = product(*([p] if isinstance(p, int) else p for p in along))
    axes = tuple(
        tuple(axis[k] for k in p) for p, axis in zip(along, a.axes, strict=True) if not isinstance(p, int)
    )  # fmt: skip
    return Tensor(axes, [a.at(place) for place in places])
