"""Which steps must be done in every round of a loop, and which once before it."""

from __future__ import annotations

from flowc.program.dependencies import needed
from flowc.program.differentiate import active
from flowc.program.ir import Program, Step, Symbol
from flowc.program.notes import LOOP, ONCE
from flowc.program.ops import Copy, Count, Drop, Lift, Select
from flowc.program.phases import ALL, phases_of, with_phases

VIEWS = (Copy, Count, Select, Lift, Drop)  # cost nothing, so they stay where they are used


def hoisted(program: Program) -> Program:
    """The program whose gradients alone are wanted, round by round, while what they are of changes: "once" hangs on
    nothing that changes; "loop" is the rest, in order, and views that it needs, be they made before or not."""
    phases = phases_of(program)
    steps = list(phases.pop(ALL, ()))
    gradients, changing = set(program.gradients.values()), set(program.gradients)
    alive = active(tuple(steps), changing)
    used = set(gradients)
    loop: list[Step] = []
    for step in reversed(steps):
        if step.symbol in alive or isinstance(step.op, VIEWS) and step.symbol in used:
            loop.append(step)
            used.update(a for a in step.args if isinstance(a, Symbol))
    within = {s.symbol for s in loop}
    once = needed([s for s in steps if s.symbol not in alive], used - within)
    return with_phases(program, {**phases, ONCE: once, LOOP: loop[::-1]})
