"""The operations of meshes: their values line by line in the order written, and the way back through the levels."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, ClassVar

from flowc.program.mesh.mesh import Group, Level, Lines, Mesh
from flowc.program.ops.apply import Apply
from flowc.program.ops.arithmetic import Add
from flowc.program.ops.index import Reshape, Select
from flowc.program.ops.operation import Machine, Operation, Step, Writer
from flowc.program.values import Arg, IllTyped, Shape, Symbol, Type, type_of


class WeightVector(Operation):
    """The weight vector of a mesh, from the weights that its lines have."""

    lines: Lines

    name: ClassVar[str] = "lines"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(False, (len(self.lines.numbers),))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        lines = self.lines
        result = m.np.array(lines.numbers)
        for k, weight in enumerate(args):
            in_weight = lines.arguments == k
            result[in_weight] *= m.np.ravel(weight)[lines.elements[in_weight]]
        return result

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """Of a weight: the sum of what arrives at its lines, times their factors."""
        return b.emit(Collect(self.lines, place, type_of(step.args[place]).shape), b.spread(d, step.symbol.type))


class Collect(Operation):
    """Of the argument at `place` of a weight vector, which has this shape: what arrives at its lines."""

    lines: Lines
    place: int
    shape: Shape

    name: ClassVar[str] = "collect"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(False, self.shape)

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        (d,), lines = args, self.lines
        result = m.np.zeros(self.shape)
        in_weight = lines.arguments == self.place
        m.np.add.at(result.reshape(-1), lines.elements[in_weight], lines.numbers[in_weight] * d[in_weight])
        return result


class _OfMesh(Operation):
    mesh: Mesh


class MeshValues(_OfMesh):
    """All values of a mesh, from its weight vector and the values from outside."""

    name: ClassVar[str] = "mesh"

    def result_type(self, types: Sequence[Type]) -> Type:
        _, *outside = types
        if not all(t.batched for t in outside):
            raise IllTyped(f"a mesh takes values of tokens, not {', '.join(map(str, outside))}")
        return Type(True, (self.mesh.places,))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        lines, *outside = args
        mesh, np, batch = self.mesh, m.np, m.batch
        v = np.zeros((batch, mesh.places))
        v[:, 0] = 1
        place = 1
        for x in outside:
            flat = (
                np.broadcast_to(x, (batch, *np.shape(x)[1:])).reshape(batch, -1)
                if np.ndim(x)
                else np.full((batch, 1), x)
            )
            v[:, place : place + flat.shape[1]] = flat
            place += flat.shape[1]
        for level in mesh.levels:
            xi = _sum_lines(m, mesh, lines, v, level.first - mesh.outside, level.last - mesh.outside)
            for group in level.groups:
                sums = xi[:, group.first - level.first : group.last - level.first]
                v[:, group.first : group.last] = _apply_group(m, group, sums)
                if group.excitations is not None:
                    v[:, group.excitations : group.excitations + group.last - group.first] = sums
        return v

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        """Back through the levels; then over the lines, either into the weights or out of the sources."""
        lines, *outside = step.args
        mesh = self.mesh
        arriving = b.spread(d, step.symbol.type)
        arrived = once(b, Deltas(mesh), lines, step.symbol, arriving)
        if place == 0:
            return b.emit(LineGradients(mesh), arrived, step.symbol)
        first = 1 + sum(prod(type_of(x).shape) for x in outside[: place - 1])
        pulled = once(b, Pull(mesh), lines, arrived)
        if any(s.op == Pull(mesh) and s.args[1] != arrived for s in b.steps):
            pulled = once(b, Add((1, 1)), arriving, pulled)  # `sums` reads the values from outside, too
        return part(b, pulled, first, type_of(step.args[place]))


class MeshSums(_OfMesh):
    """The excitations of a mesh's nodes at their places, from its weight vector and its values."""

    name: ClassVar[str] = "sums"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(True, (self.mesh.places,))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        (lines, v), mesh = args, self.mesh
        result = m.np.zeros_like(v)
        result[:, mesh.outside : mesh.outside + mesh.nodes] = _sum_lines(m, mesh, lines, v, 0, mesh.nodes)
        return result

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        lines, values = step.args
        d = b.spread(d, step.symbol.type)
        return b.emit(LineGradients(self.mesh), d, values) if place == 0 else b.emit(Pull(self.mesh), lines, d)


class Take(Operation):
    """The elements of a vector at these places."""

    places: tuple[int, ...]

    name: ClassVar[str] = "take"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(types[0].batched, (len(self.places),))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        return args[0][..., list(self.places)]

    def pull(self, b: Writer, step: Step, place: int, d: Arg) -> Arg:
        (size,) = type_of(step.args[0]).shape
        return b.emit(Put(self.places, size), b.spread(d, step.symbol.type))


class Put(Operation):
    """A vector of zeros of this size, with x put at these places."""

    places: tuple[int, ...]
    size: int

    name: ClassVar[str] = "put"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(types[0].batched, (self.size,))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        d = args[0]
        result = m.np.zeros((*d.shape[:-1], self.size))
        result[..., list(self.places)] = d
        return result


