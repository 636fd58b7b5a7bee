"""The curve of an activation, small enough for its node: from the value in its record, sampled."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import isfinite

from flowc.drawing.geometry import bounds
from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.maths.scalar import of_numbers

Line = tuple[tuple[float, float], ...]
SAMPLES = 96
SPANS = {"sin": 3.5, "cos": 3.5, "exp": 2.0, "square": 1.6, "log": 3.0, "sqrt": 3.0}  # what is shown of ξ, from 0 both ways
SPAN, TALL = 3.0, 1.25  # of others; and the most of h that is shown


@lru_cache(maxsize=64)
def curve(name: str, parameters: tuple[float, ...]) -> tuple[Line, ...]:
    """Lines through points in a box: x from -1 to 1, y from -1 (low) to 1 (high).

    A jump is drawn as a riser. Empty where the function is not of one number.
    """
    function = lookup(name)
    if function is None or function.kind != "elementwise":
        return ()
    span = SPANS.get(name, SPAN)
    pieces = _continuous_pieces(function, parameters, span)
    points = [point for piece in pieces for point in piece]
    if not points:
        return ()
    left, low, right, high = bounds(points)
    wide, tall = max(right - left, 1e-9) / 2, max(high - low, 1e-9) / 2
    return tuple(tuple(((x - left) / wide - 1, (h - low) / tall - 1) for x, h in piece) for piece in pieces)


def _continuous_pieces(function: Function, parameters: tuple[float, ...], span: float) -> list[list[tuple[float, float]]]:
    points = [(x, _value_at(function, x, parameters)) for x in _sample_places(span)]
    pieces: list[list[tuple[float, float]]] = [[]]
    for (x, h), (_, after) in pairwise([*points, points[-1]]):
        if not isfinite(h) or abs(h) > TALL * span:
            pieces.append([])
            continue
        pieces[-1].append((x, h))
        if function.jumps and after != h and isfinite(after):
            pieces[-1].append((0.0, h))
            pieces[-1].append((0.0, after))
    return [piece for piece in pieces if len(piece) > 1]


def _sample_places(span: float) -> list[float]:
    """From left to right, none of them 0: what a function is at a jump is no point of its curve."""
    return [span * ((2 * k + 1) / SAMPLES - 1) for k in range(SAMPLES)]


def _value_at(function: Function, x: float, parameters: tuple[float, ...]) -> float:
    try:
        return of_numbers(function, x, *parameters)
    except (ArithmeticError, ValueError):
        return float("nan")
