"""Whether a run rounded nowhere: then every order of its sums gives the same bits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flowc.nets.verifying.tolerance import Scales
from flowc.program import ops
from flowc.program.ir import Program, Step, Symbol

Array = np.ndarray

DIGITS = 53  # of float64, in binary


def is_exact(program: Program, values: Mapping[Symbol, Array], scales: Scales) -> bool:
    """Whether no partial sum of any step can have more digits than float64 holds.

    The terms of a step are multiples of a power of two, its unit, and no partial sum exceeds the scale of the result.
    """
    return all(
        np.max(scales.of[step.symbol], initial=0.0) < 2.0**DIGITS * _unit_of_terms(step, values)
        for step in program.steps
        if step.symbol in values
    )


def _unit_of_terms(step: Step, values: Mapping[Symbol, Array]) -> float:
    units = [largest_unit(np.asarray(values[a] if isinstance(a, Symbol) else a, dtype=float)) for a in step.args]
    if isinstance(step.op, ops.Multiply | ops.Contract):
        return float(np.prod(units))
    return min([*units, largest_unit(values[step.symbol])])


def largest_unit(numbers: Array) -> float:
    """The largest power of two of which all are multiples, at most 1."""
    mantissas, exponents = np.frexp(numbers)
    integers = np.ldexp(mantissas, DIGITS).astype(np.int64)
    lowest = np.ldexp((integers & -integers).astype(float), exponents - DIGITS)
    return float(np.min(lowest, where=lowest > 0, initial=1.0))
