"""The program as text, a step a line: what `flowc compile --emit program` prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flowc.graph.dump import exactly
from flowc.program import ops
from flowc.program.ir import Program, Step, Symbol
from flowc.program.ops import fused
from flowc.program.phases import phases_of


def dump(program: Program) -> str:
    """Inputs, targets and weights with their types, then every step by its phase, then what is asked for, then how it is to
    be printed, where that is known."""
    lines = [
        f"{kind} {name(s)} {s.type}"
        for kind, symbols in (("input", program.inputs), ("target", program.targets), ("weight", program.weights))
        for s in symbols
    ]
    for phase, steps in phases_of(program).items():
        lines += [f"phase {phase}"] if phase else []
        lines += map(line, steps)
    lines += [f"output {name(s)}" for s in program.outputs]
    lines += [f"loss {name(program.loss)}"] if program.loss else []
    lines += [f"named {spelling} {name(s)}" for s, spelling in program.notes.names.items() if spelling]
    lines += [f"inside a line {name(s)}" for s in (t.symbol for t in program.steps) if s in program.notes.inside]
    return "".join(f"{text}\n" for text in lines)


def name(symbol: Symbol) -> str:
    """`h1`, `xi_h1`, `d_xi_h1`, `t3`: by kind and owner alone, so not unique where an author chose such names."""
    if symbol.of is not None:
        return f"d_{name(symbol.of)}"
    if symbol.kind == "temporary" or not symbol.owner:
        return f"t{symbol.number}"
    element = f"[{symbol.number}]" if symbol.number else ""  # of an array that has been taken apart
    return f"xi_{symbol.owner}{element}" if symbol.kind == "excitation" else f"{symbol.owner}{element}"


def line(step: Step) -> str:
    """`h1 = step(xi_h1)  (n,)`"""
    args = [name(a) if isinstance(a, Symbol) else exactly(a) for a in step.args]
    return f"{name(step.symbol)} = {_spell_formula(step, args)}  {step.symbol.type}"


def _spell_formula(step: Step, args: list[str]) -> str:
    write = WRITTEN.get(type(step.op))
    return write(step.op, args) if write else _spell_call(step.op.name, args)


def _spell_call(name: str, args: Sequence[str], *details: str) -> str:
    return f"{name}({', '.join([*args, *details])})"


def _spell_add(op: ops.Add, args: Sequence[str]) -> str:
    first = args[0] if op.signs[0] > 0 else f"-{args[0]}"
    rest = zip(op.signs[1:], args[1:], strict=True)
    return first + "".join(f" {'+' if sign > 0 else '-'} {arg}" for sign, arg in rest)


def _spell_reduce(op: ops.Reduce, args: Sequence[str]) -> str:
    axes = [f"axes {', '.join(map(str, op.axes))}"] if op.axes else []
    return _spell_call(op.how, args, *(["over the batch"] if op.batch else []), *axes, *(["keep"] if op.keep else []))


def _spell_assemble(op: ops.Assemble, args: Sequence[str]) -> str:
    entries = [_spell_entry(c, None if place is None else args[place]) for c, place in op.entries]
    return _spell_call(op.name, entries, f"shape ({', '.join(map(str, op.shape))})")


def _spell_entry(coefficient: float, argument: str | None) -> str:
    if argument is None:
        return exactly(coefficient)
    if abs(coefficient) == 1:
        return argument if coefficient > 0 else f"-{argument}"
    return f"{exactly(coefficient)} * {argument}"


def _spell_apply(op: ops.Apply, args: Sequence[str]) -> str:
    return _spell_call(f"{op.function} of elements" if op.elements else op.function, args, *map(exactly, op.parameters))


def _spell_contract(op: ops.Contract, args: Sequence[str]) -> str:
    return _spell_call(op.name, args, repr(str(op.spec)), *(["over the batch"] if op.sum_batch else []))


def _words_of_details(**said: bool) -> list[str]:
    """The words that hold."""
    return [word for word, holds in said.items() if holds]


def _call_with(constant: Callable[..., object]) -> Callable[..., str]:
    """A call with the operation's constant as its last argument."""
    return lambda op, args: _spell_call(op.name, args, str(constant(op)))


# How operations are written that are no calls, or have constants.
WRITTEN: dict[type[ops.Operation], Callable[..., str]] = {
    ops.Copy: lambda op, args: args[0],
    ops.Add: _spell_add,
    ops.Multiply: lambda op, args: " * ".join(args),
    ops.Divide: lambda op, args: " / ".join(args),
    ops.Power: lambda op, args: " ** ".join(args),
    ops.Compare: lambda op, args: f" {op.sign} ".join(args),
    ops.Reduce: _spell_reduce,
    ops.Assemble: _spell_assemble,
    ops.Apply: _spell_apply,
    ops.Contract: _spell_contract,
    ops.Constant: _call_with(lambda op: op.numbers),
    ops.Count: _call_with(lambda op: op.of),
    fused.CountOf: _call_with(lambda op: f"{op.of}, {op.size} a token"),
    fused.Products: lambda op, args: _spell_call(op.name, args, *_words_of_details(negative=op.negative, **{f"mean of {op.count}": bool(op.count)})),
    fused.Affine: lambda op, args: _spell_call(op.name, args, *_words_of_details(transposed=op.transposed)),
    fused.Backward: _call_with(lambda op: op.activation),
    ops.Select: _call_with(lambda op: op.index),
    ops.Place: _call_with(lambda op: op.index),
    ops.Lift: _call_with(lambda op: op.positions),
    ops.Drop: _call_with(lambda op: op.positions),
    ops.Stack: lambda op, args: _spell_call(op.name, args, *(["columns"] if op.columns else [])),
    ops.WeightVector: _call_with(lambda op: op.lines),
    ops.Collect: _call_with(lambda op: (op.lines, op.place)),
    ops.Take: _call_with(lambda op: op.places),
    ops.Put: _call_with(lambda op: (op.places, op.size)),
    **dict.fromkeys((ops.MeshValues, ops.MeshSums, ops.Deltas, ops.LineGradients, ops.Pull), _call_with(lambda op: op.mesh)),
}
