"""Curves of functions of one number: in pieces, where they jump, with the points that belong to them and those that do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flowc.maths.function import Function
from flowc.program import function_steps
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.run import evaluate
from flowc.program.values import TOKENS, Kind
from flowc.records import Record

Array = np.ndarray
Of = Callable[[Array], Array]
Point = tuple[float, float]
SAMPLES = 480
HALVINGS = 64  # until the ends of an interval are neighbours among the numbers
SMOOTH = 1e-6  # a larger change between neighbours is a jump
FAR = 1e4  # a limit further away is infinite


class Curve(Record, eq=False):
    """`pieces`: lines through points, (n, 2). `closed` points belong to the curve, `open` ones end a piece and do not."""

    pieces: tuple[Array, ...]
    closed: tuple[Point, ...] = ()
    open: tuple[Point, ...] = ()


def value(function: Function, parameters: tuple[float, ...]) -> Of:
    """An elementwise function, as its record has it."""

    def of(x: Array) -> Array:
        xi = _symbol_of_kind("excitation")
        steps, result = function_steps.expand(function, (xi,), parameters)
        return _compute_steps(steps, result, {xi: x}, len(x))

    return of


def slope(function: Function, parameters: tuple[float, ...]) -> Of:
    """Its derivative, as its record has it: what a gradient of 1 becomes. None where the function has no value."""
    curve = value(function, parameters)

    def of(x: Array) -> Array:
        xi, h, d = _symbol_of_kind("excitation"), _symbol_of_kind("activation"), _symbol_of_kind("gradient")
        steps, result = function_steps.pulled(function.name, parameters, {"xi": xi, "h": h, "d": d})
        slopes = _compute_steps(steps, result, {xi: x, h: curve(x), d: np.ones(len(x))}, len(x))
        return np.where(np.isfinite(curve(x)), slopes, np.nan)

    return of


def _symbol_of_kind(kind: Kind) -> Symbol:
    return Symbol(kind, "h", TOKENS)


def _compute_steps(steps: tuple[Step, ...], result: Arg, known: dict[Symbol, Array], count: int) -> Array:
    with np.errstate(all="ignore"):
        for step in steps:
            known[step.symbol] = evaluate(step, [known[a] if isinstance(a, Symbol) else a for a in step.args], count)
    return np.broadcast_to(known[result] if isinstance(result, Symbol) else result, (count,)).astype(float)


def curve(of: Of, low: float, high: float) -> Curve:
    """The function from `low` to `high`."""
    integers = np.arange(np.ceil(low), np.floor(high) + 1) if high - low <= SAMPLES else np.empty(0)
    x = np.unique(np.concatenate([np.linspace(low, high, SAMPLES), integers]))
    y = of(x)
    a, b = _narrow_intervals(of, x[:-1], x[1:])
    before, after = of(a), of(b)
    with np.errstate(invalid="ignore"):  # inf - inf
        jumps = ~(abs(after - before) <= SMOOTH * np.maximum(1, abs(before)))  # also where one of them is no number
    pieces, closed, opened = [], set[Point](), set[Point]()
    start: list[Point] = []
    first = 0
    for k in np.flatnonzero(jumps).tolist():
        place = float(round((a[k] + b[k]) / 2, 9)) + 0.0
        at = float(of(np.array([place]))[0])
        pieces.append(_join_piece(start, x[first : k + 1], y[first : k + 1], [(place, before[k])]))
        start, first = [(place, after[k])], k + 1
        if np.isfinite([before[k], after[k]]).all():
            closed |= {(place, at)}
            opened |= {(place, float(limit)) for limit in (before[k], after[k]) if limit != at and abs(limit) < FAR}
    pieces.append(_join_piece(start, x[first:], y[first:], []))
    return Curve(
        tuple(p for p in pieces if np.ptp(p[:, 0]) > 0) if pieces else (), tuple(sorted(closed)), tuple(sorted(opened))
    )


def _narrow_intervals(of: Of, a: Array, b: Array) -> tuple[Array, Array]:
    """In each interval the two neighbours between which the function changes most."""
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        left, here, right = of(a), of(middle), of(b)
        on_left = _distance_between(left, here) >= _distance_between(here, right)
        a, b = np.where(on_left, a, middle), np.where(on_left, middle, b)
    return a, b


def _distance_between(one: Array, other: Array) -> Array:
    """How far two values are apart: infinitely, where one of them is none."""
    with np.errstate(all="ignore"):
        distance = abs(other - one)
    both = np.isfinite(one) & np.isfinite(other)
    return np.where(both, distance, np.where(np.isfinite(one) | np.isfinite(other), np.inf, 0.0))


def _join_piece(start: list[Point], x: Array, y: Array, end: list[Point]) -> Array:
    points = np.array([*start, *zip(x.tolist(), y.tolist()), *end], float).reshape(-1, 2)
    finite = points[np.isfinite(points).all(axis=1)]
    return finite if len(finite) else np.zeros((1, 2))
