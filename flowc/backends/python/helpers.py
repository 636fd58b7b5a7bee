"""The helper functions of a generated file: the records' functions, and a few that operations need."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from flowc.backends.code import scope
from flowc.backends.code import tree as t
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Printer, assignments
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import number, sentence
from flowc.maths.function import Function, Rule
from flowc.program import function_formulas
from flowc.program.builder import Builder
from flowc.program.dependencies import needed
from flowc.program.ir import Arg, Step, Symbol, Type
from flowc.program.passes.inline import inlined

MATRIX = Type(True, (-1,))  # of any length


def helper(function: Function, spelling: Spelling, *decorators: e.Expression) -> t.Function:
    """A record as a function of the generated file: its summary, its formula."""
    kind = MATRIX if function.kind == "vector" else Type(True, ())
    types = dict.fromkeys(function.arguments, kind) | {name: Type(False, ()) for name, _ in function.parameters}
    arguments = [Symbol("temporary", name, of_name, number=i) for i, (name, of_name) in enumerate(types.items())]
    names = {s: s.owner for s in arguments}
    steps, result = _steps_of_formula(function, arguments, names, spelling.autograd)
    of_steps = {step.symbol: f"t{step.symbol.number}" for step in steps}
    printer = Printer(of_steps | names, replace(spelling, like=arguments[0].owner))
    lines = printer.lines(steps, {*inlined(steps, [s for s in names if s != result]), result})
    defaults = [f"{name}={number(value)}" if value is not None else name for name, value in function.parameters]
    signature = e.arguments_of(*function.arguments, *defaults)
    body = (*assignments(lines), t.Return(printer.value(result)))
    return t.Function(function.name, signature, sentence(function.summary), body, decorators)


def _steps_of_formula(
    function: Function, args: Sequence[Symbol], names: dict[Symbol, str], autograd: bool
) -> tuple[list[Step], Arg]:
    """The formula as steps, line by line, so that its own intermediate names are kept."""
    rule: Rule = function.rule
    builder = Builder(first=len(args))
    scope: dict[str, Arg] = {s.owner: s for s in args}
    *assignments, last = ast.parse((autograd and rule.autograd) or rule.value).body
    for line in assignments:
        assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        name = line.targets[0].id
        value = function_formulas.write(builder, ast.unparse(line.value), scope)
        if isinstance(value, Symbol):
            named = value._replace(owner=name)
            builder.steps[-1] = replace(builder.steps[-1], symbol=named)
            names[named] = name
            value = named
        scope[name] = value
    result = function_formulas.write(builder, ast.unparse(last), scope)
    return needed(builder.steps, [result] if isinstance(result, Symbol) else [], args), result


def helpers_in_order(spelling: Spelling) -> dict[str, list[t.Statement]]:
    """Every helper in use by its name, those that others call first, and those of which others are a kind, as `leaky_relu` of
    `relu`."""
    ordered: dict[str, list[t.Statement]] = {}
    templates = spelling.templates

    def visit(name: str, function: Function | None) -> None:
        if name in ordered:
            return
        before = set(spelling.helpers)
        code = helper(function, spelling) if function else templates.definition(name, **spelling.template_holes.get(name, {}))
        for inner in [n for n in spelling.helpers if n not in before]:
            visit(inner, spelling.helpers[inner])
        used = scope.names(code) - {name}
        for other in [*spelling.helpers, *templates.nodes]:
            if other in used or other != name and other in spelling.helpers and name.endswith(other):
                visit(other, spelling.helpers.get(other))
        ordered[name] = [code]

    for name, function in list(spelling.helpers.items()):
        visit(name, function)
    return ordered
