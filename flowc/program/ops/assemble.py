"""Arrays made of numbers and scalars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, ClassVar

from flowc.program.elements import Elements, Value
from flowc.program.ops.index import Select
from flowc.program.ops.operation import Bounds, Machine, NumberWriter, Operation, Ranges, Step, Writer
from flowc.program.values import SCALAR, Arg, IllTyped, Shape, Type


class Constant(Operation):
    """A fixed vector or matrix of `numbers`, row by row, not batched."""

    numbers: tuple[Any, ...]  # as deep as there are axes

    name: ClassVar[str] = "literal"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(False, _shape_of(self.numbers))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return self.numbers

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        numbers: Sequence[Any] = self.numbers
        for _ in step.symbol.type.shape[1:]:
            numbers = [n for row in numbers for n in row]
        return tuple(w.zero() if n == 0 else float(n) for n in numbers)


def _shape_of(numbers: Any) -> Shape:
    """The shape of nested rows of numbers."""
    return (len(numbers), *_shape_of(numbers[0])) if isinstance(numbers, tuple) else ()


class ZerosLike(Operation):
    """Zeros of the shape of x"""

    name: ClassVar[str] = "zeros_like"

    def result_type(self, types: Sequence[Type]) -> Type:
        return types[0]

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.zeros_like(args[0])

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return (0.0,) * len(args[0].elements)


class Stack(Operation):
    """A vector of scalars; with `columns` the tokens of an element stand side by side in memory."""

    columns: bool = False

    name: ClassVar[str] = "stack"

    def result_type(self, types: Sequence[Type]) -> Type:
        if any(t.shape for t in types):
            raise IllTyped("stack takes scalars")
        return Type(any(t.batched for t in types), (len(types),))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.stack(m.np.broadcast_arrays(*args), axis=-1)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return b.emit(Select((place,)), b.spread(d, step.symbol.type))

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return tuple(v.elements[0] for v in args)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return min(low for low, _ in args), max(high for _, high in args)


class Assemble(Operation):
    """An array of `shape` from scalars and numbers, not batched: `entries`, row by row, each (coefficient, place of the
    argument or None for the coefficient alone)."""

    __slots__ = ("__dict__",)
    shape: Shape
    entries: tuple[tuple[float, int | None], ...]

    name: ClassVar[str] = "assemble"

    @cached_property
    def filled(self) -> dict[int, list[tuple[float, Shape]]]:
        """For every argument what it fills: coefficient, index of the element."""
        entries_of: dict[int, list[tuple[float, Shape]]] = {}
        for index, (coefficient, place) in zip(product(*map(range, self.shape)), self.entries, strict=True):
            if place is not None:
                entries_of.setdefault(place, []).append((coefficient, index))
        return entries_of

    def result_type(self, types: Sequence[Type]) -> Type:
        if any(t != SCALAR for t in types):
            raise IllTyped(f"assemble takes scalars that are not batched, not {', '.join(map(str, types))}")
        if len(self.entries) != prod(self.shape):
            raise IllTyped(f"{len(self.entries)} entries do not fill {Type(False, self.shape)}")
        if any(place is not None and not 0 <= place < len(types) for _, place in self.entries):
            raise IllTyped(f"an entry of an argument beyond the {len(types)} given")
        return Type(False, self.shape)

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        numbers = [c if place is None else c * args[place] for c, place in self.entries]
        return m.np.reshape(m.np.asarray(numbers, dtype=float), self.shape)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """Of every element that the argument fills: its coefficient times what arrives there."""
        d = b.spread(d, step.symbol.type)
        filled = self.filled.get(place, [])
        return b.add(tuple(b.multiply(c, b.emit(Select(index), d)) for c, index in filled))
