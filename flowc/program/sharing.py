"""What several steps need, computed once: equal parts of formulas, and the exponentials of softmax and its logarithm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flowc.program import ops
from flowc.program.ir import Arg, Step, Symbol, Type
from flowc.program.values import type_of


@dataclass(frozen=True, slots=True)
class Shared:
    """`names`: what is now computed once, and a short name for it."""

    steps: tuple[Step, ...]
    names: dict[Symbol, str]


def shared(steps: Sequence[Step], exponentials: bool = True) -> Shared:
    """Steps that compute the same, but less. `exponentials`: also those of softmax and log_softmax."""
    opened, names = _exponentials(list(steps)) if exponentials else (list(steps), {})
    kept = _merged(_signs_of_relu(opened))
    return Shared(tuple(kept), _used_again(kept) | names)


def _exponentials(steps: list[Step]) -> tuple[list[Step], dict[Symbol, str]]:
    """softmax(xi) and log_softmax(xi) from one z = xi - max xi, one exp z, and its sum."""
    logarithms = _applied(steps, "log_softmax")
    both = logarithms & _applied(steps, "softmax")
    if not both:
        return steps, {}
    names: dict[Symbol, str] = {}
    parts: dict[Arg, tuple[Symbol, Symbol, Symbol]] = {}
    result: list[Step] = []
    number = 1 + max(s.symbol.number for s in steps)
    for step in steps:
        xi = step.args[0] if step.args else 0.0
        if not isinstance(step.op, ops.Apply) or step.op.function not in ("softmax", "log_softmax") or xi not in both:
            result.append(step)
            continue
        if xi not in parts:
            made = _softmax_parts(xi, number)
            number += len(made)
            result += [replace(s, span=step.span) for s in made]
            _, z, e, total = (s.symbol for s in made)
            parts[xi] = z, e, total
            owner = xi.owner if isinstance(xi, Symbol) else ""
            names |= {z: f"z_{owner}", e: f"exp_{owner}", total: f"sum_{owner}"}
        z, e, total = parts[xi]
        if step.op.function == "softmax":
            result.append(replace(step, op=ops.Divide(), args=(e, total)))
        else:
            log = Step(Symbol("temporary", "", total.type, number=number), ops.Log(), (total,), step.span)
            number += 1
            result += [log, replace(step, op=ops.Add((1, -1)), args=(z, log.symbol))]
    return result, names


def _signs_of_relu(steps: Sequence[Step]) -> list[Step]:
    """xi > 0 exactly where relu(xi) > 0, so the excitation is not needed again."""
    relu = {s.args[0]: s.symbol for s in steps if isinstance(s.op, ops.Apply) and s.op.function == "relu"}
    return [
        replace(s, args=(relu[s.args[0]], 0.0)) if isinstance(s.op, ops.Compare) and s.op.sign == ">" and s.args[1:] == (0.0,)
        and s.args[0] in relu else s
        for s in steps
    ]  # fmt: skip


def _applied(steps: Sequence[Step], function: str) -> set[Arg]:
    return {s.args[0] for s in steps if isinstance(s.op, ops.Apply) and s.op.function == function}


def _softmax_parts(xi: Arg, number: int) -> list[Step]:
    whole = type_of(xi)
    one = Type(whole.batched, (*whole.shape[:-1], 1))
    top, z, e, total = (
        Symbol("temporary", "", t, number=number + i) for i, t in enumerate((one, whole, whole, one))
    )  # fmt: skip
    last = ops.Reduce("sum", False, (len(whole.shape) - 1,), keep=True)
    return [
        Step(top, ops.Largest(), (xi,)), Step(z, ops.Add((1, -1)), (xi, top)), Step(e, ops.Exp(), (z,)),
        Step(total, last, (e,)),
    ]  # fmt: skip


def _merged(steps: Sequence[Step]) -> list[Step]:
    """A part of a formula that is computed again is the one that was computed first."""
    first: dict[tuple, Symbol] = {}
    moved: dict[Arg, Symbol] = {}
    kept: list[Step] = []
    for step in steps:
        if any(a in moved for a in step.args):
            step = replace(step, args=tuple(moved.get(a, a) for a in step.args))
        key = (step.op, step.args, step.symbol.type)
        if step.symbol.kind == "temporary" and not isinstance(step.op, ops.Constant) and key in first:
            moved[step.symbol] = first[key]
            continue
        first.setdefault(key, step.symbol)
        kept.append(step)
    return kept


def _used_again(steps: Sequence[Step]) -> dict[Symbol, str]:
    """The parts of formulas that cost something and are needed twice and more."""
    uses = Counter(a for s in steps for a in s.args)
    return {
        s.symbol: _name(s) for s in steps
        if uses[s.symbol] > 1 and not _is_free(s) and s.symbol.type.batched and _is_part(s.symbol)
    }  # fmt: skip


def _is_free(step: Step) -> bool:
    return step.op.view or isinstance(step.op, ops.Count)


def _is_part(symbol: Symbol) -> bool:
    return symbol.kind == "temporary" or symbol.anonymous


def _name(step: Step) -> str:
    """`e_f` for the error f - y."""
    if isinstance(step.op, ops.Add) and step.op.signs == (1, -1) and isinstance(step.args[0], Symbol):
        second = step.args[1]
        if isinstance(second, Symbol) and second.kind in ("target", "input"):
            return f"e_{step.args[0].owner}"
    return ""
