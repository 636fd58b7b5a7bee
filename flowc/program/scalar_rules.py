"""Every operation on arrays, as operations on their elements. A value is a shape and its elements, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product
from math import prod
from typing import Any

from flowc.program.builder import FACTORS
from flowc.program.ir import Arg, Shape, Step, Symbol
from flowc.program.scalar_writer import ScalarWriter

Elements = tuple[Arg, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """`elements` has one entry for each index of `shape`; it is batched where its elements are."""

    shape: Shape
    elements: Elements

    def at(self, index: Shape) -> Arg:
        """The element there; a scalar, and an axis of one element, repeat."""
        if not self.shape:
            return self.elements[0]
        return self.elements[_place(self.shape, index)]


Rule = Callable[[ScalarWriter, Step, list[Value]], Elements]


def indices(shape: Shape) -> Iterator[Shape]:
    return product(*map(range, shape))


@cache
def _strides(shape: Shape) -> Shape:
    return tuple(0 if n == 1 else prod(shape[i + 1 :]) for i, n in enumerate(shape))


def _place(shape: Shape, index: Shape) -> int:
    return sum(i * stride for i, stride in zip(index, _strides(shape), strict=True))


def _shape(step: Step) -> Shape:
    return step.symbol.type.shape


# ------------------------------------------------------------- elementwise


def elementwise(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    """The operation on the elements at each index. A 0 that was written in the step is kept."""
    written = [not isinstance(a, Symbol) for a in step.args]
    write = _ARITHMETIC.get(step.op, _emitted)
    found = []
    for index in indices(_shape(step)):
        here = [v.at(index) for v in args]
        if step.op == "multiply":
            here = [w.zero() if known and a == 0 else a for a, known in zip(here, written, strict=True)]
        found.append(write(w, step, here))
    return tuple(found)


def _emitted(w: ScalarWriter, step: Step, args: list[Arg]) -> Arg:
    return w.emit(step.op, *args, data=step.data)


_ARITHMETIC: dict[str, Callable[[ScalarWriter, Step, list[Arg]], Arg]] = {
    "copy": lambda w, step, args: args[0],
    "add": lambda w, step, args: w.add(tuple(args), step.data),
    "multiply": lambda w, step, args: w.multiply(*args),
    "divide": lambda w, step, args: w.divide(*args),
    "power": lambda w, step, args: w.power(*args),
}

# ---------------------------------------------------------------- sums


def _reduce(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    """Over the axes of a token, then over the tokens; a mean divides once."""
    (x,), data = args, step.data
    groups: dict[Shape, list[Arg]] = {}
    for index in indices(x.shape):
        kept = tuple(n for i, n in enumerate(index) if i not in data.axes)
        groups.setdefault(kept, []).append(x.at(index))
    sums = [w.add(tuple(group)) for group in groups.values()]
    size = prod(x.shape[i] for i in data.axes)
    if data.how == "sum":
        return tuple(w.over_batch("sum", s) if data.batch else s for s in sums)
    return tuple(_mean(w, s, size, data.batch) for s in sums)


def _mean(w: ScalarWriter, total: Arg, size: int, batch: bool) -> Arg:
    over_tokens = w.over_batch("mean", total) if batch else total
    quotient = w.made(over_tokens, "divide") if batch else None
    if quotient and quotient.args[1] == w.tokens:
        return w.divide(quotient.args[0], w.multiply(float(size), w.tokens))
    return w.divide(over_tokens, float(size))


def _contract(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    """Σ over the letters that the result lacks, in their order."""
    operands, result = step.data.spec.split("->")
    letters = operands.split(",")
    sizes = {c: n for own, v in zip(letters, args, strict=True) for c, n in zip(own, v.shape, strict=True)}
    summed = [c for c in sizes if c not in result]
    found = []
    for index in indices(_shape(step)):
        at = dict(zip(result, index, strict=True))
        terms = []
        for inner in indices(tuple(sizes[c] for c in summed)):
            at |= zip(summed, inner, strict=True)
            factors = [v.at(tuple(at[c] for c in own)) for own, v in zip(letters, args, strict=True)]
            terms.append(w.multiply(*sorted(factors, key=_batched)))
        total = w.add(tuple(terms))
        found.append(w.over_batch("sum", total) if step.data.sum_batch else total)
    return tuple(found)


def _batched(x: Arg) -> bool:
    return isinstance(x, Symbol) and x.type.batched


def _count(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    size = float(len(args[0].elements))
    return ({"token": size, "batch": w.tokens, "all": w.multiply(size, w.tokens)}[step.data],)


# ---------------------------------------------------- over the last axis


def _rows(x: Value) -> list[Elements]:
    """The elements, last axis by last axis."""
    n = x.shape[-1]
    return [x.elements[i : i + n] for i in range(0, len(x.elements), n)]


def _largest(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    """A vector of one row's elements, for as long as it takes."""
    return tuple(w.emit("drop", w.emit("largest", w.emit("stack", *row)), data=(0,)) for row in _rows(args[0]))


