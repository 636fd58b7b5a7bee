"""Steps as formulas of single elements: at a place that is a number, or a letter that runs over all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from flowc.equations.algebra import over, power, times
from flowc.equations.element_reader import ElementReader
from flowc.equations.functions import COMPARED, WRITTEN, function, truth
from flowc.equations.indexing import PLACES
from flowc.equations.symbols import Index
from flowc.equations.tree import ONE, ZERO, Compare, Expr, Number
from flowc.equations.vectors import OVER_AXES, OVER_ELEMENTS
from flowc.program import ops
from flowc.program.function_steps import opened
from flowc.program.ir import Arg, Shape, Step, Symbol
from flowc.program.notation import Place
from flowc.program.values import type_of


class Elements(ElementReader):
    """Formulas of elements, by the rules of operations."""

    def step(self, step: Step, index: Index) -> Expr:
        """What a step says of the element there."""
        write = ELEMENTWISE.get(type(step.op))
        if write is not None:
            return write(step.op, *(self.of(a, self.meeting(a, step, index)) for a in step.args))
        return RULES[type(step.op)](self, step, index)


# ---------------------------------------------------------------------------------------------------------- elementwise


def _spell_function(op: ops.Operation, *args: Expr) -> Expr:
    return function(op.name, args[0])


def _write_operation(op: ops.Operation, *args: Expr) -> Expr:
    return WRITTEN[op.name](*args)


ELEMENTWISE: dict[type[ops.Operation], Callable[..., Expr]] = {
    ops.Copy: lambda op, x: x,
    ops.Multiply: lambda op, *args: times(*(truth(a) if isinstance(a, Compare) else a for a in args)),
    ops.Divide: lambda op, a, b: over(a, b),
    ops.Power: lambda op, a, b: power(a, b),
    ops.Compare: lambda op, a, b: Compare(a, COMPARED[op.sign], b),
    **dict.fromkeys((ops.Where, ops.Indicator), _write_operation),
    **dict.fromkeys((o for o in ops.OPERATIONS if issubclass(o, ops.Elementary)), _spell_function),
}


def _spell_add(e: ElementReader, step: Step[ops.Add], index: Index) -> Expr:
    """Long sums are elided before they are read."""
    return e.added(list(zip(step.op.signs, step.args, strict=True)), lambda a: e.of(a, e.meeting(a, step, index)))


def _spell_apply(e: ElementReader, step: Step[ops.Apply], index: Index) -> Expr:
    record = step.op.record
    if record.name in OVER_ELEMENTS:
        return OVER_ELEMENTS[record.name](e, step, index)
    if record.kind == "elementwise" and not step.op.elements:
        return function(record.name, e.of(step.args[0], e.meeting(step.args[0], step, index)), step.op.parameters)
    return _written_out(e, step, index)


def _written_out(e: ElementReader, step: Step, index: Index) -> Expr:
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


def _spell_reduce(e: ElementReader, step: Step[ops.Reduce], index: Index) -> Expr:
    (x,), op = step.args, step.op
    shape = type_of(x).shape
    rest = list(index)
    at: list[Place | None] = []
    for axis in range(len(shape)):
        at.append(None if axis in op.axes else rest.pop(0))
        if axis in op.axes and op.keep:
            rest.pop(0)
    body = _reduce_axes(e, x, shape, at)
    total = e.over_tokens(body) if op.batch else body
    size = Number(float(prod(shape[a] for a in op.axes)))
    return over(total, times(size, e.tokens if op.batch else ONE)) if op.how == "mean" else total


def _reduce_axes(e: ElementReader, x: Arg, shape: Shape, at: list[Place | None]) -> Expr:
    places = [place for place in at if place is not None]
    if len(places) == len(at):
        return e.of(x, tuple(places))
    axis = at.index(None)
    return e.total(shape[axis], lambda k: _reduce_axes(e, x, shape, [*at[:axis], k, *at[axis + 1 :]]), e.low(x, axis))


def _spell_contract(e: ElementReader, step: Step[ops.Contract], index: Index) -> Expr:
    letters, result = step.op.spec.letters, step.op.spec.target
    sizes = step.op.spec.sizes([type_of(arg).shape for arg in step.args])
    lows: dict[str, int] = {}
    for axes, arg in zip(letters, step.args, strict=True):
        for axis, c in enumerate(axes):
            if c not in lows or type_of(arg).batched:
                lows[c] = e.low(arg, axis)
    at: dict[str, Place] = dict(zip(result, index, strict=True))
    body = _contract_letters(e, step, letters, at, [c for c in sizes if c not in result], sizes, lows)
    return e.over_tokens(body) if step.op.sum_batch else body


def _contract_letters(
    e: ElementReader, step: Step, letters: Sequence[str], at: dict[str, Place], left: list[str], sizes: dict[str, int],
    lows: dict[str, int],
) -> Expr:  # fmt: skip
    if not left:
        factors = [e.of(arg, tuple(at[c] for c in axes)) for axes, arg in zip(letters, step.args, strict=True)]
        return times(*factors)
    c, *rest = left
    return e.total(sizes[c], lambda k: _contract_letters(e, step, letters, {**at, c: k}, rest, sizes, lows), lows.get(c, 1))


def _spell_count(e: ElementReader, step: Step[ops.Count], index: Index) -> Expr:
    size = Number(float(prod(type_of(step.args[0]).shape)))
    return {"token": size, "batch": e.tokens, "all": times(size, e.tokens)}[step.op.of]


RULES: dict[type[ops.Operation], Callable[..., Expr]] = {
    **PLACES,
    **OVER_AXES,
    ops.Add: _spell_add,
    ops.Apply: _spell_apply,
    ops.Reduce: _spell_reduce,
    ops.Contract: _spell_contract,
    ops.Count: _spell_count,
    ops.ZerosLike: lambda e, step, index: ZERO,
}