class Deltas(_OfMesh):
    """What arrives at every excitation, from the weight vector, the values, and what arrives at these from outside."""

    name: ClassVar[str] = "deltas"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(True, (self.mesh.places,))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        """Level by level from the last: what arrives at each node, times the slope of its function."""
        lines, v, d = args
        arriving = m.np.array(d)
        result = m.np.zeros_like(v)
        for level in reversed(self.mesh.levels):
            for group in level.groups:
                inside = slice(group.first, group.last)
                result[:, inside] = _pull_group(m, group, v, arriving[:, inside])
                if group.asked and group.excitations is not None:
                    result[:, inside] += arriving[:, group.excitations : group.excitations + group.last - group.first]
            arriving += _pull_level(m, self.mesh, level, lines, result)
        return result


class LineGradients(_OfMesh):
    """The gradient of a weight vector: over the tokens, δ of each line's target times its source's value."""

    name: ClassVar[str] = "line_gradients"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(False, (self.mesh.count,))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        (d, v), mesh = args, self.mesh
        result = m.np.zeros(mesh.count)
        result[mesh.weights] = m.np.einsum("nk,nk->k", d[:, mesh.targets], v[:, mesh.sources])
        return result


class Pull(_OfMesh):
    """What all lines carry back to every place, from the weight vector and δ."""

    name: ClassVar[str] = "pull"

    def result_type(self, types: Sequence[Type]) -> Type:
        return Type(True, (self.mesh.places,))

    def value(self, m: Machine, step: Step, *args: Any) -> Any:
        (lines, d), mesh = args, self.mesh
        zeros = m.np.zeros((len(d), mesh.places))
        return sum((_pull_level(m, mesh, level, lines, d) for level in mesh.levels), zeros)


# --------------------------------------------------------------------------------------------------------- derivatives


def part(b: Writer, whole: Symbol, first: int, wanted: Type) -> Symbol:
    """The elements of a vector from `first` on, in the shape of a type that was laid into it."""
    elements = b.emit(Take(tuple(range(first, first + prod(wanted.shape)))), whole)
    if not wanted.shape:
        return b.emit(Select((0,)), elements)
    return elements if len(wanted.shape) == 1 else b.emit(Reshape(wanted.shape), elements)


def once(b: Writer, op: Operation, *args: Arg) -> Symbol:
    """The step, made before or now: what arrives is worked out once for all arguments."""
    for step in reversed(b.steps):
        if type(step.op) is type(op) and step.args == args and step.op == op:
            return step.symbol
    return b.emit(op, *args)


# -------------------------------------------------------------------------------------------------------------- values


def _sum_lines(m: Machine, mesh: Mesh, lines: Any, v: Any, first: int, last: int) -> Any:
    """The excitations of the nodes first .. last - 1, their terms added in the order written."""
    np = m.np
    a, b = mesh.starts[first], mesh.starts[last]
    row = np.repeat(np.arange(last - first), np.diff(mesh.starts[first : last + 1]))
    xi = np.zeros((last - first, len(v)))
    np.add.at(xi, row, (lines[mesh.weights[a:b]] * v[:, mesh.sources[a:b]]).T)
    return xi.T


def _pull_level(m: Machine, mesh: Mesh, level: Level, lines: Any, d: Any) -> Any:
    """What the lines into one level carry back to every place."""
    np = m.np
    a, b = (mesh.starts[p - mesh.outside] for p in (level.first, level.last))
    starts = mesh.starts[level.first - mesh.outside : level.last - mesh.outside + 1]
    row = np.repeat(np.arange(level.first, level.last), np.diff(starts))
    back = np.zeros((mesh.places, len(d)))
    np.add.at(back, mesh.sources[a:b], (lines[mesh.weights[a:b]] * d[:, row]).T)
    return back.T


def _apply_group(m: Machine, group: Group, xi: Any) -> Any:
    symbol = Symbol("temporary", "xi", Type(True, xi.shape[1:]))
    return m.evaluate(Step(symbol, Apply(group.function, group.parameters), (symbol,)), [xi])


def _pull_group(m: Machine, group: Group, v: Any, d: Any) -> Any:
    """The pullback of the group's function, from its values, its excitations and what arrives."""
    h = v[:, group.first : group.last]
    first = group.first if group.excitations is None else group.excitations  # relu: the sign of its value is that of its excitation
    xi = v[:, first : first + group.last - group.first]
    symbols = {n: Symbol("temporary", n, Type(True, d.shape[1:]), number=k) for k, n in enumerate(("xi", "h", "d"))}
    steps, result = m.opened_pullback(group.function, group.parameters, symbols)
    values: dict[Any, Any] = {symbols["xi"]: xi, symbols["h"]: h, symbols["d"]: d}
    for step in steps:
        values[step.symbol] = m.evaluate(step, [values.get(a, a) for a in step.args])
    return values.get(result, result)
