"""Over the tokens, over axes of a token, over the elements of a vector."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import inf, prod
from typing import Any, ClassVar, Literal

from flowc.program.elements import Elements, Value, indices
from flowc.program.ops.assemble import Stack
from flowc.program.ops.index import Drop, Lift, Select, axes_of
from flowc.program.ops.operation import FACTORS, Bounds, How, Machine, NumberWriter, Operation, Ranges, Step, Writer
from flowc.program.values import SCALAR, Arg, IllTyped, Shape, Symbol, Type, type_of


class Reduce(Operation):
    """The sum or mean over the batch and/or `axes` of a token (from 0); with `keep` they stay, with one element."""

    how: How
    batch: bool
    axes: tuple[int, ...] = ()
    keep: bool = False

    name: ClassVar[str] = "reduce"

    def result_type(self, types: Sequence[Type]) -> Type:
        (t,) = types
        if self.batch and not t.batched:
            raise IllTyped("a reduction over the batch of what has none")
        shape = [1 if i in self.axes else n for i, n in enumerate(t.shape) if self.keep or i not in self.axes]
        return Type(t.batched and not self.batch, tuple(shape))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        axes = axes_of(step, self.axes)
        reduced = m.np.sum if self.how == "sum" else m.np.mean
        return reduced(args[0], axis=(0, *axes) if self.batch else axes, keepdims=self.keep)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """Every element gets what arrives at the sum; of a mean its share."""
        x = step.args[0]
        shape = type_of(x).shape
        if self.how == "mean":
            d = b.divide(d, b.emit(Count("all" if self.batch and self.axes else "batch" if self.batch else "token"), x))
        if isinstance(d, Symbol) and d.type.shape != shape and len(d.type.shape) < len(shape) and d.type != SCALAR:
            d = b.emit(Lift(self.axes), d)
        return d

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """Over the axes of a token, then over the tokens; a mean divides once."""
        (x,) = args
        groups: dict[Shape, list[Arg]] = {}
        for index in indices(x.shape):
            outer = tuple(n for i, n in enumerate(index) if i not in self.axes)
            groups.setdefault(outer, []).append(x.at(index))
        sums = [w.add(tuple(group)) for group in groups.values()]
        size = prod(x.shape[i] for i in self.axes)
        if self.how == "sum":
            return tuple(w.over_batch("sum", s) if self.batch else s for s in sums)
        return tuple(w.mean(s, size) if self.batch else w.divide(s, float(size)) for s in sums)


class Count(Operation):
    """How many elements a token of x has; tokens in x; both. Not batched."""

    of: Literal["token", "batch", "all"]

    name: ClassVar[str] = "count"

    def result_type(self, types: Sequence[Type]) -> Type:
        return SCALAR

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        token = prod(type_of(step.args[0]).shape)
        return m.np.asarray({"token": token, "batch": m.batch, "all": token * m.batch}[self.of])

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        size = float(len(args[0].elements))
        if self.of == "token":
            return (size,)
        return (w.tokens if self.of == "batch" else w.multiply(size, w.tokens),)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return 1.0, inf


# -------------------------------------------------------------------------------------------------- over the last axis


class Largest(Operation):
    """The largest over the last axis, which stays with one element."""

    name: ClassVar[str] = "largest"
    called: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(types[0].batched, (*types[0].shape[:-1], 1))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.max(args[0], axis=-1, keepdims=True)

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """Of a vector of one row's elements, for as long as it takes."""
        return tuple(w.emit(Drop((0,)), w.emit(self, w.emit(Stack(), *row))) for row in args[0].rows)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return args[0]


class FirstLargest(Operation):
    """Over the last axis: 1.0 at the first of the largest, else 0.0"""

    name: ClassVar[str] = "first_largest"
    called: ClassVar[bool] = True
    decides: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        return types[0]

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        """No matrix as wide as it is high: the vector may be long."""
        first = m.np.argmax(args[0], axis=-1)[..., None]
        return m.np.where(m.np.arange(args[0].shape[-1]) == first, 1.0, 0.0)

    def scale(self, m: Machine, step: Step, x: Sequence[Any], s: Sequence[Any]) -> Any:
        return 0.0

    def distance(self, m: Machine, x: Sequence[Any], s: Sequence[Any]) -> tuple[Any, Any] | None:
        """From the largest to the next, if there are two."""
        top = m.np.sort(x[0], axis=-1)[..., -2:]
        return (m.np.ptp(top, axis=-1), s[0].max(axis=-1)) if x[0].shape[-1] > 1 else None

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        firsts = [w.emit(self, w.emit(Stack(), *row)) for row in args[0].rows]
        return tuple(w.emit(Select((i,)), first) for first in firsts for i in range(args[0].shape[-1]))


class Greatest(Operation):
    """The largest over a vector's elements; a gradient goes to the first of equals."""

    name: ClassVar[str] = "greatest"
    called: ClassVar[bool] = True
    decides: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(types[0].batched, ())

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.max(args[0], axis=-1)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return _times_slope(b, FirstLargest(), step, d)

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return tuple(w.emit(self, w.emit(Stack(), *row)) for row in args[0].rows)

    def bounds(self, r: Ranges, step: Step, args: Sequence[Bounds]) -> Bounds:
        return args[0]


class Prod(Operation):
    """The product of a vector's elements."""

    name: ClassVar[str] = "prod"
    called: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(types[0].batched, ())

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return m.np.prod(args[0], axis=-1)

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        return _times_slope(b, Others(), step, d)

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        return tuple(w.multiply(*row) for row in args[0].rows)


class Others(Operation):
    """For every element of a vector the product of all the others."""

    name: ClassVar[str] = "others"
    called: ClassVar[bool] = True

    def result_type(self, types: Sequence[Type]) -> Type:
        return types[0]

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        """Also where some are 0."""
        (x,), np = args, m.np
        return np.stack([np.prod(np.delete(x, i, axis=-1), axis=-1) for i in range(x.shape[-1])], axis=-1)

    def scalars(self, w: NumberWriter, step: Step, args: Sequence[Value]) -> Elements:
        """Of many elements from the products of those before each and of those behind it, which are made once."""
        products: list[Arg] = []
        for row in args[0].rows:
            if len(row) <= FACTORS:
                products += [w.multiply(*row[:i], *row[i + 1 :]) for i in range(len(row))]
                continue
            before = [1.0, *accumulate(row[:-1], w.multiply)]
            behind = [1.0, *accumulate(row[:0:-1], w.multiply)][::-1]
            products += map(w.multiply, before, behind)
        return tuple(products)


def _times_slope(b: Writer, slope: Operation, step: Step, d: Arg) -> Arg:
    """Of one number for a vector's elements."""
    if isinstance(d, Symbol) and d.type.batched:
        d = b.emit(Lift((0,)), d)
    return b.multiply(d, b.emit(slope, step.args[0]))
