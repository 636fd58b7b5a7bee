"""Arrays of numbers in formulas that are too long for them, or used more than once: the file has them under a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from flowc.graph.network import Numbers
from flowc.program.dependencies import is_part, needed, owners_of
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.notes import FILE
from flowc.program.ops import Constant, steps_of
from flowc.program.phases import phases_of, with_phases

LONG = 40  # characters of an array inside a formula


def with_names(program: Program) -> Program:
    """The program with a note of these arrays, and how parts of formulas want to be called: `matrix_h`."""
    if not any(isinstance(s.op, Constant) for s in program.steps):
        return program
    results = [*program.outputs, *([program.loss] if program.loss else []), *program.gradients.values()]
    steps = needed(program.steps, results)
    uses = Counter(a for s in steps for a in s.args if isinstance(a, Symbol))
    long = [s.symbol for s in steps_of(steps, Constant) if uses[s.symbol] > 1 or _length_written(s.op.numbers) > LONG]
    owners = owners_of(program.steps) if long else {}
    names = {symbol: _name_of_array(symbol, owners.get(symbol, "")) for symbol in long}
    return replace(program, notes=replace(program.notes, names={**program.notes.names, **names}))


def in_file(program: Program) -> Program:
    """The program, where arrays of numbers that have a name are made with the file; parts of formulas are weights there."""
    phases: dict[str, Sequence[Step]] = dict(phases_of(program))
    names = program.notes.names
    constants = [s for steps in phases.values() for s in steps if isinstance(s.op, Constant) and s.symbol in names]
    moved: dict[Arg, Symbol] = {s.symbol: weight_of(s.symbol) for s in constants}
    if not moved:
        return program
    rest = {
        name: [replace(s, args=tuple(moved.get(a, a) for a in s.args)) for s in steps if s.symbol not in moved]
        for name, steps in phases.items()
    }  # fmt: skip
    notes = replace(program.notes, names={moved.get(s, s): name for s, name in names.items()})
    file = [replace(s, symbol=moved[s.symbol]) for s in constants]
    return with_phases(replace(program, notes=notes), {FILE: file, **rest})


def weight_of(symbol: Symbol) -> Symbol:
    """What an array is from then on: of a part of a formula a weight of the same number."""
    return symbol._replace(kind="weight") if is_part(symbol) else symbol


def _name_of_array(symbol: Symbol, owner: str) -> str:
    kind = "vector" if len(symbol.type.shape) == 1 else "matrix"
    return f"{kind}_{owner}".rstrip("_") if is_part(symbol) else ""


def _length_written(numbers: Numbers) -> int:
    """Of the array, written as nested lists."""
    if isinstance(numbers, tuple):
        return 2 * len(numbers) + sum(map(_length_written, numbers))
    return len(repr(float(numbers)))


def named_as(program: Program, whole: Program) -> Program:
    """The program with the names that its arrays have in the file of another program, made of this one."""
    constants = {s.symbol for s in program.steps if isinstance(s.op, Constant)}
    names = {s: name for s in constants if (name := whole.notes.names.get(weight_of(s))) is not None}
    return replace(program, notes=replace(program.notes, names=names))
