"""What happens to a program before it is loops: formulas are written out but for functions of single numbers."""

from __future__ import annotations

from functools import partial

from flowc.program.ir import Program, Step
from flowc.program.ops import Apply, step_of
from flowc.program.passes.conditions import with_indicators
from flowc.program.passes.counts import with_counts
from flowc.program.passes.formulas import opened
from flowc.program.passes.numbers import with_numbers
from flowc.program.phases import each_phase


def for_loops(program: Program) -> Program:
    """The program as loops take it: single numbers, and functions of these."""
    while any(map(is_of_arrays, program.steps)):  # a formula may have such functions in it
        program = each_phase(program, partial(opened, chosen=is_of_arrays))
    for rewriting in (with_numbers, with_indicators):
        program = each_phase(program, rewriting)
    return with_counts(program)


def is_of_arrays(step: Step) -> bool:
    """Functions of vectors, losses and operations."""
    applied = step_of(step, Apply)
    return applied is not None and (applied.op.record.kind != "elementwise" or applied.op.elements)
