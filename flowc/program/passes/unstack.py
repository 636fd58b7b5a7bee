"""A vector that is taken apart and put together again in its order is that vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.ops import Copy, Select, Stack


def unstacked(program: Program) -> Program:
    """The program without such detours; nothing is lost that has a name."""
    makers: dict[Arg, Step] = {}
    steps = []
    for step in program.steps:
        vector = _stacked_vector(step, makers) if isinstance(step.op, Stack) else None
        step = step if vector is None else replace(step, op=Copy(), args=(vector,))
        step = replace(step, args=tuple(_origin_of(a, makers) for a in step.args))
        makers[step.symbol] = step
        steps.append(step)
    return replace(program, steps=tuple(_used_steps(steps, program)))


def _origin_of(arg: Arg, made: dict[Arg, Step]) -> Arg:
    """What a nameless copy is a copy of."""
    step = made.get(arg)
    if step is None or not isinstance(step.op, Copy) or step.symbol.kind != "temporary":
        return arg
    origin = step.args[0]
    return origin if isinstance(origin, Symbol) and origin.type == step.symbol.type else arg


def _stacked_vector(step: Step, made: dict[Arg, Step]) -> Symbol | None:
    """The vector whose elements are stacked, all of them in their order."""
    parts = [made.get(arg) for arg in step.args]
    if any(part is None or not isinstance(part.op, Select) for part in parts):
        return None
    sources = {part.args[0] for part in parts if part}
    vector = sources.pop()
    if sources or not isinstance(vector, Symbol) or vector.type != step.symbol.type:
        return None
    return vector if [p.op for p in parts if p] == [Select((k,)) for k in range(len(parts))] else None


def _used_steps(steps: Sequence[Step], program: Program) -> list[Step]:
    """Without parts that nothing needs any more."""
    needed = {*program.outputs, *program.gradients.values(), *([program.loss] if program.loss else [])}
    used = []
    for step in reversed(steps):
        if step.symbol in needed or step.symbol.kind != "temporary":
            needed.update(a for a in step.args if isinstance(a, Symbol))
            used.append(step)
    return used[::-1]
