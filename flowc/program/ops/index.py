"""Elements taken out and put in, axes that come and go: the numbers stay what they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any, ClassVar

from flowc.program.elements import Elements, Value, indices
from flowc.program.ops.operation import Bounds, Machine, NumberWriter, Operation, Ranges, Step, Writer
from flowc.program.values import SCALAR, Arg, IllTyped, Shape, Symbol, Type, broadcast, selected, type_of

Index = tuple[int | tuple[int, int], ...]  # of each axis an element, or the first and the one after the last


def axes_of(step: Step, axes: tuple[int, ...]) -> tuple[int, ...]:
    """Axes of the argument's token as axes of its array."""
    first = step.args[0]
    shift = int(isinstance(first, Symbol) and first.type.batched)
    return tuple(a + shift for a in axes)


def array_shape(m: Machine, t: Type) -> Shape:
    return (m.batch, *t.shape) if t.batched else t.shape


def _in_array(index: Index, t: Type) -> tuple[int | slice, ...]:
    """An index into tokens as one into the array."""
    tokens = (slice(None),) if t.batched else ()
    return (*tokens, *(i if isinstance(i, int) else slice(*i) for i in index))


def _places_picked(shape: Shape, index: Index) -> list[int]:
    """The places of x[index] in x's elements; an index shorter than the shape takes the rest whole."""
    picks = [*index, *((0, n) for n in shape[len(index) :])]
    ranges = [(i,) if isinstance(i, int) else range(*i) for i in picks]
    sizes = [prod(shape[i + 1 :]) for i in range(len(shape))]
    return [sum(i * n for i, n in zip(at, sizes, strict=True)) for at in product(*ranges)]


class Select(Operation):
    """x[index] of each token (or of a weight)"""

    index: Index

    name: ClassVar[str] = "select"
    view: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(types[0].batched, selected(types[0].shape, self.index))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return args[0][_in_array(self.index, type_of(step.args[0]))]

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return b.emit(Place(self.index, type_of(step.args[0]).shape), b.spread(d, step.symbol.type))

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return tuple(args[0].elements[place] for place in _places_picked(args[0].shape, self.index))

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        """Single numbers are taken out of `first_largest` alone."""
        return 0.0, 1.0


class Place(Operation):
    """Zeros of this shape, with x put at index"""

    index: Index
    shape: Shape

    name: ClassVar[str] = "place"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(types[0].batched, self.shape)

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        t = step.symbol.type
        result = m.np.zeros(array_shape(m, t))
        result[_in_array(self.index, t)] = args[0]
        return result

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return b.emit(Select(self.index), b.spread(d, step.symbol.type))

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        elements: list[Arg] = [0.0] * prod(self.shape)
        for place, element in zip(_places_picked(self.shape, self.index), args[0].elements, strict=True):
            elements[place] = element
        return tuple(elements)


class _Same(Operation):
    """The same elements in the same order."""

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return args[0].elements


class _Single(_Same):
    """Axes of one element, which come and go."""

    positions: tuple[int, ...]


class Lift(_Single):
    """New axes of one element at these places of the token's shape"""

    name: ClassVar[str] = "lift"
    view: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        shape = list(types[0].shape)
        for p in self.positions:
            shape.insert(p, 1)
        return Type(types[0].batched, tuple(shape))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        x = args[0]
        for axis in axes_of(step, self.positions):
            x = m.np.expand_dims(x, axis)
        return x

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        if isinstance(d, Symbol) and d.type == SCALAR:
            return d
        return b.drop(b.fit(d, step.symbol.type), self.positions)


class Drop(_Single):
    """The same taken away"""

    name: ClassVar[str] = "drop"
    view: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        if any(types[0].shape[p] != 1 for p in self.positions):
            raise IllTyped("drop takes single axes")
        return Type(types[0].batched, tuple(n for i, n in enumerate(types[0].shape) if i not in self.positions))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.squeeze(args[0], axes_of(step, self.positions))

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        if not isinstance(d, Symbol) or d.type == SCALAR:
            return d
        return b.emit(Lift(self.positions), d)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return args[0]


class Reshape(_Same):
    """The elements in this shape"""

    shape: Shape

    name: ClassVar[str] = "reshape"
    view: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        if prod(types[0].shape) != prod(self.shape):
            raise IllTyped(f"{types[0]} has not as many elements as {Type(types[0].batched, self.shape)}")
        return Type(types[0].batched, self.shape)

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return args[0].reshape(array_shape(m, step.symbol.type))

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return b.emit(Reshape(type_of(step.args[0]).shape), b.spread(d, step.symbol.type))


class Spread(Operation):
    """x repeated to this type: over the batch, along new or single axes"""

    to: Type

    name: ClassVar[str] = "spread"
    view: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        if broadcast([types[0], self.to]) != self.to:
            raise IllTyped(f"{types[0]} does not spread to {self.to}")
        return self.to

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        """Batched values repeat along single axes; others take the batch axis on as well."""
        return m.np.asarray(args[0])

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """What was repeated over axes that it lacked gets their sum; `fit` does the rest."""
        x = type_of(step.args[0])
        d = b.spread(d, step.symbol.type)
        if len(x.shape) < len(d.type.shape) and x.shape:
            extra = tuple(range(len(d.type.shape) - len(x.shape)))
            return b.reduce("sum", d, axes=extra)
        return b.total(d, False) if not x.shape and x.batched else d

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return tuple(args[0].at(index) for index in indices(self.to.shape))

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return args[0]
