"""A number that knows its derivatives: by the chain rule, from the last operation back to the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

_ORDER = count()


class Traced:
    """`value`, and for each number that it was made of the slope in it. `slope` is found by `trace`."""

    __slots__ = ("order", "slope", "sources", "value")

    def __init__(self, value: Any, sources: Sequence[tuple[Traced, Any]] = ()):
        self.value = value
        self.sources = sources
        self.order = next(_ORDER)
        self.slope: Any = 0

    def __add__(self, other: Any) -> Traced:
        if isinstance(other, Traced):
            return Traced(self.value + other.value, ((self, 1), (other, 1)))
        return Traced(self.value + other, ((self, 1),))

    __radd__ = __add__

    def __neg__(self) -> Traced:
        return Traced(-self.value, ((self, -1),))

    def __sub__(self, other: Any) -> Traced:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Traced:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Traced:
        if isinstance(other, Traced):
            return Traced(self.value * other.value, ((self, other.value), (other, self.value)))
        return Traced(self.value * other, ((self, other),))

    __rmul__ = __mul__


Scalar = Any  # a Traced, or a plain number of the arithmetic


def value_of(x: Scalar) -> Any:
    return x.value if isinstance(x, Traced) else x


def total(terms: Iterable[tuple[Scalar, Scalar]], zero: Any) -> Scalar:
    """The sum of products, in their order."""
    value, sources = zero, []
    for a, b in terms:
        x, y = value_of(a), value_of(b)
        value = value + x * y
        if isinstance(a, Traced):
            sources.append((a, y))
        if isinstance(b, Traced):
            sources.append((b, x))
    return Traced(value, sources) if sources else value


def trace(of: Scalar) -> None:
    """Sets `slope`, the derivative of `of`, of every number that it was made of."""
    if not isinstance(of, Traced):
        return
    reached = _reach_all(of)
    for number in reached:
        number.slope = 0
    of.slope = 1
    for number in sorted(reached, key=lambda n: n.order, reverse=True):
        slope = number.slope
        for source, factor in number.sources:
            source.slope = source.slope + slope * factor


def _reach_all(of: Traced) -> set[Traced]:
    reached, left = {of}, [of]
    while left:
        for source, _ in left.pop().sources:
            if source not in reached:
                reached.add(source)
                left.append(source)
    return reached
