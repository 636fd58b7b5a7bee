"""When single numbers are computed: before the tokens, for each of them (sums grow meanwhile), and after."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.program.differentiate import active
from flowc.program.ir import Arg, Program, Step
from flowc.program.notes import AFTER, BEFORE, ONCE, SETUP, TOKENS
from flowc.program.ops import Reduce
from flowc.program.phases import with_phases
from flowc.program.values import type_of


class Entangled(ValueError):
    """A token depends on all the others, so that no loop over the tokens computes it."""


def token_by_token(program: Program) -> Program:
    """The program as a loop over its tokens. Without any given there is one, and nothing to loop over. Raises Entangled."""
    samples = program.inputs or program.targets
    return with_phases(program, _phases_by_token(program.steps) if samples else {BEFORE: program.steps})


def _phases_by_token(steps: Sequence[Step]) -> dict[str, Sequence[Step]]:
    """What follows from a sum over the tokens comes after it."""
    late: set[Arg] = set()
    phases: dict[str, list[Step]] = {BEFORE: [], TOKENS: [], AFTER: []}
    for step in steps:
        after = any(a in late for a in step.args)
        if after and type_of(step.symbol).batched:
            raise Entangled(f"a token depends on all the others: {step}")
        if isinstance(step.op, Reduce) or after:
            late.add(step.symbol)
        within = isinstance(step.op, Reduce) or type_of(step.symbol).batched
        phases[AFTER if after else TOKENS if within else BEFORE].append(step)
    return dict(phases)


def round_by_round(program: Program) -> Program:
    """Every step where it has to be done no more often than needed, while what gradients are of changes: "setup" and
    "once" hang on none of it: numbers, and what every token brings along. The rest is for every round. Raises Entangled."""
    steps = program.steps
    alive = active(steps, set(program.gradients))
    fixed = [s for s in steps if s.symbol not in alive and not isinstance(s.op, Reduce)]
    sums = {s.symbol for s in steps if isinstance(s.op, Reduce)}
    late = active(steps, sums) - sums
    setup = [s for s in fixed if not type_of(s.symbol).batched and s.symbol not in late]
    once = [s for s in fixed if type_of(s.symbol).batched]
    before = {s.symbol for s in (*setup, *once)}
    rest = [s for s in steps if s.symbol not in before]
    if not (program.inputs or program.targets):
        return with_phases(program, {SETUP: [*setup, *once], BEFORE: rest})
    return with_phases(program, {SETUP: setup, ONCE: once, **_phases_by_token(rest)})
