"""Gradients by differences of the reference meaning: slow, and independent of every rule of differentiation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from flowc.program.ir import Program, Symbol
from flowc.program.run import run

Array = np.ndarray

STEP = 1e-4
ROUNDING = 1e-15  # of a number that is computed twice, as a share of it


def central_difference(
    program: Program, values: Mapping[Symbol, Array], of: Symbol, wrt: Symbol, place: tuple[int, ...]
) -> float | None:  # fmt: skip
    """The derivative of the sum of `of` for one element of `wrt`; None where a jump or a kink is near.

    `values` hold every symbol's value in a run. Where `wrt` is computed, it is set free: whatever leads to it stays.
    Central differences of two widths, put together as Richardson does, so that the error is of fourth order.
    """
    free = replace(program, steps=tuple(s for s in program.steps if s.symbol != wrt))
    arguments = {s: values[s] for s in (*program.inputs, *program.targets, *program.weights) if s in values}

    def slope_over(h: float) -> float:
        moved = np.array(values[wrt])
        moved[place] += h
        return float(np.sum(run(free, {**arguments, wrt: moved})[of]))

    middle = slope_over(0.0)
    sides = [(slope_over(h), slope_over(-h)) for h in (STEP, STEP / 2, STEP / 4)]
    wide, narrow, least = (
        (up - down) / (2 * h) for (up, down), h in zip(sides, (STEP, STEP / 2, STEP / 4), strict=True)
    )
    first, second = (4 * narrow - wide) / 3, (4 * least - narrow) / 3
    bends = [abs(up + down - 2 * middle) / h for (up, down), h in ((sides[0], STEP), (sides[2], STEP / 4))]
    if bends[1] > max(bends[0] / 2, tolerance_of(second)):
        return None  # a kink: what bends smoothly bends a quarter as much
    return second if abs(first - second) <= tolerance_of(second) else None


def tolerance_of(slope: float, largest: float = 0.0) -> float:
    """How far a gradient may be from a difference; `largest`: the largest number on the way, which loses what is small."""
    return 1e-6 * (1 + abs(slope)) + ROUNDING * largest / STEP
