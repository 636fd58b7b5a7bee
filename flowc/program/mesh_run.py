"""What the operations of meshes compute: the reference, line by line in the order written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from flowc.maths.functions import lookup
from flowc.program import formula
from flowc.program.ir import Step, Symbol, Type
from flowc.program.mesh import Group, Level, Mesh

Array = np.ndarray
Evaluate = Callable[[Step, list[Any], int], Array]


def operations(evaluate: Evaluate) -> dict[str, Callable[..., Any]]:
    """`evaluate` computes a step of a function's formula."""
    return {
        "lines": _lines,
        "mesh": lambda step, batch, lines, *outside: _mesh(evaluate, step.data, batch, lines, outside),
        "sums": lambda step, batch, lines, v: _excitations(step.data, lines, v),
        "take": lambda step, batch, v: v[..., list(step.data)],
        "put": _put,
        "deltas": lambda step, batch, lines, v, d: _deltas(evaluate, step.data, lines, v, d),
        "line_gradients": lambda step, batch, d, v: _products(step.data, d, v),
        "pull": lambda step, batch, lines, d: _pull(step.data, lines, d),
        "collect": _collect,
    }


def _lines(step: Step, batch: int, *weights: Array) -> Array:
    result = np.array(step.data.numbers)
    for k, weight in enumerate(weights):
        own = step.data.arguments == k
        result[own] *= np.ravel(weight)[step.data.elements[own]]
    return result


def _collect(step: Step, batch: int, d: Array) -> Array:
    lines, place = step.data
    result = np.zeros(step.symbol.type.shape)
    own = lines.arguments == place
    np.add.at(result.reshape(-1), lines.elements[own], lines.numbers[own] * d[own])
    return result


def _put(step: Step, batch: int, d: Array) -> Array:
    places, size = step.data
    result = np.zeros((*d.shape[:-1], size))
    result[..., list(places)] = d
    return result


def _mesh(evaluate: Evaluate, mesh: Mesh, batch: int, lines: Array, outside: tuple[Array, ...]) -> Array:
    v = np.zeros((batch, mesh.places))
    v[:, 0] = 1
    place = 1
    for x in outside:
        flat = (
            np.broadcast_to(x, (batch, *np.shape(x)[1:])).reshape(batch, -1) if np.ndim(x) else np.full((batch, 1), x)
        )
        v[:, place : place + flat.shape[1]] = flat
        place += flat.shape[1]
    for level in mesh.levels:
        xi = _sums(mesh, lines, v, level.first - mesh.outside, level.last - mesh.outside)
        for group in level.groups:
            own = xi[:, group.first - level.first : group.last - level.first]
            v[:, group.first : group.last] = _applied(evaluate, group, own)
            if group.kept is not None:
                v[:, group.kept : group.kept + group.last - group.first] = own
    return v


def _sums(mesh: Mesh, lines: Array, v: Array, first: int, last: int) -> Array:
    """The excitations of the nodes first .. last - 1, their terms added in the order written."""
    a, b = mesh.starts[first], mesh.starts[last]
    row = np.repeat(np.arange(last - first), np.diff(mesh.starts[first : last + 1]))
    xi = np.zeros((last - first, len(v)))
    np.add.at(xi, row, (lines[mesh.weights[a:b]] * v[:, mesh.sources[a:b]]).T)
    return xi.T


def _excitations(mesh: Mesh, lines: Array, v: Array) -> Array:
    result = np.zeros_like(v)
    result[:, mesh.outside : mesh.outside + mesh.nodes] = _sums(mesh, lines, v, 0, mesh.nodes)
    return result


def _deltas(evaluate: Evaluate, mesh: Mesh, lines: Array, v: Array, d: Array) -> Array:
    """Level by level from the last: what arrives at each node, times the slope of its function."""
    arriving = np.array(d)
    result = np.zeros_like(v)
    for level in reversed(mesh.levels):
        for group in level.groups:
            inside = slice(group.first, group.last)
            result[:, inside] = _slope(evaluate, group, v, arriving[:, inside])
            if group.asked and group.kept is not None:
                result[:, inside] += arriving[:, group.kept : group.kept + group.last - group.first]
        arriving += _pulled(mesh, level, lines, result)
    return result


def _pulled(mesh: Mesh, level: Level, lines: Array, d: Array) -> Array:
    """What the lines into one level carry back to every place."""
    a, b = (mesh.starts[p - mesh.outside] for p in (level.first, level.last))
    starts = mesh.starts[level.first - mesh.outside : level.last - mesh.outside + 1]
    row = np.repeat(np.arange(level.first, level.last), np.diff(starts))
    back = np.zeros((mesh.places, len(d)))
    np.add.at(back, mesh.sources[a:b], (lines[mesh.weights[a:b]] * d[:, row]).T)
    return back.T


def _pull(mesh: Mesh, lines: Array, d: Array) -> Array:
    return sum((_pulled(mesh, level, lines, d) for level in mesh.levels), np.zeros((len(d), mesh.places)))


def _products(mesh: Mesh, d: Array, v: Array) -> Array:
    result = np.zeros(mesh.count)
    result[mesh.weights] = np.einsum("nk,nk->k", d[:, mesh.targets], v[:, mesh.sources])
    return result


def _applied(evaluate: Evaluate, group: Group, xi: Array) -> Array:
    symbol = Symbol("temporary", "xi", Type(True, xi.shape[1:]))
    function = lookup(group.function)
    assert function is not None
    steps, result = formula.expand(function, (symbol,), group.parameters)
    return _computed(evaluate, steps, result, {symbol: xi}, len(xi))


def _slope(evaluate: Evaluate, group: Group, v: Array, d: Array) -> Array:
    """The pullback of the group's function, from its values, its excitations and what arrives."""
    h = v[:, group.first : group.last]
    kept = group.first if group.kept is None else group.kept  # relu: the sign of its value is that of its excitation
    xi = v[:, kept : kept + group.last - group.first]
    symbols = {n: Symbol("temporary", n, Type(True, d.shape[1:]), number=k) for k, n in enumerate(("xi", "h", "d"))}
    steps, result = formula.pulled(group.function, group.parameters, symbols)
    given = {symbols["xi"]: xi, symbols["h"]: h, symbols["d"]: d}
    return _computed(evaluate, steps, result, given, len(v))


def _computed(evaluate: Evaluate, steps: Any, result: Any, known: dict[Any, Array], batch: int) -> Array:
    for step in steps:
        known[step.symbol] = evaluate(step, [known.get(a, a) for a in step.args], batch)
    return known.get(result, result)