def _greatest(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    return tuple(w.emit("greatest", w.emit("stack", *row)) for row in _rows(args[0]))


def _first_largest(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    firsts = [w.emit("first_largest", w.emit("stack", *row)) for row in _rows(args[0])]
    return tuple(w.emit("select", first, data=(i,)) for first in firsts for i in range(args[0].shape[-1]))


def _prod(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    return tuple(w.multiply(*row) for row in _rows(args[0]))


def _others(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    """Of many elements from the products of those before each and of those behind it, which are made once."""
    found: list[Arg] = []
    for row in _rows(args[0]):
        if len(row) <= FACTORS:
            found += [w.multiply(*row[:i], *row[i + 1 :]) for i in range(len(row))]
            continue
        before = [1.0, *accumulate(row[:-1], w.multiply)]
        behind = [1.0, *accumulate(row[:0:-1], w.multiply)][::-1]
        found += map(w.multiply, before, behind)
    return tuple(found)


# -------------------------------------------------------------- shapes


def _literal(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    numbers: Any = step.data
    for _ in _shape(step)[1:]:
        numbers = [n for row in numbers for n in row]
    return tuple(w.zero() if n == 0 else float(n) for n in numbers)


def _at(shape: Shape, index: tuple) -> list[int]:
    """The places of x[index] in x's elements; an index shorter than the shape takes the rest whole."""
    whole = [*index, *((0, n) for n in shape[len(index) :])]
    ranges = [(i,) if isinstance(i, int) else range(*i) for i in whole]
    sizes = [prod(shape[i + 1 :]) for i in range(len(shape))]
    return [sum(i * n for i, n in zip(at, sizes, strict=True)) for at in product(*ranges)]


def _select(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    return tuple(args[0].elements[place] for place in _at(args[0].shape, step.data))


def _put(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    elements: list[Arg] = [0.0] * prod(_shape(step))
    for place, element in zip(_at(_shape(step), step.data), args[0].elements, strict=True):
        elements[place] = element
    return tuple(elements)


def _spread(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    return tuple(args[0].at(index) for index in indices(_shape(step)))


def _same(w: ScalarWriter, step: Step, args: list[Value]) -> Elements:
    return args[0].elements


RULES: dict[str, Rule] = {
    "literal": _literal,
    "reduce": _reduce,
    "contract": _contract,
    "count": _count,
    "largest": _largest,
    "greatest": _greatest,
    "first_largest": _first_largest,
    "prod": _prod,
    "others": _others,
    "select": _select,
    "place": _put,
    "spread": _spread,
    "stack": lambda w, step, args: tuple(v.elements[0] for v in args),
    "zeros_like": lambda w, step, args: (0.0,) * len(args[0].elements),
    **dict.fromkeys(["lift", "drop", "reshape"], _same),
}
