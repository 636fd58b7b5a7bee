"""The helper functions of a generated file: the records' functions, and a few that operations need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from flowc.backends.code import scope
from flowc.backends.code import tree as t
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Printer, assignments
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import number, sentence
from flowc.maths.function import Function
from flowc.program.function_steps import line_by_line
from flowc.program.ir import Symbol, Type
from flowc.program.passes.inline import inlined

MATRIX = Type(True, (-1,))  # of any length

W = TypeVar("W", bound=Spelling)


def helper(function: Function, spelling: Spelling, *decorators: e.Expression) -> t.Function:
    """A record as a function of the generated file: its summary, its formula."""
    lines, value = lines_of_record(function, spelling)
    body = (*lines, t.Return(value))
    return t.Function(function.name, e.arguments_of(*function.arguments, *defaults(function)), sentence(function.summary), body, decorators)


def defaults(function: Function) -> list[str]:
    """Its parameters, as arguments of a function."""
    return [f"{name}={number(value)}" if value is not None else name for name, value in function.parameters]


def symbols_of(function: Function) -> list[Symbol]:
    """What the formula of a record calls its arguments and parameters."""
    kind = MATRIX if function.kind == "vector" else Type(True, ())
    types = dict.fromkeys(function.arguments, kind) | {name: Type(False, ()) for name, _ in function.parameters}
    return [Symbol("temporary", name, of_name, number=i) for i, (name, of_name) in enumerate(types.items())]


def lines_of_record(function: Function, spelling: Spelling) -> tuple[list[t.Statement], e.Expression]:
    """The lines of a record's formula, and its value."""
    arguments = symbols_of(function)
    steps, result = line_by_line(function, arguments, spelling.autograd)
    names = {s: s.owner for s in (*arguments, *(step.symbol for step in steps)) if s.owner}
    of_steps = {step.symbol: f"t{step.symbol.number}" for step in steps}
    printer = Printer(of_steps | names, replace(spelling, like=arguments[0].owner))
    lines = printer.lines(steps, {*inlined(steps, [s for s in names if s != result]), result})
    return assignments(lines), printer.value(result)


def helpers_in_order(spelling: W, printed: Callable[[Function, W], t.Function] = helper) -> dict[str, list[t.Statement]]:
    """Every helper in use by its name, those that others call first, and those of which others are a kind, as `leaky_relu` of
    `relu`. `printed`: how a record is."""
    ordered: dict[str, list[t.Statement]] = {}
    templates = spelling.templates

    def visit(name: str, function: Function | None) -> None:
        if name in ordered:
            return
        before = set(spelling.helpers)
        code = printed(function, spelling) if function else templates.definition(name, **spelling.template_holes.get(name, {}))
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
