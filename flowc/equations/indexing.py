"""Elements of arrays that are taken apart, put together or turned: where each comes from."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from flowc.equations.algebra import times
from flowc.equations.element_reader import ElementReader
from flowc.equations.numbers import exact
from flowc.equations.sums import NotIndexed
from flowc.equations.symbols import Index
from flowc.equations.tree import ZERO, Expr
from flowc.program import ops
from flowc.program.ir import Shape, Step
from flowc.program.notation import Letter, Place
from flowc.program.values import type_of


def _spell_prod(e: ElementReader, step: Step[ops.Prod], index: Index) -> Expr:
    x = step.args[0]
    return times(*(e.of(x, (k,)) for k in range(type_of(x).shape[0])))


def _spell_others(e: ElementReader, step: Step[ops.Others], index: Index) -> Expr:
    x, place = step.args[0], index[0]
    if isinstance(place, Letter):
        raise NotIndexed
    return times(*(e.of(x, (k,)) for k in range(type_of(x).shape[0]) if k != place))


def _spell_select(e: ElementReader, step: Step[ops.Select], index: Index) -> Expr:
    x, rest = step.args[0], list(index)
    at: list[Place] = []
    shape = type_of(x).shape
    for axis, entry in enumerate(step.op.index):
        if isinstance(entry, int):
            at.append(entry)
            continue
        place = rest.pop(0)
        if isinstance(place, Letter) and entry != (0, shape[axis]):
            raise NotIndexed
        at.append(place if isinstance(place, Letter) else place + entry[0])
    return e.of(x, (*at, *rest))


def _spell_place(e: ElementReader, step: Step[ops.Place], index: Index) -> Expr:
    shape = step.symbol.type.shape
    at: list[Place] = []
    for axis, entry in enumerate(step.op.index):
        place = index[axis]
        if isinstance(place, Letter):
            if entry != (0, shape[axis]):
                raise NotIndexed
            at.append(place)
        elif isinstance(entry, int):
            if place != entry:
                return ZERO
        elif not entry[0] <= place < entry[1]:
            return ZERO
        else:
            at.append(place - entry[0])
    return e.of(step.args[0], (*at, *index[len(step.op.index) :]))


def _spell_stack(e: ElementReader, step: Step[ops.Stack], index: Index) -> Expr:
    place = index[0]
    if isinstance(place, Letter):
        raise NotIndexed
    return e.of(step.args[place])


def _flat_index(index: Index, shape: Shape) -> int:
    at = 0
    for place, n in zip(index, shape, strict=True):
        if isinstance(place, Letter):
            raise NotIndexed
        at = at * n + place
    return at


def _spell_assemble(e: ElementReader, step: Step[ops.Assemble], index: Index) -> Expr:
    coefficient, place = step.op.entries[_flat_index(index, step.symbol.type.shape)]
    number = exact(coefficient)
    return number if place is None else times(number, e.of(step.args[place]))


def _spell_literal(e: ElementReader, step: Step[ops.Constant], index: Index) -> Expr:
    entry: Any = step.op.numbers
    for place in index:
        if isinstance(place, Letter):
            raise NotIndexed
        entry = entry[place]
    return exact(float(entry))


def _spell_lift(e: ElementReader, step: Step[ops.Lift], index: Index) -> Expr:
    inner = list(index)
    for p in reversed(step.op.positions):
        del inner[p]
    return e.of(step.args[0], tuple(inner))


def _spell_drop(e: ElementReader, step: Step[ops.Drop], index: Index) -> Expr:
    outer = list(index)
    for p in step.op.positions:
        outer.insert(p, 0)
    return e.of(step.args[0], tuple(outer))


def _spell_reshape(e: ElementReader, step: Step[ops.Reshape], index: Index) -> Expr:
    shape, inner = step.symbol.type.shape, type_of(step.args[0]).shape
    if shape == inner:
        return e.of(step.args[0], index)
    places = list(product(*map(range, inner)))
    return e.of(step.args[0], places[_flat_index(index, shape)])


def _spell_spread(e: ElementReader, step: Step[ops.Spread], index: Index) -> Expr:
    return e.of(step.args[0], e.meeting(step.args[0], step, index))


PLACES: dict[type[ops.Operation], Callable[..., Expr]] = {
    ops.Prod: _spell_prod,
    ops.Others: _spell_others,
    ops.Select: _spell_select,
    ops.Place: _spell_place,
    ops.Stack: _spell_stack,
    ops.Assemble: _spell_assemble,
    ops.Constant: _spell_literal,
    ops.Lift: _spell_lift,
    ops.Drop: _spell_drop,
    ops.Reshape: _spell_reshape,
    ops.Spread: _spell_spread,
}
