"""A value taken apart into single numbers: a shape and its elements, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from math import prod

from flowc.program.values import Arg, Shape
from flowc.records import Record

Elements = tuple[Arg, ...]


class Value(Record):
    """`elements` has one entry for each index of `shape`; it is batched where its elements are."""

    shape: Shape
    elements: Elements

    def at(self, index: Shape) -> Arg:
        """The element there; a scalar, and an axis of one element, repeat."""
        if not self.shape:
            return self.elements[0]
        return self.elements[_place_of(self.shape, index)]

    @property
    def rows(self) -> list[Elements]:
        """The elements, last axis by last axis."""
        n = self.shape[-1]
        return [self.elements[i : i + n] for i in range(0, len(self.elements), n)]


def indices(shape: Shape) -> Iterator[Shape]:
    return product(*map(range, shape))


@cache
def _strides_of(shape: Shape) -> Shape:
    return tuple(0 if n == 1 else prod(shape[i + 1 :]) for i, n in enumerate(shape))


def _place_of(shape: Shape, index: Shape) -> int:
    return sum(i * stride for i, stride in zip(index, _strides_of(shape), strict=True))
