"""Which steps must be done in every round of a loop, and which once before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flowc.program.differentiate import active, needed
from flowc.program.ir import Step, Symbol
from flowc.program.ops import Copy, Count, Drop, Lift, Select

VIEWS = (Copy, Count, Select, Lift, Drop)  # cost nothing, so they stay where they are used


@dataclass(frozen=True, slots=True)
class Hoisted:
    """`once` hangs on nothing that changes; `loop` is the rest, in order."""

    once: tuple[Step, ...]
    loop: tuple[Step, ...]

    @property
    def handed_on(self) -> list[Symbol]:
        """What is made once and used in the loop."""
        made = {s.symbol for s in self.once}
        return list(dict.fromkeys(a for s in self.loop for a in s.args if isinstance(a, Symbol) and a in made))


def hoisted(steps: Sequence[Step], wanted: Iterable[Symbol], changing: Iterable[Symbol]) -> Hoisted:
    """The steps that lead to `wanted`, in two parts; `changing` are given anew in every round."""
    wanted = set(wanted)
    steps = needed(list(steps), wanted)
    alive = active(tuple(steps), set(changing))
    used = set(wanted)
    loop: list[Step] = []
    for step in reversed(steps):
        if step.symbol in alive or isinstance(step.op, VIEWS) and step.symbol in used:
            loop.append(step)
            used.update(a for a in step.args if isinstance(a, Symbol))
    within = {s.symbol for s in loop}
    once = needed([s for s in steps if s.symbol not in alive], used - within)
    return Hoisted(tuple(once), tuple(reversed(loop)))
