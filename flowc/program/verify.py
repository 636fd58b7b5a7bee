"""What every program keeps: each value made once and before its use, of the type that its operation gives."""

from __future__ import annotations

from flowc.program.ir import Program, Step, Symbol
from flowc.program.phases import phases_of
from flowc.program.values import SCALAR, TOKENS, IllTyped, types_of


class Broken(AssertionError):
    """A program that breaks an invariant: a fault of flowc, never of a diagram."""


def verify(program: Program, typed: dict[int, Step] | None = None) -> Program:
    """The program itself, if it keeps the invariants; else Broken, which names the step. What a phase needs again it may
    make again, by the same step. Where arrays have been taken apart, one number may stand for that of every token.

    `typed`: steps whose types were right in a program before, by identity; those of this one are added."""
    typed = {} if typed is None else typed
    _check_notes(program)
    defined: set[Symbol] = {*program.inputs, *program.targets, *program.weights}
    earlier: dict[Symbol, Step] = {}
    repeats = bool(program.notes.elements)
    for steps in phases_of(program).values():
        for step in steps:
            if step.symbol not in earlier or step != earlier[step.symbol]:
                _check_order(step, defined)
                if id(step) not in typed:
                    _check_type(step, repeats)
                    typed[id(step)] = step
            defined.add(step.symbol)
        earlier |= {step.symbol: step for step in steps}
    _check_results(program, defined)
    return program


def _check_results(program: Program, known: set[Symbol]) -> None:
    for symbol in (*program.outputs, *program.gradients.values(), *([program.loss] if program.loss else [])):
        if symbol not in known:
            raise Broken(f"{symbol} is never made")
    if stray := [s for s in program.outputs if s in program.learning]:
        raise Broken(f"outputs that need a target: {stray}")
    for symbol, gradient in program.gradients.items():
        if symbol.type != gradient.type:
            raise Broken(f"the gradient of {symbol} has the type {gradient.type}")


def _check_notes(program: Program) -> None:
    """Phases are all of the program; what has to be returned stands in no other line."""
    sizes = program.notes.phases
    if sizes and sum(count for _, count in sizes) != len(program.steps):
        raise Broken(f"the phases {sizes} of {len(program.steps)} steps")
    if lost := [s for s in (*program.outputs, *program.gradients.values()) if s in program.notes.inside]:
        raise Broken(f"results without a line: {lost}")


def _check_order(step: Step, known: set[Symbol]) -> None:
    if step.symbol in known:
        raise Broken(f"made twice: {step}")
    if missing := [a for a in step.args if isinstance(a, Symbol) and a not in known]:
        raise Broken(f"used before it is made: {missing} in {step}")


def _check_type(step: Step, repeats: bool) -> None:
    try:
        computed = step.op.result_type(types_of(step.args))
    except (IllTyped, LookupError) as problem:
        raise Broken(f"{problem} in {step}") from problem
    if computed != step.symbol.type and not (repeats and (computed, step.symbol.type) == (SCALAR, TOKENS)):
        raise Broken(f"the type is {computed}: {step}")
