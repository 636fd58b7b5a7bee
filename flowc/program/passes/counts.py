"""Numbers of elements and tokens as those of something that has a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from flowc.program.dependencies import is_part
from flowc.program.ir import Program, Step, Symbol
from flowc.program.ops import Count, Elementwise
from flowc.program.ops.fused import CountOf
from flowc.program.phases import each_phase


def with_counts(program: Program) -> Program:
    """`count` of a formula as the count of a name in it that has as many elements: `f.size`, not `((f - y)**2).size`;
    the number of tokens is that of an input."""
    if not any(isinstance(s.op, Count) for s in program.steps):
        return program
    inputs = [*program.inputs, *program.targets]
    makers = {s.symbol: s for s in program.steps}
    return each_phase(program, lambda steps, first: [_count_of_name(s, makers, inputs) for s in steps])


def _count_of_name(step: Step, made: Mapping[Symbol, Step], inputs: Sequence[Symbol]) -> Step:
    if not isinstance(step.op, Count):
        return step
    arg = step.args[0]
    assert isinstance(arg, Symbol)
    counted = _find_named(arg, made) if step.op.of == "all" else arg
    count = CountOf(step.op.of, prod(arg.type.shape))
    return replace(step, op=count, args=(inputs[0] if is_part(counted) and inputs else counted,))


def _find_named(arg: Symbol, made: Mapping[Symbol, Step]) -> Symbol:
    """A name in the formula of a value, of the same type; the value itself where there is none."""
    step = made.get(arg)
    while step is not None and is_part(arg) and isinstance(step.op, Elementwise):
        same = [a for a in step.args if isinstance(a, Symbol) and a.type == arg.type]
        if not same:
            return arg
        arg, step = same[0], made.get(same[0])
    return arg
