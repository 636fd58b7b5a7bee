"""The functions of records as steps of their own, apart from any program."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.program import function_formulas
from flowc.program.builder import Builder
from flowc.program.dependencies import needed
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Apply
from flowc.program.ops.apply import bindings


def expand(
    function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...] = (), elements: bool = False,
    autograd: bool = False,
) -> tuple[tuple[Step, ...], Arg]:  # fmt: skip
    """A record's value on these arguments as steps, and the result. `autograd`: the form that differentiates well."""
    builder = Builder(first=1 + max((a.number for a in args if isinstance(a, Symbol)), default=0))
    result = function_formulas.value(builder, function, args, parameters, elements, autograd)
    return tuple(builder.steps), result


def opened(step: Step, autograd: bool = False) -> tuple[tuple[Step, ...], Arg]:
    """The same of a step that applies a function."""
    op = step.op
    assert isinstance(op, Apply), op
    return expand(op.record, step.args, op.parameters, op.elements, autograd)


def line_by_line(function: Function, arguments: Sequence[Symbol], autograd: bool = False) -> tuple[list[Step], Arg]:
    """A record's value as steps and the result, as `expand`; a value that the formula names on the way owns that name."""
    builder = Builder(first=len(arguments))
    scope: dict[str, Arg] = {s.owner: s for s in arguments}
    *lines, last = ast.parse((autograd and function.rule.autograd) or function.rule.value).body
    for line in lines:
        assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        name = line.targets[0].id
        value = function_formulas.write(builder, ast.unparse(line.value), scope)
        if isinstance(value, Symbol):
            value = value._replace(owner=name)
            builder.steps[-1] = replace(builder.steps[-1], symbol=value)
        scope[name] = value
    result = function_formulas.write(builder, ast.unparse(last), scope)
    return needed(builder.steps, [result] if isinstance(result, Symbol) else [], arguments), result


def pulled(name: str, parameters: tuple[float, ...], symbols: Mapping[str, Symbol]) -> tuple[tuple[Step, ...], Arg]:
    """The gradient that an activation hands on, as steps, and the result; `symbols` are xi, h and d."""
    function = lookup(name)
    assert function is not None, name
    builder = Builder(first=1 + max(s.number for s in symbols.values()))
    names = {**bindings(function, (symbols["xi"],), parameters, False), **symbols}
    result = function_formulas.write(builder, function.rule.pullback[0], names)
    return tuple(builder.steps), result
