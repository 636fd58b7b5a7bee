"""Steps as formulas of single elements: at a place that is a number, or a letter that runs over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

from flowc.equations.algebra import add, exact, over, power, times
from flowc.equations.functions import COMPARED, WRITTEN, function, truth
from flowc.equations.places import PLACES
from flowc.equations.sums import summed, together
from flowc.equations.symbols import Index, Symbols
from flowc.equations.tree import ONE, ZERO, Compare, Dots, Expr, Number
from flowc.equations.vectors import OVER_AXES, OVER_ELEMENTS
from flowc.program import ops
from flowc.program.expand import opened
from flowc.program.ir import Arg, Shape, Step, Symbol
from flowc.program.notation import Letter, Place
from flowc.program.values import type_of


class Elements:
    """Formulas of elements. `hidden` values are written out where they are used; others have names.

    `expand`: sums over elements are written term by term, else by Σ.
    """

    def __init__(self, symbols: Symbols, made: Mapping[Symbol, Step], hidden: set[Symbol], expand: bool):
        self.symbols, self.made, self.hidden, self.expand = symbols, dict(made), hidden, expand
        self.all = symbols.settings.whole_batch
        self.scope: tuple[Letter, ...] = ()
        self._known: dict[tuple[Symbol, Index], Expr] = {}

    def of(self, arg: Arg, index: Index = ()) -> Expr:
        """The element there. Raises NotIndexed."""
        if not isinstance(arg, Symbol):
            return exact(float(arg))
        if arg not in self.hidden:
            return self.symbols.element(arg, index)
        key = arg, index
        if key not in self._known:
            self._known[key] = self.step(self.made[arg], index)
        return self._known[key]

    def of_made(self, symbol: Symbol, index: Index) -> Expr:
        """What is said of a value that has a name."""
        return self.step(self.made[symbol], index)

    def step(self, step: Step, index: Index) -> Expr:
        """What a step says of the element there."""
        write = ELEMENTWISE.get(type(step.op))
        if write is not None:
            return write(step.op, *(self.of(a, self.meeting(a, step, index)) for a in step.args))
        return RULES[type(step.op)](self, step, index)

    def meeting(self, arg: Arg, step: Step, index: Index) -> Index:
        """Where an argument of an elementwise step meets the element: single axes repeat."""
        shape, whole = type_of(arg).shape, step.symbol.type.shape
        own = index[len(index) - len(shape) :] if shape else ()
        return tuple(0 if n == 1 and m != 1 else p for n, m, p in zip(shape, whole[len(whole) - len(shape) :], own))

    # ------------------------------------------------------------------------------------------------------------ sums

    def total(self, size: int, body: Callable[[Place], Expr], low: int = 1, letter: bool = False) -> Expr:
        """Σ over so many elements: in terms, or by a letter."""
        if size == 1:
            return body(0)
        if not letter and self.expand:
            return self.added([(1, k) for k in range(size)], body)
        return self.lettered(size, body, low)

    def lettered(self, size: int, body: Callable[[Place], Expr], low: int = 1, sign: str = "sum") -> Expr:
        if size == 1:
            return body(0)
        letter = self.symbols.free(self.scope, low)
        before, self.scope = self.scope, (*self.scope, letter)
        try:
            return summed(letter.name, low, Number(float(size - 1 + low)), body(letter), sign)
        finally:
            self.scope = before

    def low(self, arg: Arg, axis: int) -> int:
        """What the first element along an axis is called; of what is written out, as in the first value in it that is long there."""
        if not isinstance(arg, Symbol):
            return 1
        if arg not in self.hidden:
            return self.symbols.low(arg, axis)
        back = axis - len(arg.type.shape)
        size = arg.type.shape[axis]
        long = [a for a in self.made[arg].args if len(type_of(a).shape) >= -back and type_of(a).shape[back] == size]
        first = next(iter(sorted(long, key=lambda a: not type_of(a).batched)), None)
        return 1 if first is None else self.low(first, len(type_of(first).shape) + back)

    def added(self, terms: list[tuple[int, Any]], body: Callable[[Any], Expr]) -> Expr:
        """± each; of many the first and the last."""
        most = self.symbols.settings.most
        if most is None or len(terms) <= most:
            return together(*((sign, body(term)) for sign, term in terms))
        shown = [*((sign, body(term)) for sign, term in terms[:3]), (1, Dots())]
        return add(*shown, (terms[-1][0], body(terms[-1][1])))

    def over_tokens(self, body: Expr) -> Expr:
        return summed(self.symbols.token, 1, self.symbols.count, body) if self.all else body

    @property
    def tokens(self) -> Expr:
        return self.symbols.count if self.all else ONE


# ---------------------------------------------------------------------------------------------------------- elementwise


def _named(op: ops.Operation, *args: Expr) -> Expr:
    return function(op.name, args[0])


def _written(op: ops.Operation, *args: Expr) -> Expr:
    return WRITTEN[op.name](*args)


ELEMENTWISE: dict[type[ops.Operation], Callable[..., Expr]] = {
    ops.Copy: lambda op, x: x,
    ops.Multiply: lambda op, *args: times(*(truth(a) if isinstance(a, Compare) else a for a in args)),
    ops.Divide: lambda op, a, b: over(a, b),
    ops.Power: lambda op, a, b: power(a, b),
    ops.Compare: lambda op, a, b: Compare(a, COMPARED[op.sign], b),
    **dict.fromkeys((ops.Where, ops.Indicator), _written),
    **dict.fromkeys((o for o in ops.OPERATIONS if issubclass(o, ops.Elementary)), _named),
}


def _add(e: Elements, step: Step[ops.Add], index: Index) -> Expr:
    """Long sums are elided before they are read."""
    return e.added(list(zip(step.op.signs, step.args, strict=True)), lambda a: e.of(a, e.meeting(a, step, index)))


def _apply(e: Elements, step: Step[ops.Apply], index: Index) -> Expr:
    record = step.op.record
    if record.name in OVER_ELEMENTS:
        return OVER_ELEMENTS[record.name](e, step, index)
    if record.kind == "elementwise" and not step.op.elements:
        return function(record.name, e.of(step.args[0], e.meeting(step.args[0], step, index)), step.op.parameters)
    return _written_out(e, step, index)


def _written_out(e: Elements, step: Step, index: Index) -> Expr:
    """A function by the steps of its record."""
    steps, result = opened(step)
    inner = Elements(
        e.symbols, {**e.made, **{s.symbol: s for s in steps}}, e.hidden | {s.symbol for s in steps}, e.expand
    )
    inner.scope = e.scope
    if isinstance(result, Symbol) and len(result.type.shape) < len(index):
        index = ()
    return inner.of(result, index)


# ----------------------------------------------------------------------------------------------------- sums of elements


def _reduce(e: Elements, step: Step[ops.Reduce], index: Index) -> Expr:
    (x,), op = step.args, step.op
    shape = type_of(x).shape
    kept = list(index)
    at: list[Place | None] = []
    for axis in range(len(shape)):
        at.append(None if axis in op.axes else kept.pop(0))
        if axis in op.axes and op.keep:
            kept.pop(0)
    body = _reduced(e, x, shape, at)
    whole = e.over_tokens(body) if op.batch else body
    size = Number(float(prod(shape[a] for a in op.axes)))
    return over(whole, times(size, e.tokens if op.batch else ONE)) if op.how == "mean" else whole


def _reduced(e: Elements, x: Arg, shape: Shape, at: list[Place | None]) -> Expr:
    if None not in at:
        return e.of(x, tuple(at))  # type: ignore[arg-type]
    axis = at.index(None)
    return e.total(shape[axis], lambda k: _reduced(e, x, shape, [*at[:axis], k, *at[axis + 1 :]]), e.low(x, axis))


def _contract(e: Elements, step: Step[ops.Contract], index: Index) -> Expr:
    letters, result = step.op.letters, step.op.result
    sizes: dict[str, int] = {}
    lows: dict[str, int] = {}
    for own, arg in zip(letters, step.args, strict=True):
        for axis, (c, n) in enumerate(zip(own, type_of(arg).shape, strict=True)):
            sizes[c] = n
            if c not in lows or type_of(arg).batched:
                lows[c] = e.low(arg, axis)
    at: dict[str, Place] = dict(zip(result, index, strict=True))
    body = _contracted(e, step, letters, at, [c for c in sizes if c not in result], sizes, lows)
    return e.over_tokens(body) if step.op.sum_batch else body


def _contracted(
    e: Elements, step: Step, letters: list[str], at: dict[str, Place], left: list[str], sizes: dict[str, int],
    lows: dict[str, int],
) -> Expr:  # fmt: skip
    if not left:
        factors = [e.of(arg, tuple(at[c] for c in own)) for own, arg in zip(letters, step.args, strict=True)]
        return times(*factors)
    c, *rest = left
    return e.total(sizes[c], lambda k: _contracted(e, step, letters, {**at, c: k}, rest, sizes, lows), lows.get(c, 1))


def _count(e: Elements, step: Step[ops.Count], index: Index) -> Expr:
    size = Number(float(prod(type_of(step.args[0]).shape)))
    return {"token": size, "batch": e.tokens, "all": times(size, e.tokens)}[step.op.of]


RULES: dict[type[ops.Operation], Callable[..., Expr]] = {
    **PLACES,
    **OVER_AXES,
    ops.Add: _add,
    ops.Apply: _apply,
    ops.Reduce: _reduce,
    ops.Contract: _contract,
    ops.Count: _count,
    ops.ZerosLike: lambda e, step, index: ZERO,
}
