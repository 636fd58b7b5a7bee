"""The operations of meshes: the type and the derivative of each. What they compute is in `mesh_run.py`."""

from __future__ import annotations

from math import prod
from typing import Any

from flowc.program.builder import Builder
from flowc.program.ir import Arg, Step, Symbol, Type
from flowc.program.mesh import Lines, Mesh
from flowc.program.types import IllTyped, type_of

# ---------------------------------------------------------------------- types

TYPES: dict[str, Any] = {
    "lines": lambda types, data: Type(False, (len(data.numbers),)),
    "mesh": lambda types, data: _values(types, data),
    "sums": lambda types, data: Type(True, (data.places,)),
    "take": lambda types, data: Type(types[0].batched, (len(data),)),
    "put": lambda types, data: Type(types[0].batched, (data[1],)),
    "deltas": lambda types, data: Type(True, (data.places,)),
    "line_gradients": lambda types, data: Type(False, (data.count,)),
    "pull": lambda types, data: Type(True, (data.places,)),
}


def _values(types: list[Type], data: Mesh) -> Type:
    _, *outside = types
    if not all(t.batched for t in outside):
        raise IllTyped(f"a mesh takes values of tokens, not {', '.join(map(str, outside))}")
    return Type(True, (data.places,))


# ----------------------------------------------------------------- derivatives


def _lines(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    """Of a weight: the sum of what arrives at its lines, times their factors."""
    return b.emit("collect", b.spread(d, step.symbol.type), data=(step.data, place), given=type_of(step.args[place]))


def _mesh(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    """Back through the levels; then over the lines, either into the weights or out of the sources."""
    lines, *outside = step.args
    whole = b.spread(d, step.symbol.type)
    arrived = once(b, "deltas", lines, step.symbol, whole, data=step.data)
    if place == 0:
        return b.emit("line_gradients", arrived, step.symbol, data=step.data)
    first = 1 + sum(prod(type_of(x).shape) for x in outside[: place - 1])
    pulled = once(b, "pull", lines, arrived, data=step.data)
    if any(s.op == "pull" and s.data is step.data and s.args[1] != arrived for s in b.steps):
        pulled = once(b, "add", whole, pulled, data=(1, 1))  # `sums` reads the values from outside, too
    return part(b, pulled, first, type_of(step.args[place]))


def _sums(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    lines, values = step.args
    d = b.spread(d, step.symbol.type)
    return (
        b.emit("line_gradients", d, values, data=step.data) if place == 0 else b.emit("pull", lines, d, data=step.data)
    )


def _take(b: Builder, step: Step, place: int, d: Arg) -> Arg:
    (size,) = type_of(step.args[0]).shape
    return b.emit("put", b.spread(d, step.symbol.type), data=(step.data, size))


RULES: dict[str, Any] = {"lines": _lines, "mesh": _mesh, "sums": _sums, "take": _take}


def part(b: Builder, whole: Symbol, first: int, wanted: Type) -> Symbol:
    """The elements of a vector from `first` on, in the shape of a type that was laid into it."""
    found = b.emit("take", whole, data=tuple(range(first, first + prod(wanted.shape))))
    if not wanted.shape:
        return b.emit("select", found, data=(0,))
    return found if len(wanted.shape) == 1 else b.emit("reshape", found, given=Type(True, wanted.shape))


def once(b: Builder, op: str, *args: Arg, data: Mesh | Lines | tuple[int, ...]) -> Symbol:
    """The step, made before or now: what arrives is worked out once for all arguments."""
    for step in reversed(b.steps):
        if step.op == op and step.args == args and step.data == data:
            return step.symbol
    return b.emit(op, *args, data=data)
