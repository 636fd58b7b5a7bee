"""What happens to a program before it is loops: formulas are written out but for functions of single numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.program import function_steps
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.ops import Apply, Copy, step_of
from flowc.program.passes.conditions import with_indicators
from flowc.program.passes.counts import with_counts
from flowc.program.passes.numbers import with_numbers
from flowc.program.phases import each_phase


def for_loops(program: Program) -> Program:
    """The program as loops take it: single numbers, and functions of these."""
    for rewriting in (written_out, with_numbers, with_indicators):
        program = each_phase(program, rewriting)
    return with_counts(program)


def written_out(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """Functions of vectors, losses and operations by their formulas, also those that stand in formulas."""
    result: list[Step] = []
    numbers = iter(range(first, 1 << 60))

    def write(step: Step) -> None:
        applied = step_of(step, Apply)
        if applied is None or applied.op.record.kind == "elementwise" and not applied.op.elements:
            result.append(step)
            return
        parts, value = function_steps.opened(step)
        if applied.op.record.kind == "vector" and len(parts) > 1:
            parts = (replace(parts[0], comment=applied.op.function), *parts[1:])
        moved: dict[Arg, Symbol] = {}
        for part in parts:
            is_result = part.symbol == value
            moved[part.symbol] = step.symbol if is_result else part.symbol._replace(number=next(numbers))
            here = replace(part, symbol=moved[part.symbol], args=tuple(moved.get(a, a) for a in part.args), span=step.span)
            write(replace(here, comment=step.comment) if is_result else here)
        if value not in moved:
            result.append(replace(step, op=Copy(), args=(value,)))

    for step in steps:
        write(step)
    return result
