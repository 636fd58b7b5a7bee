"""The part of a program that one function of a file computes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flowc.program.dependencies import needed
from flowc.program.differentiate import active
from flowc.program.ir import Program, Symbol
from flowc.program.ops import Copy, ZerosLike
from flowc.program.phases import phases_of, with_phases


def leading_to(program: Program, wanted: Iterable[Symbol], given: Iterable[Symbol] = ()) -> Program:
    """The steps that lead to `wanted`; what is `given` is an argument, and not made again."""
    results, arguments = set(wanted), tuple(given)
    given_symbols = {*program.inputs, *program.targets, *program.weights}
    program = replace(
        program, inputs=(*program.inputs, *(s for s in arguments if s not in given_symbols)),
        outputs=tuple(s for s in program.outputs if s in results),
        loss=program.loss if program.loss in results else None,
        gradients={s: d for s, d in program.gradients.items() if d in results},
    )  # fmt: skip
    if not program.notes.phases:
        return replace(program, steps=tuple(needed(program.steps, results, arguments)))
    needed_steps = {id(step) for step in needed(program.steps, results, arguments)}
    return with_phases(program, {name: [s for s in steps if id(s) in needed_steps] for name, steps in phases_of(program).items()})


def forward(program: Program) -> Program:
    """What the outputs need, which is never a target."""
    return replace(leading_to(program, program.outputs), targets=())


def loss(program: Program) -> Program:
    """What the loss needs."""
    return leading_to(program, [program.loss] if program.loss else [])


def gradients(program: Program) -> Program:
    """What the loss and the gradients need."""
    return leading_to(program, [*([program.loss] if program.loss else []), *program.gradients.values()])


def slopes(program: Program) -> Program:
    """What the gradients alone need."""
    return leading_to(program, program.gradients.values())


def without_gradients(program: Program) -> Program:
    """The program without gradients and what follows from them: a library will find them itself."""
    gradients = {s.symbol for s in program.steps if s.symbol.kind == "gradient" and s.symbol not in program.learning}
    backward = active(program.steps, gradients)
    return replace(program, steps=tuple(s for s in program.steps if s.symbol not in backward), gradients={})


def felt(program: Program) -> Program:
    """What the gradients need that are not zero by construction."""
    zero = {s.symbol for s in program.steps if isinstance(s.op, ZerosLike) or isinstance(s.op, Copy) and s.args == (0.0,)}
    return leading_to(program, [d for d in program.gradients.values() if d not in zero])
