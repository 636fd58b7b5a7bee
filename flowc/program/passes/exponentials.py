"""The exponentials that softmax and its logarithm share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.program.ir import Arg, Program, Step, Symbol, Type
from flowc.program.ops import Add, Apply, Divide, Exp, Largest, Log, Reduce
from flowc.program.phases import each_phase
from flowc.program.values import type_of


def with_exponentials(program: Program) -> Program:
    """The program, where softmax and log_softmax of one excitation are written out, for a library that has neither."""
    names: dict[Symbol, str] = {}

    def written_out(steps: Sequence[Step], first: int) -> Sequence[Step]:
        steps, names_of_parts = _share_exponentials(steps, first)
        names.update(names_of_parts)
        return steps

    program = each_phase(program, written_out)
    return replace(program, notes=replace(program.notes, names={**program.notes.names, **names}))


def _share_exponentials(steps: Sequence[Step], first: int) -> tuple[Sequence[Step], dict[Symbol, str]]:
    """softmax(xi) and log_softmax(xi) from one z = xi - max xi, one exp z, and its sum."""
    logarithms = _arguments_of(steps, "log_softmax")
    both = logarithms & _arguments_of(steps, "softmax")
    if not both:
        return steps, {}
    names: dict[Symbol, str] = {}
    parts: dict[Arg, tuple[Symbol, Symbol, Symbol]] = {}
    result: list[Step] = []
    number = first
    for step in steps:
        xi = step.args[0] if step.args else 0.0
        if not isinstance(step.op, Apply) or step.op.function not in ("softmax", "log_softmax") or xi not in both:
            result.append(step)
            continue
        if xi not in parts:
            softmax_steps = _softmax_parts(xi, number)
            number += len(softmax_steps)
            result += [replace(s, span=step.span) for s in softmax_steps]
            _, z, e, total = (s.symbol for s in softmax_steps)
            parts[xi] = z, e, total
            owner = xi.owner if isinstance(xi, Symbol) else ""
            names |= {z: f"z_{owner}", e: f"exp_{owner}", total: f"sum_{owner}"}
        z, e, total = parts[xi]
        if step.op.function == "softmax":
            result.append(replace(step, op=Divide(), args=(e, total)))
        else:
            log = Step(Symbol("temporary", "", total.type, number=number), Log(), (total,), step.span)
            number += 1
            result += [log, replace(step, op=Add((1, -1)), args=(z, log.symbol))]
    return result, names


def _arguments_of(steps: Sequence[Step], function: str) -> set[Arg]:
    return {s.args[0] for s in steps if isinstance(s.op, Apply) and s.op.function == function}


def _softmax_parts(xi: Arg, number: int) -> list[Step]:
    array_type = type_of(xi)
    one = Type(array_type.batched, (*array_type.shape[:-1], 1))
    top, z, e, total = (
        Symbol("temporary", "", t, number=number + i) for i, t in enumerate((one, array_type, array_type, one))
    )  # fmt: skip
    last = Reduce("sum", False, (len(array_type.shape) - 1,), keep=True)
    return [
        Step(top, Largest(), (xi,)), Step(z, Add((1, -1)), (xi, top)), Step(e, Exp(), (z,)),
        Step(total, last, (e,)),
    ]  # fmt: skip
