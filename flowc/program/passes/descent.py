"""Gradient descent on data that stay the same, as a program: what it changes, and the gradients of that."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from flowc.program.dependencies import needed
from flowc.program.differentiate import differentiate
from flowc.program.ir import Program, Step, Symbol
from flowc.program.notes import START
from flowc.program.ops import Assemble, ZerosLike, steps_of
from flowc.program.passes.design_matrix import design
from flowc.program.phases import ALL, with_phases


def descent(program: Program) -> Program:
    """How a program with gradients of its loss learns: the gradients of its parameters, which are learnt weights and, as a
    whole, arrays put together from learnt weights at the start. A weight that the loss does not feel is no parameter."""
    if program.loss is None:
        return program
    weights = tuple(program.gradients)
    forward = replace(program, steps=tuple(needed(program.steps, {program.loss})), gradients={})
    forward, parts = _join_arrays(design(forward, weights), set(weights))
    within = {a for step in parts.values() for a in step.args}
    parameters = (*(w for w in weights if w not in within), *parts)
    differentiated = differentiate(forward, program.loss, parameters)
    zero = {s.symbol for s in differentiated.steps if isinstance(s.op, ZerosLike)}
    felt = {p: d for p, d in differentiated.gradients.items() if d not in zero}
    differentiated = replace(differentiated, weights=program.weights, outputs=(), gradients=felt)
    start = [replace(step, symbol=weight) for weight, step in parts.items()]
    return with_phases(differentiated, {START: start, ALL: differentiated.steps})


def _join_arrays(program: Program, learnt: set[Symbol]) -> tuple[Program, dict[Symbol, Step[Assemble]]]:
    """Arrays of learnt weights that are used nowhere else become weights themselves."""
    uses = Counter(a for s in program.steps for a in s.args)
    moved: dict[object, Symbol] = {}
    parts: dict[Symbol, Step[Assemble]] = {}
    for step in steps_of(program.steps, Assemble):
        if _is_whole(step, learnt) and all(uses[a] == 1 for a in step.args):
            named = step.symbol.kind != "temporary"
            moved[step.symbol] = step.symbol if named else step.symbol._replace(kind="weight")
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
