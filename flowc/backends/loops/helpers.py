"""Functions of single numbers that the printed text calls, written from the formulas of their records."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from flowc.backends.code.tree import Expression, Name
from flowc.backends.loops.words import Words
from flowc.maths.function import Function
from flowc.program import function_formulas
from flowc.program.builder import Builder
from flowc.program.dependencies import needed
from flowc.program.ir import Arg, Step, Symbol, Type
from flowc.program.passes.inline import inlined
from flowc.program.passes.numbers import with_numbers

NUMBER = Type(True, ())


@dataclass(frozen=True, slots=True)
class Formula:
    """A function's arguments, the values on the way, each by its name, and the result."""

    arguments: tuple[str, ...]
    values: tuple[tuple[str, Expression], ...]
    result: Expression


def formula(function: Function, words: Words) -> Formula:
    """The formula of a record, spelled. What it calls is collected in `words.helpers`."""
    names = [*function.arguments, *(name for name, _ in function.parameters)]
    arguments = [Symbol("temporary", name, NUMBER, number=k) for k, name in enumerate(names)]
    steps, result = _formula_steps(function, arguments)
    steps = with_numbers(steps)
    spelled: dict[Symbol, Expression] = {s: Name(s.owner) for s in arguments}
    hidden = inlined(steps, [s.symbol for s in steps if s.symbol.owner and s.symbol != result])
    values = []
    for step in steps:
        args = [spelled[a] if isinstance(a, Symbol) else words.number(a) for a in step.args]
        expression = words.spelled(step, args)
        if step.symbol not in hidden and step.symbol != result:
            name = step.symbol.owner or f"t{step.symbol.number}"
            values.append((name, expression))
            expression = Name(name)
        spelled[step.symbol] = expression
    return Formula(tuple(names), tuple(values), spelled[result] if isinstance(result, Symbol) else words.number(result))


def _formula_steps(function: Function, arguments: list[Symbol]) -> tuple[list[Step], Arg]:
    """Line by line, so that the formula's own names for values on the way are kept."""
    builder = Builder(first=len(arguments))
    scope: dict[str, Arg] = {s.owner: s for s in arguments}
    *lines, last = ast.parse(function.rule.value).body
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


