"""What every program keeps: each value made once and before its use, of the type that its operation gives."""

from __future__ import annotations

from flowc.program.ir import Program, Step, Symbol
from flowc.program.values import IllTyped, types_of


class Broken(AssertionError):
    """A program that breaks an invariant: a fault of flowc, never of a diagram."""


def verify(program: Program) -> Program:
    """The program itself, if it keeps the invariants; else Broken, which names the step."""
    known: set[Symbol] = {*program.inputs, *program.targets, *program.weights}
    for step in program.steps:
        _check(step, known)
        known.add(step.symbol)
    for symbol in (*program.outputs, *program.gradients.values(), *([program.loss] if program.loss else [])):
        if symbol not in known:
            raise Broken(f"{symbol} is never made")
    if stray := [s for s in program.outputs if s in program.learning]:
        raise Broken(f"outputs that need a target: {stray}")
    for symbol, gradient in program.gradients.items():
        if symbol.type != gradient.type:
            raise Broken(f"the gradient of {symbol} has the type {gradient.type}")
    return program


def _check(step: Step, known: set[Symbol]) -> None:
    if step.symbol in known:
        raise Broken(f"made twice: {step}")
    if missing := [a for a in step.args if isinstance(a, Symbol) and a not in known]:
        raise Broken(f"used before it is made: {missing} in {step}")
    try:
        made = step.op.result_type(types_of(step.args))
    except (IllTyped, LookupError) as problem:
        raise Broken(f"{problem} in {step}") from problem
    if made != step.symbol.type:
        raise Broken(f"the type is {made}: {step}")
