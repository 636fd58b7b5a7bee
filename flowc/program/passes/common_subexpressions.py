"""What several steps need, computed once: equal parts of formulas, and the signs of excitations behind relu."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from flowc.program.dependencies import is_part
from flowc.program.ir import Arg, Program, Step, Symbol, Type
from flowc.program.ops import Add, Apply, Compare, Constant, Count
from flowc.program.ops.operation import Operation
from flowc.program.phases import phases_of, with_phases


def shared(program: Program) -> Program:
    """A part of a formula that is computed again is the one that was computed first; it gets a line of its own."""
    phases = {name: _merge_equal(steps) for name, steps in phases_of(program).items()}
    again = {symbol: name for steps in phases.values() for symbol, name in _used_again(steps).items()}
    notes = replace(program.notes, names={**again, **program.notes.names})
    return with_phases(replace(program, notes=notes), phases)


def with_signs_of_relu(steps: Sequence[Step], first: int = 0) -> list[Step]:
    """xi > 0 exactly where relu(xi) > 0, so the excitation is not needed again."""
    relu = {s.args[0]: s.symbol for s in steps if isinstance(s.op, Apply) and s.op.function == "relu"}
    return [
        replace(s, args=(relu[s.args[0]], 0.0)) if isinstance(s.op, Compare) and s.op.sign == ">" and s.args[1:] == (0.0,)
        and s.args[0] in relu else s
        for s in steps
    ]  # fmt: skip


def _merge_equal(steps: Sequence[Step]) -> list[Step]:
    """A part of a formula that is computed again is the one that was computed first."""
    first: dict[tuple[Operation, tuple[Arg, ...], Type], Symbol] = {}
    moved: dict[Arg, Symbol] = {}
    distinct: list[Step] = []
    for step in steps:
        if any(a in moved for a in step.args):
            step = replace(step, args=tuple(moved.get(a, a) for a in step.args))
        key = (step.op, step.args, step.symbol.type)
        if step.symbol.kind == "temporary" and not isinstance(step.op, Constant) and key in first:
            moved[step.symbol] = first[key]
            continue
        first.setdefault(key, step.symbol)
        distinct.append(step)
    return distinct


def _used_again(steps: Sequence[Step]) -> dict[Symbol, str]:
    """The parts of formulas that cost something and are needed twice and more."""
    uses = Counter(a for s in steps for a in s.args)
    return {
        s.symbol: _name_of_part(s) for s in steps
        if uses[s.symbol] > 1 and not _is_free(s) and s.symbol.type.batched and is_part(s.symbol)
    }  # fmt: skip


def _is_free(step: Step) -> bool:
    return step.op.view or isinstance(step.op, Count)


def _name_of_part(step: Step) -> str:
    """`e_f` for the error f - y."""
    if isinstance(step.op, Add) and step.op.signs == (1, -1) and isinstance(step.args[0], Symbol):
        second = step.args[1]
        if isinstance(second, Symbol) and second.kind in ("target", "input"):
            return f"e_{step.args[0].owner}"
    return ""
