"""Operations of meshes: rows of values that functions of the file fill, and what is put into rows and taken out of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, Protocol

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Expression, Index, Number, Statement
from flowc.backends.loops.loops import At, Atom, Loops, whole_number
from flowc.backends.python import expression as e
from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.values import type_of


class MeshWriter(Protocol):
    """What a language says of meshes."""

    def table(self, base: str, numbers: Any, whole: bool = True) -> Expression:
        """An array of constant numbers, in the file."""

    def called(self, loops: Loops, function: str, mesh: Any, *arrays: Symbol) -> None:
        """Writes the call of one of the file's functions of meshes, with arrays as arguments."""


def writer_of(loops: Loops) -> MeshWriter:
    meshes: MeshWriter | None = loops.meshes
    assert meshes is not None, "no program is gathered into meshes for a backend that has none"
    return meshes


# ------------------------------------------------------------------------------------------------------ into and out of


def _take(loops: Loops, step: Step[ops.Take], at: At) -> Expression:
    return loops.element(step.args[0], (_place_of(loops, step.op.places, at[0], "taken"),))


def _place_of(loops: Loops, places: Sequence[int], at: Expression, base: str) -> Expression:
    """The place at a place in a list of them: a difference where they follow one another."""
    if isinstance(at, Number):
        return whole_number(places[int(at.digits)])
    first = places[0]
    if list(places) == list(range(first, first + len(places))):
        return e.total([(1, at), (1, whole_number(first))]) if first else at
    return Index(writer_of(loops).table(base, places), (at,))


def _fill_with_zeros(loops: Loops, step: Step[Any], place: Atom) -> None:
    loops.loop(step.symbol.type.shape, lambda at: assign(place(at), loops.words.number(0.0)))


def _put(loops: Loops, step: Step[ops.Put], place: Atom) -> None:
    _fill_with_zeros(loops, step, place)

    def put(at: At) -> Statement:
        return assign(place((_place_of(loops, step.op.places, at[0], "put"),)), loops.element(step.args[0], at))

    loops.loop((len(step.op.places),), put)


# --------------------------------------------------------------------------------------------------------- weight vector


def _weight_vector(loops: Loops, step: Step[ops.WeightVector], place: Atom) -> None:
    """The numbers of lines, times the elements of weights that they have."""
    lines, table = step.op.lines, writer_of(loops).table
    factors = table("factors", lines.numbers, whole=False)
    loops.loop(step.symbol.type.shape, lambda at: assign(place(at), Index(factors, (at[0],))))
    for k, weight in enumerate(step.args):
        _each_line(loops, lines, k, weight, lambda line, element: assign(place((line,)), element, "*"))


def _collect(loops: Loops, step: Step[ops.Collect], place: Atom) -> None:
    """The gradient of one weight: what arrives at its lines, times their factors."""
    lines, table = step.op.lines, writer_of(loops).table
    factors = table("factors", lines.numbers, whole=False)
    _fill_with_zeros(loops, step, place)

    def add(line: Expression, element: Expression) -> Statement:
        arrived = loops.element(step.args[0], (line,))
        return assign(element, e.product([Index(factors, (line,)), arrived]), "+")

    _each_line(loops, lines, step.op.place, step.symbol, add, place)


def _each_line(
    loops: Loops, lines: Any, number: int, weight: Arg, do: Callable[[Expression, Expression], Statement], place: Atom | None = None
) -> None:  # fmt: skip
    """For each line of one weight: its place in the vector, and the element of the weight."""
    import numpy as np

    table, shape = writer_of(loops).table, type_of(weight).shape
    chosen = np.flatnonzero(lines.arguments == number)
    axes = np.unravel_index(lines.elements[chosen], shape) if shape else ()

    def column(base: str, numbers: Any) -> Callable[[Expression], Expression]:
        """One of so many whole numbers; of one alone the number itself."""
        if len(numbers) == 1:
            return lambda here: whole_number(int(numbers[0]))
        array = table(base, numbers)
        return lambda here: Index(array, (here,))

    where = column("places", chosen)
    elements = [column("elements", axis if n > 1 else [0]) for axis, n in zip(axes, shape, strict=True)]

    def line(at: At) -> Statement:
        (here,) = at
        places = tuple(element(here) for element in elements)
        element = place(places) if place else loops.element(weight, places)
        return do(where(here), element)

    loops.loop((len(chosen),), line)


# ------------------------------------------------------------------------------------------------------------- the mesh


def _mesh(loops: Loops, step: Step[ops.MeshValues], place: Atom) -> None:
    """The constant 1, the values from outside, and then all others."""
    weights, *outside = step.args
    loops.body.append(assign(place((whole_number(0),)), loops.words.number(1.0)))
    first = 1
    for x in outside:
        shape = type_of(x).shape

        def fill(at: At, x: Arg = x, shape: tuple[int, ...] = shape, first: int = first) -> Statement:
            return assign(place((_flat(at, shape, first),)), loops.element(x, at))

        loops.loop(shape, fill)
        first += prod(shape)
    assert isinstance(weights, Symbol)
    writer_of(loops).called(loops, "mesh_values", step.op.mesh, weights, step.symbol)


def _flat(at: At, shape: tuple[int, ...], first: int) -> Expression:
    """The place of an element behind `first`, row by row."""
    terms: list[Expression] = []
    for k, here in enumerate(at):
        stride = prod(shape[k + 1 :])
        if isinstance(here, Number):
            first += int(here.digits) * stride
        else:
            terms.append(e.product([whole_number(stride), here]) if stride > 1 else here)
    return e.total([(1, term) for term in (*terms, *([whole_number(first)] if first or not terms else []))])


def _sums(loops: Loops, step: Step[ops.MeshSums], place: Atom) -> None:
    _fill_with_zeros(loops, step, place)
    writer_of(loops).called(loops, "mesh_sums", step.op.mesh, *_symbols(step), step.symbol)


def _pull(loops: Loops, step: Step[ops.Pull], place: Atom) -> None:
    _fill_with_zeros(loops, step, place)
    writer_of(loops).called(loops, "mesh_pull", step.op.mesh, *_symbols(step), step.symbol)


def _deltas(loops: Loops, step: Step[ops.Deltas], place: Atom) -> None:
    """What arrives becomes what leaves, in place; a copy where somebody else needs it, too."""
    weights, values, arriving = _symbols(step)
    if place((whole_number(0),)) != loops.element(arriving, (whole_number(0),)):
        loops.loop(step.symbol.type.shape, lambda at: assign(place(at), loops.element(arriving, at)))
    writer_of(loops).called(loops, "mesh_back", step.op.mesh, weights, values, step.symbol)


def add_line_gradients(loops: Loops, step: Step[ops.LineGradients]) -> None:
    """What the tokens here add to the gradients of all lines."""
    writer_of(loops).called(loops, "mesh_slopes", step.op.mesh, *_symbols(step), step.symbol)


def _symbols(step: Step[Any]) -> list[Symbol]:
    return [a for a in step.args if isinstance(a, Symbol)]


MESH_ELEMENTS: dict[type[ops.Operation], Callable[..., Expression]] = {ops.Take: _take}
MESH_ARRAYS: dict[type[ops.Operation], Callable[..., None]] = {
    ops.Put: _put, ops.WeightVector: _weight_vector, ops.Collect: _collect, ops.MeshValues: _mesh, ops.MeshSums: _sums,
    ops.Pull: _pull, ops.Deltas: _deltas,
}  # fmt: skip
OF_MESHES = frozenset({*MESH_ELEMENTS, *MESH_ARRAYS, ops.LineGradients})
