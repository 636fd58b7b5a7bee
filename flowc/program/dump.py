"""The program as text, a step a line: what `flowc compile --emit program` prints."""

from __future__ import annotations

from typing import Any

from flowc.graph.dump import exactly
from flowc.program.ir import Application, Assembly, Contraction, Program, Reduction, Step, Symbol


def dump(program: Program) -> str:
    """Inputs, targets and weights with their types, then every step, then what is asked for."""
    lines = [
        f"{kind} {name(s)} {s.type}"
        for kind, symbols in (("input", program.inputs), ("target", program.targets), ("weight", program.weights))
        for s in symbols
    ]
    lines += map(line, program.steps)
    lines += [f"output {name(s)}" for s in program.outputs]
    lines += [f"loss {name(program.loss)}"] if program.loss else []
    return "".join(f"{text}\n" for text in lines)


def name(symbol: Symbol) -> str:
    """`h1`, `xi_h1`, `d_xi_h1`, `t3`: by kind and owner alone, so not unique where an author chose such names."""
    if symbol.of is not None:
        return f"d_{name(symbol.of)}"
    if symbol.kind == "temporary":
        return f"t{symbol.number}"
    return f"xi_{symbol.owner}" if symbol.kind == "excitation" else symbol.owner


def _entry(coefficient: float, argument: str | None) -> str:
    if argument is None:
        return exactly(coefficient)
    if abs(coefficient) == 1:
        return argument if coefficient > 0 else f"-{argument}"
    return f"{exactly(coefficient)} * {argument}"


def line(step: Step) -> str:
    """`h1 = step(xi_h1)  (n,)`"""
    args = [name(a) if isinstance(a, Symbol) else exactly(a) for a in step.args]
    return f"{name(step.symbol)} = {_formula(step, args)}  {step.symbol.type}"


def _formula(step: Step, args: list[str]) -> str:
    data: Any = step.data
    match step.op:
        case "add":
            return _sum(data, args)
        case "multiply":
            return " * ".join(args)
        case "divide":
            return " / ".join(args)
        case "power":
            return " ** ".join(args)
        case "compare":
            return f" {data} ".join(args)
        case "copy":
            return args[0]
        case "assemble":
            entries = [_entry(c, None if place is None else args[place]) for c, place in data.entries]
            return f"assemble({', '.join([*entries, *_details(data)])})"
    return f"{_operation(step)}({', '.join([*args, *_details(data)])})"


def _sum(signs: tuple[int, ...], args: list[str]) -> str:
    first = args[0] if signs[0] > 0 else f"-{args[0]}"
    return first + "".join(f" {'+' if sign > 0 else '-'} {arg}" for sign, arg in zip(signs[1:], args[1:], strict=True))


def _operation(step: Step) -> str:
    data = step.data
    if isinstance(data, Application):
        return f"{data.function} of elements" if data.elements else data.function
    return data.how if isinstance(data, Reduction) else step.op


def _details(data: Any) -> list[str]:
    match data:
        case None:
            return []
        case Application():
            return [exactly(p) for p in data.parameters]
        case Reduction():
            axes = [f"axes {', '.join(map(str, data.axes))}"] if data.axes else []
            return [*(["over the batch"] if data.batch else []), *axes, *(["keep"] if data.keep else [])]
        case Assembly():
            return [f"shape ({', '.join(map(str, data.shape))})"]
        case Contraction():
            return [repr(data.spec), *(["over the batch"] if data.sum_batch else [])]
    return [str(data)]
