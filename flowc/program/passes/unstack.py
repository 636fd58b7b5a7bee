"""A vector that is taken apart and put together again in its order is that vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.ops import Copy, Select, Stack


def unstacked(program: Program) -> Program:
    """The program without such detours; nothing is lost that has a name."""
    made: dict[Arg, Step] = {}
    steps = []
    for step in program.steps:
        whole = _whole(step, made) if isinstance(step.op, Stack) else None
        step = step if whole is None else replace(step, op=Copy(), args=(whole,))
        step = replace(step, args=tuple(_origin(a, made) for a in step.args))
        made[step.symbol] = step
        steps.append(step)
    return replace(program, steps=tuple(_used(steps, program)))


def _origin(arg: Arg, made: dict[Arg, Step]) -> Arg:
    """What a nameless copy is a copy of."""
    step = made.get(arg)
    if step is None or not isinstance(step.op, Copy) or step.symbol.kind != "temporary":
        return arg
    origin = step.args[0]
    return origin if isinstance(origin, Symbol) and origin.type == step.symbol.type else arg


def _whole(step: Step, made: dict[Arg, Step]) -> Symbol | None:
    """The vector whose elements are stacked, all of them in their order."""
    parts = [made.get(arg) for arg in step.args]
    if any(part is None or not isinstance(part.op, Select) for part in parts):
        return None
    sources = {part.args[0] for part in parts if part}
    whole = sources.pop()
    if sources or not isinstance(whole, Symbol) or whole.type != step.symbol.type:
        return None
    return whole if [p.op for p in parts if p] == [Select((k,)) for k in range(len(parts))] else None


def _used(steps: Sequence[Step], program: Program) -> list[Step]:
    """Without parts that nothing needs any more."""
    needed = {*program.outputs, *program.gradients.values(), *([program.loss] if program.loss else [])}
    kept = []
    for step in reversed(steps):
        if step.symbol in needed or step.symbol.kind != "temporary":
            needed.update(a for a in step.args if isinstance(a, Symbol))
            kept.append(step)
    return kept[::-1]
