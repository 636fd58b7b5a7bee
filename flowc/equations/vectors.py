"""Functions of vectors, and losses, at one element: softmax, argmax, cross-entropy."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import prod

from flowc.equations.algebra import add, negative, over, times
from flowc.equations.element_reader import ElementReader
from flowc.equations.functions import exp
from flowc.equations.sums import NotIndexed, opposite
from flowc.equations.symbols import Index
from flowc.equations.tree import ONE, ZERO, Call, Cases, Compare, Expr, Name, Number, Word
from flowc.graph.sizes import element_name
from flowc.program import ops
from flowc.program.ir import Arg, Step
from flowc.program.notation import Letter, Place
from flowc.program.values import type_of


def _sum_along(e: ElementReader, x: Arg, index: Index, body: Callable[[Expr], Expr], sign: str = "sum") -> Expr:
    """Σ over the last axis, by a letter; where the elements have no formula in common, in terms."""
    shape = type_of(x).shape
    try:
        return e.lettered(shape[-1], lambda k: body(e.of(x, (*index[:-1], k))), e.low(x, len(shape) - 1), sign)
    except NotIndexed:
        return e.added([(1, k) for k in range(shape[-1])], lambda k: body(e.of(x, (*index[:-1], k))))


def _spell_softmax(e: ElementReader, step: Step, index: Index) -> Expr:
    x = step.args[0]
    return over(exp(e.of(x, index)), _sum_along(e, x, index, exp))


def _log_softmax(e: ElementReader, step: Step, index: Index) -> Expr:
    x = step.args[0]
    return add((1, e.of(x, index)), (-1, Call("log", (_sum_along(e, x, index, exp),))))


def _one_hot(e: ElementReader, step: Step, index: Index) -> Expr:
    """1 at the first of the largest: where k is argmaxₖ ξₖ, or the place argmax(ξ₁, ξ₂), from 1."""
    x = step.args[0]
    largest = _of_many(e, "argmax", x, index[:-1])
    low = _low_index(e, x) if largest.below else 1
    return Cases(((ONE, Compare(_place_from(low, e, step, index), "=", largest)), (ZERO, None)))


def _low_index(e: ElementReader, x: Arg) -> int:
    return e.low(x, len(type_of(x).shape) - 1)


def _of_many(e: ElementReader, name: str, x: Arg, before: Index) -> Call:
    """max or argmax along the last axis, by a letter; or of the elements."""
    letter = e.symbols.free((*e.scope, *before), _low_index(e, x))
    scope, e.scope = e.scope, (*e.scope, letter)
    try:
        return Call(name, (e.of(x, (*before, letter)),), letter.name)
    except NotIndexed:
        return Call(name, tuple(e.of(x, (*before, k)) for k in range(type_of(x).shape[-1])))
    finally:
        e.scope = scope


def _place_from(low: int, e: ElementReader, step: Step, index: Index) -> Expr:
    """Which element this is, the first being `low`: by a letter, by what the diagram calls it, or as a number."""
    place = index[-1]
    if isinstance(place, Letter):
        return add((1, Name(place.name, place.name)), (1, Number(float(low - place.low))))
    node = e.symbols.nodes.get(step.symbol.owner)
    axis = node.axes[-1] if node and node.axes else None
    return Word(element_name(axis, place)) if axis and axis.names else Number(float(low + place))


def _cross_entropy(e: ElementReader, step: Step, index: Index) -> Expr:
    """−Σ y ln p"""
    _, p, y = step.args

    def term(*at: Place) -> Expr:
        return times(e.of(y, at), Call("log", (e.of(p, at),)))

    return negative(_over_all(e, p, term))


def _spell_binary_cross_entropy(e: ElementReader, step: Step, index: Index) -> Expr:
    """−y ln p − (1 − y) ln(1 − p), the mean over elements"""
    _, p, y = step.args

    def term(*at: Place) -> Expr:
        h, t = e.of(p, at), e.of(y, at if type_of(y).shape else ())
        one = times(t, Call("log", (h,)))
        return add((1, one), (1, times(add((1, ONE), (-1, t)), Call("log", (add((1, ONE), (-1, h)),)))))

    shape = type_of(p).shape
    if not shape:
        return opposite(term())
    return negative(over(_over_all(e, p, term), Number(float(prod(shape)))))


def _spell_perceptron(e: ElementReader, step: Step, index: Index) -> Expr:
    """Σ ξ (f − y)"""
    xi, f, y = step.args

    def term(*at: Place) -> Expr:
        return times(e.of(xi, at), add((1, e.of(f, at)), (-1, e.of(y, at if type_of(y).shape else ()))))

    return _over_all(e, xi, term) if type_of(xi).shape else term()


def _over_all(e: ElementReader, x: Arg, term: Callable[..., Expr]) -> Expr:
    """Σ over the elements: by letters, as the lecture has it, or in terms where that cannot be."""
    try:
        return every(e, x, term)
    except NotIndexed:
        places = product(*map(range, type_of(x).shape))
        return e.added([(1, at) for at in places], lambda at: term(*at))


def every(e: ElementReader, x: Arg, term: Callable[..., Expr], sign: str = "sum", at: Index = ()) -> Expr:
    """Σ, or ∏, over all axes by letters."""
    axis, shape = len(at), type_of(x).shape
    if axis == len(shape):
        return term(*at)
    return e.lettered(shape[axis], lambda k: every(e, x, term, sign, (*at, k)), e.low(x, axis), sign)


OVER_ELEMENTS: dict[str, Callable[[ElementReader, Step, Index], Expr]] = {
    "softmax": _spell_softmax,
    "log_softmax": _log_softmax,
    "argmax": _one_hot,
    "cross_entropy": _cross_entropy,
    "binary_cross_entropy": _spell_binary_cross_entropy,
    "perceptron": _spell_perceptron,
}


def _spell_largest(e: ElementReader, step: Step, index: Index) -> Expr:
    x = step.args[0]
    return _of_many(e, "max", x, index[: len(type_of(x).shape) - 1])


OVER_AXES: dict[type[ops.Operation], Callable[..., Expr]] = {
    ops.Largest: _spell_largest,
    ops.Greatest: _spell_largest,
    ops.FirstLargest: _one_hot,
}
