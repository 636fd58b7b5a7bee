"""Operations whose values are arrays of their own, filled element by element in a way of their own."""

from __future__ import annotations

from collections.abc import Callable

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Compare, Conditional, If, Name, Statement
from flowc.backends.code.typed import Count, Declare
from flowc.backends.loops.elements import places_in_index
from flowc.backends.loops.loops import ZERO, At, Atom, Loops, flattened, whole_number
from flowc.backends.loops.meshes import MESH_ARRAYS
from flowc.backends.python import expression as e
from flowc.program import ops
from flowc.program.elements import indices
from flowc.program.ir import Step
from flowc.program.values import selected


def _stack(loops: Loops, step: Step[ops.Stack], place: Atom) -> None:
    for k, arg in enumerate(step.args):
        loops.body.append(assign(place((whole_number(k),)), loops.element(arg, ())))


def _assemble(loops: Loops, step: Step[ops.Assemble], place: Atom) -> None:
    for index, (coefficient, argument) in zip(indices(step.op.shape), step.op.entries, strict=True):
        at = tuple(map(whole_number, index))
        value = loops.words.number(coefficient)
        if argument is not None:
            one = loops.element(step.args[argument], ())
            value = one if coefficient == 1 else e.negative(one) if coefficient == -1 else e.product([value, one])
        loops.body.append(assign(place(at), value))


def _place(loops: Loops, step: Step[ops.Place], place: Atom) -> None:
    """Zeros, and then what is put among them."""
    loops.loop(step.op.shape, lambda at: assign(place(at), loops.words.number(0.0)))

    def put(at: At) -> Statement:
        return assign(place(places_in_index(step.op.index, at)), loops.element(step.args[0], at))

    loops.loop(selected(step.op.shape, step.op.index), put)


def _constant(loops: Loops, step: Step[ops.Constant], place: Atom) -> None:
    numbers = flattened(step.op.numbers)
    for index, number in zip(indices(step.symbol.type.shape), numbers, strict=True):
        loops.body.append(assign(place(tuple(map(whole_number, index))), loops.words.number(number)))


def _first_largest(loops: Loops, step: Step[ops.FirstLargest], place: Atom) -> None:
    """1 at the first of the largest of each row, or at the first nan, as numpy's argmax has it."""
    x = step.args[0]
    *outer, size = step.symbol.type.shape
    first = loops.variable("first")

    def found(row: At) -> Statement:
        loops.body.append(Declare("size", first, (), ZERO))
        largest = loops.element(x, (*row, Name(first)))

        def compared(inner: At) -> Statement:
            here = loops.element(x, (*row, *inner))
            undefined = Compare((("", e.compare(here, "!=", here)), ("and", e.compare(largest, "==", largest))))
            return If(Compare((("", e.compare(here, ">", largest)), ("or", undefined))), (assign(first, inner[0]),))

        loops.loop((size,), compared)
        letter = loops.names.letters[loops.depth]
        chosen = Conditional(e.compare(Name(letter), "==", Name(first)), loops.words.number(1.0), loops.words.number(0.0))
        return Count(letter, ZERO, whole_number(size), (assign(place((*row, Name(letter))), chosen),))

    loops.loop(tuple(outer), found)


ARRAYS: dict[type[ops.Operation], Callable[..., None]] = {
    ops.Stack: _stack, ops.Assemble: _assemble, ops.Place: _place, ops.Constant: _constant, ops.FirstLargest: _first_largest,
    **MESH_ARRAYS,
}  # fmt: skip
