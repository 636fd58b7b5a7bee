"""Gradient descent on data that stay the same, as a program: what it changes, and the gradients of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flowc.program.design import design
from flowc.program.differentiate import differentiate, needed
from flowc.program.ir import Program, Step, Symbol
from flowc.program.ops import Assemble, ZerosLike, steps_of


@dataclass(frozen=True)
class Descent:
    """`program` has the gradients of the parameters: learnt weights, and arrays put together from learnt weights, which
    change as a whole. `parts`: from which weights, row by row."""

    program: Program
    parameters: tuple[Symbol, ...]
    parts: dict[Symbol, Step[Assemble]]


def descent(program: Program, learnt: Iterable[Symbol]) -> Descent:
    """How a program with a loss learns. A weight that the loss does not feel is no parameter."""
    weights = tuple(learnt)
    assert program.loss is not None
    forward = replace(program, steps=tuple(needed(list(program.steps), {program.loss})), gradients={})
    forward, parts = _whole(design(forward, weights), set(weights))
    within = {a for step in parts.values() for a in step.args}
    parameters = (*(w for w in weights if w not in within), *parts)
    found = differentiate(forward, program.loss, parameters)
    zero = {s.symbol for s in found.steps if isinstance(s.op, ZerosLike)}
    felt = tuple(p for p in parameters if found.gradients[p] not in zero)
    return Descent(found, felt, parts)


def _whole(program: Program, learnt: set[Symbol]) -> tuple[Program, dict[Symbol, Step[Assemble]]]:
    """Arrays of learnt weights that are used nowhere else become weights themselves."""
    uses = Counter(a for s in program.steps for a in s.args)
    moved: dict[object, Symbol] = {}
    parts: dict[Symbol, Step[Assemble]] = {}
    for step in steps_of(program.steps, Assemble):
        if _is_whole(step, learnt) and all(uses[a] == 1 for a in step.args):
            named = step.symbol.kind != "temporary"
            moved[step.symbol] = step.symbol if named else replace(step.symbol, kind="weight")
            parts[moved[step.symbol]] = step
    steps = [
        replace(s, args=tuple(moved.get(a, a) for a in s.args))
        for s in program.steps if s.symbol not in moved
    ]  # fmt: skip
    return replace(program, steps=tuple(steps), weights=(*program.weights, *parts)), parts


def _is_whole(step: Step[Assemble], learnt: set[Symbol]) -> bool:
    """Every element is one learnt weight, and every weight one element."""
    places = [place for coefficient, place in step.op.entries if coefficient == 1 and place is not None]
    return sorted(places) == list(range(len(step.op.entries))) and learnt.issuperset(step.args)
