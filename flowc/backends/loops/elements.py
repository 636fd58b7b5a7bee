"""One element of an operation's value: from elements of its arguments, and from what loops over these have summed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Compare, Conditional, Expression, If, Name, Number, Statement
from flowc.backends.code.typed import Declare
from flowc.backends.loops.loops import ZERO, At, Loops, whole_number
from flowc.backends.loops.meshes import MESH_ELEMENTS
from flowc.backends.python import expression as e
from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops.fused import CountOf
from flowc.program.ops.index import Index
from flowc.program.values import Shape, type_of


def _select(loops: Loops, step: Step[ops.Select], at: At) -> Expression:
    return loops.element(step.args[0], places_in_index(step.op.index, at))


def places_in_index(index: Index, at: At) -> At:
    """Where in x the element of x[index] at a place is."""
    waiting = list(at)
    places = [whole_number(pick) if isinstance(pick, int) else shifted(waiting.pop(0), pick[0]) for pick in index]
    return *places, *waiting


def shifted(place: Expression, by: int) -> Expression:
    if isinstance(place, Number):
        return whole_number(int(place.digits) + by)
    return e.total([(1, place), (1, whole_number(by))]) if by else place


def _lift(loops: Loops, step: Step[ops.Lift], at: At) -> Expression:
    if not type_of(step.args[0]).shape:
        return loops.element(step.args[0], ())
    return loops.element(step.args[0], tuple(a for k, a in enumerate(at) if k not in step.op.positions))


def _drop(loops: Loops, step: Step[ops.Drop], at: At) -> Expression:
    places = list(at)
    for position in sorted(step.op.positions):
        places.insert(position, ZERO)
    return loops.element(step.args[0], tuple(places))


def _reshape(loops: Loops, step: Step[ops.Reshape], at: At) -> Expression:
    """Axes of one element come and go; else places are counted through."""
    shape, source = step.symbol.type.shape, type_of(step.args[0]).shape
    if [n for n in shape if n > 1] == [n for n in source if n > 1]:
        waiting = [a for a, n in zip(at, shape, strict=True) if n > 1]
        return loops.element(step.args[0], tuple(waiting.pop(0) if n > 1 else ZERO for n in source))
    place = flat_place(at, shape)
    places: list[Expression] = []
    for k, n in enumerate(source):
        stride = prod(source[k + 1 :])
        here = loops.words.whole_quotient(place, whole_number(stride)) if stride > 1 else place
        places.append(e.product([here, whole_number(n)], "%") if k else here)
    return loops.element(step.args[0], tuple(places))


def flat_place(at: At, shape: Shape) -> Expression:
    """The place in an array, whose elements are counted row by row."""
    terms: list[Expression] = []
    for k, place in enumerate(at):
        stride = prod(shape[k + 1 :])
        if isinstance(place, Number):
            if place.digits != "0":
                terms.append(whole_number(int(place.digits) * stride))
        else:
            terms.append(e.product([whole_number(stride), place]) if stride > 1 else place)
    return e.total([(1, term) for term in terms]) if terms else ZERO


def _zeros(loops: Loops, step: Step, at: At) -> Expression:
    return loops.words.number(0.0)


def _count(loops: Loops, step: Step[ops.Count], at: At) -> Expression:
    size = step.op.size if isinstance(step.op, CountOf) else prod(type_of(step.args[0]).shape)
    if step.op.of == "token":
        return loops.words.number(float(size))
    tokens = loops.words.as_number(loops.tokens)
    return tokens if step.op.of == "batch" or size == 1 else e.product([loops.words.number(float(size)), tokens])


def _contract(loops: Loops, step: Step[ops.Contract], at: At) -> Expression:
    spec = step.op.spec
    sizes = spec.sizes([type_of(a).shape for a in step.args])
    here = dict(zip(spec.target, at, strict=True))
    summed = [c for c in sizes if c not in spec.target]

    def term(inner: At) -> Expression:
        return contraction_term(loops, step, {**here, **dict(zip(summed, inner, strict=True))})

    return loops.total(tuple(sizes[c] for c in summed), term)


def contraction_term(loops: Loops, step: Step[ops.Contract], places: Mapping[str, Expression]) -> Expression:
    """The product at these places, weights first."""
    pairs = sorted(zip(step.args, step.op.spec.letters, strict=True), key=lambda pair: not is_weight(pair[0]))
    factors = [loops.element(a, tuple(places[c] for c in letters)) for a, letters in pairs]
    return e.product(factors) if len(factors) > 1 else factors[0]


def is_weight(arg: Arg) -> bool:
    return isinstance(arg, Symbol) and arg.kind == "weight"


def _reduce(loops: Loops, step: Step[ops.Reduce], at: At) -> Expression:
    """Over axes of a token; the sum over the tokens grows around it."""
    op, shape = step.op, type_of(step.args[0]).shape
    waiting = list(at) if not op.keep else [a for k, a in enumerate(at) if k not in op.axes]

    def term(inner: At) -> Expression:
        outer, axes = list(waiting), list(inner)
        return loops.element(step.args[0], tuple(axes.pop(0) if k in op.axes else outer.pop(0) for k in range(len(shape))))

    total = loops.reduced(step, at, tuple(shape[k] for k in sorted(op.axes)), term)
    if op.how == "sum" or op.batch:
        return total
    return e.quotient(total, loops.words.number(float(prod(shape[k] for k in op.axes))))


def _largest(loops: Loops, step: Step, at: At) -> Expression:
    """Of the last axis; nan, where there is one."""
    x = step.args[0]
    shape = type_of(x).shape
    row = at[: len(shape) - 1]
    name = loops.variable("largest")
    loops.body.append(Declare(loops.kind, name, (), loops.element(x, (*row, ZERO))))

    def compared(inner: At) -> Statement:
        here = loops.element(x, (*row, *inner))
        condition = Compare((("", e.compare(here, ">", Name(name))), ("or", e.compare(here, "!=", here))))
        return If(condition, (assign(name, here),))

    loops.loop(shape[-1:], compared)
    return Name(name)


def _prod(loops: Loops, step: Step[ops.Prod], at: At) -> Expression:
    return loops.total(type_of(step.args[0]).shape[-1:], lambda inner: loops.element(step.args[0], (*at, *inner)), "product", "*")


def _others(loops: Loops, step: Step[ops.Others], at: At) -> Expression:
    """The product of all the others."""
    *row, place = at

    def factor(inner: At) -> Expression:
        here = loops.element(step.args[0], (*row, *inner))
        return Conditional(e.compare(inner[0], "!=", place), here, loops.words.number(1.0))

    return loops.total(type_of(step.args[0]).shape[-1:], factor, "product", "*")


ELEMENTS: dict[type[ops.Operation], Callable[..., Expression]] = {
    ops.Select: _select, ops.Lift: _lift, ops.Drop: _drop, ops.Reshape: _reshape, ops.ZerosLike: _zeros, ops.Count: _count,
    CountOf: _count, ops.Contract: _contract, ops.Reduce: _reduce, ops.Largest: _largest, ops.Greatest: _largest,
    ops.Prod: _prod, ops.Others: _others, **MESH_ELEMENTS,
}  # fmt: skip
