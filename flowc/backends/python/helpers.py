"""The helper functions of a generated file: the records' functions, and a few that operations need."""

from __future__ import annotations

from dataclasses import replace

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


def helper(function: Function, spelling: Spelling, *decorators: e.Expression) -> t.Function:
    """A record as a function of the generated file: its summary, its formula."""
    kind = MATRIX if function.kind == "vector" else Type(True, ())
    types = dict.fromkeys(function.arguments, kind) | {name: Type(False, ()) for name, _ in function.parameters}
    arguments = [Symbol("temporary", name, of_name, number=i) for i, (name, of_name) in enumerate(types.items())]
    steps, result = line_by_line(function, arguments, spelling.autograd)
    names = {s: s.owner for s in (*arguments, *(step.symbol for step in steps)) if s.owner}
    of_steps = {step.symbol: f"t{step.symbol.number}" for step in steps}
    printer = Printer(of_steps | names, replace(spelling, like=arguments[0].owner))
    lines = printer.lines(steps, {*inlined(steps, [s for s in names if s != result]), result})
    defaults = [f"{name}={number(value)}" if value is not None else name for name, value in function.parameters]
    signature = e.arguments_of(*function.arguments, *defaults)
    body = (*assignments(lines), t.Return(printer.value(result)))
    return t.Function(function.name, signature, sentence(function.summary), body, decorators)


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
