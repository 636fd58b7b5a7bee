"""How far results may be apart: the bar of the project, written once.

A value of float64 may differ by 1e-12 times its *scale*: the sum of |terms| that led to it, carried through the
whole program (so that a difference of large numbers is allowed the rounding of the large ones). A gradient may
differ by 1e-11 times the largest scale of its array. A value of float32 is judged against the float64 answer, as
PyTorch's compiler judges its own: its error may be at most twice that of numpy's float32, plus 1e-6 times scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from flowc.program import ops
from flowc.program.function_steps import opened
from flowc.program.ir import Program, Step, Symbol
from flowc.program.run import Numpy, evaluate

Array = np.ndarray

VALUE = 1e-12  # float64, times the scale
GRADIENT = 1e-11  # float64, times the largest scale of the array
SINGLE = 1e-6  # float32, times the scale, beside twice the error of numpy's own float32
SINGLE_ALONE = 4e-6  # numpy's float32 itself: some 64 units in the last place of the scale
NEAR = 1e-9  # float64: a jump closer than this times the scale may fall on either side
NEAR_SINGLE = 1e-4  # the same in float32
TINY = 1e-300  # below it float64 has fewer digits
TINY_SINGLE = 1e-37  # below it float32 has
ULPS = 4  # an activation alone, in units in the last place


class Scales:
    """The scale of every value of a run, and how near it came to a jump (as a share of the scale, and as a number).

    `jump`: the value that came nearest, or the named one that it is computed from, and its token, from 0.
    """

    def __init__(self, program: Program, values: Mapping[Symbol, Array]):
        self.of: dict[Any, Array] = {s: np.abs(v) for s, v in values.items()}
        self.nearest = self.least_gap = np.inf
        self.jump: tuple[Symbol, int | None] | None = None
        self._named: dict[Any, Symbol] = {s: s for s in values if s.owner}
        self._applied_to: Symbol | None = None
        computed: dict[Any, Array] = dict(values)
        batch = next((len(values[s]) for s in (*program.inputs, *program.targets) if s in values), 1)
        with np.errstate(all="ignore"):
            for step in program.steps:
                if step.symbol in values:
                    origin = next((self._named[a] for a in step.args if a in self._named), step.symbol)
                    self._named.setdefault(step.symbol, origin)
                    self.of[step.symbol] = self._scale_of_step(step, computed, batch)

    def _scale_of_step(self, step: Step, values: dict[Any, Array], batch: int) -> Array:
        """The scale of a step's value, at least its size."""
        x = [np.asarray(values.get(a, a), dtype=float) for a in step.args]
        s = [np.broadcast_to(self.of.get(a, np.abs(v)), v.shape) for a, v in zip(step.args, x, strict=True)]
        machine = Numpy(batch)
        self._approach_jump(step, step.op.distance(machine, x, s))
        scale = self._function_scale(step, x, batch) if isinstance(step.op, ops.Apply) else step.op.scale(machine, step, x, s)
        out = np.abs(values[step.symbol])
        larger: Array = np.maximum(np.broadcast_to(scale, out.shape), out)
        return larger

    def _function_scale(self, step: Step, x: list[Array], batch: int) -> Array:
        """A function's formula, step by step. Its symbols may be called as the program's, whose scales stay."""
        steps, result = opened(step)
        inner_values: dict[Any, Array] = dict(zip(step.args, x, strict=True))
        of_program = {inner.symbol: self.of[inner.symbol] for inner in steps if inner.symbol in self.of}
        outer, self._applied_to = self._applied_to, self._applied_to or step.symbol
        for inner in steps:
            inner_values[inner.symbol] = evaluate(inner, [inner_values.get(a, a) for a in inner.args], batch)
            self.of[inner.symbol] = self._scale_of_step(inner, inner_values, batch)
        self._applied_to = outer
        scale = self.of.get(result)
        scale = np.asarray(inner_values.get(result, result)) if scale is None else scale
        for inner in steps:
            del self.of[inner.symbol]
        self.of |= of_program
        return abs(scale)

    def _approach_jump(self, step: Step, distance: tuple[Array, Array] | None) -> None:
        """Remember how far a value is from its jump, if that is nearer than all before."""
        if distance is None:
            return
        gap, scale = distance
        self.least_gap = min(self.least_gap, float(np.min(np.where(scale > 0, gap, np.inf), initial=np.inf)))
        shares = np.where(scale > 0, np.where(gap > TINY, gap, 0) / np.where(scale > 0, scale, 1), np.inf)
        if np.min(shares, initial=np.inf) < self.nearest:
            self.nearest = float(np.min(shares))
            first = step.args[0]
            symbol = self._applied_to or (first if isinstance(first, Symbol) else step.symbol)
            place = np.argwhere(shares == self.nearest)[0]
            self.jump = self._named.get(symbol, symbol), int(place[0]) if symbol.type.batched and len(place) else None


def allowed_difference(scale: Array, gradient: bool) -> Array:
    """How far two results in float64 may be apart."""
    return (GRADIENT if gradient else VALUE) * scale + TINY


def rounding_units(program: Program) -> int:
    """How often a program rounds: once a step, and in a written sum once for each term."""
    return sum(max(len(step.args) - 1, 1) if isinstance(step.op, ops.Add) else 1 for step in program.steps)


def allowed_single(scale: Array, steps: int, peer: Array | None = None) -> Array:
    """How far a float32 result may be from the float64 one; `peer` is the error of numpy's float32.

    numpy's own may grow with the program: each of its `steps` rounds once more, a sum once for each term; see `roundings`.
    """
    alone = SINGLE_ALONE * (1 + steps / 32)
    rounding = alone * scale if peer is None else 2 * np.max(peer, initial=0.0) + SINGLE * scale
    return rounding + TINY_SINGLE
