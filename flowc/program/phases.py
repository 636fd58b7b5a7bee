"""When steps are done: the parts that `notes.phases` divides a program into, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from flowc.program.ir import Program, Step, Symbol

ALL = ""  # the name of what no phase claims
Rewriting = Callable[[Sequence[Step], int], Sequence[Step]]  # steps, and the first number that no symbol has


def phases_of(program: Program) -> dict[str, tuple[Step, ...]]:
    """The steps of each phase, in order; of a program without phases all under the name ALL."""
    if not program.notes.phases:
        return {ALL: program.steps}
    phases, first = {}, 0
    for name, count in program.notes.phases:
        phases[name] = program.steps[first : first + count]
        first += count
    return phases


def steps_in(program: Program, phase: str) -> tuple[Step, ...]:
    """Those of one phase; none where the program does not have it."""
    return phases_of(program).get(phase, ())


def with_phases(program: Program, phases: Mapping[str, Sequence[Step]]) -> Program:
    """The program of these steps, done in these phases; empty ones are left away."""
    filled = {name: steps for name, steps in phases.items() if steps}
    sizes = () if set(filled) <= {ALL} else tuple((name, len(steps)) for name, steps in filled.items())
    steps = tuple(step for some in filled.values() for step in some)
    return replace(program, steps=steps, notes=replace(program.notes, phases=sizes))


def each_phase(program: Program, rewriting: Rewriting) -> Program:
    """The program, the steps of each phase rewritten."""
    if not program.notes.phases:
        return replace(program, steps=tuple(rewriting(program.steps, free(program.steps))))
    done: dict[str, Sequence[Step]] = dict(phases_of(program))
    for name, steps in list(done.items()):
        done[name] = rewriting(steps, free(s for some in done.values() for s in some))
    return with_phases(program, done)


def free(steps: Iterable[Step]) -> int:
    """A number greater than that of every symbol that these steps make."""
    return 1 + max((s.symbol.number for s in steps), default=0)


def handed_on(program: Program) -> list[Symbol]:
    """What is made in one phase and used in a later one."""
    if not program.notes.phases:
        return []
    earlier: set[Symbol] = set()
    symbols: dict[Symbol, None] = {}
    for steps in phases_of(program).values():
        symbols |= dict.fromkeys(a for s in steps for a in s.args if isinstance(a, Symbol) and a in earlier)
        earlier |= {s.symbol for s in steps}
    return list(symbols)
