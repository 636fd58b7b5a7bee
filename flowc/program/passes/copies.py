"""Parts of formulas that are other values under another name, as these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.program.dependencies import is_part
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Copy, Spread


def without_copies(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """Of single numbers, of which one for all tokens and one for each look alike."""
    same: dict[Arg, Arg] = {}
    others = []
    for step in steps:
        step = replace(step, args=tuple(same.get(a, a) for a in step.args))
        if isinstance(step.op, (Copy, Spread)) and is_part(step.symbol) and isinstance(step.args[0], Symbol):
            same[step.symbol] = step.args[0]
        else:
            others.append(step)
    return others
