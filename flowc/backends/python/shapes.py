"""The shapes that a file with a mesh asks for: an array of another one would be read as other numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowc.backends.code import scope
from flowc.backends.code import tree as t
from flowc.backends.code.build import Group, assign
from flowc.backends.python import expression as e
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.templates import HELPERS
from flowc.program.ir import Symbol


def shape_sections(sheet: Sheet, shape: t.Expression) -> dict[str, Group]:
    """The table of shapes, and the function that checks them; `shape` is how the library has that of `array`."""
    program = sheet.program
    items = [e.entry(sheet.names[s], _shape_of(s)) for s in (*program.inputs, *program.targets, *sheet.learnt)]
    check = HELPERS.definition("check_shapes", shape=t.Lambda(("array",), shape))
    return {":shapes": [assign("SHAPES", t.Dict(tuple(items)))], "check_shapes": [check]}


def _shape_of(symbol: Symbol) -> t.Tuple:
    return t.Tuple((*[t.Text("n")] * symbol.type.batched, *e.numbers(symbol.type.shape)))


def with_checks(sheet: Sheet, functions: Mapping[str, t.Statement]) -> dict[str, t.Statement]:
    """The functions with a check of what they are given, but for those that leave that to another."""
    weights = sheet.arguments(sheet.learnt)
    of_batch = e.arguments_of(**{name: name for name in (*sheet.samples, *weights)})
    of_step = (*e.arguments_of(**{name: name for name in sheet.samples}), t.Starred(t.Name("weights"), "**"))
    arguments = {
        "forward": e.arguments_of(**{name: name for name in (*sheet.inputs, *weights)}),
        "loss": of_batch, "gradients": of_batch, "learn": of_step, "fit": of_step,
    }  # fmt: skip
    return {name: _with_check(code, arguments.get(name)) for name, code in functions.items()}


def _with_check(code: t.Statement, arguments: Sequence[t.Expression] | None) -> t.Statement:
    if arguments is None or not isinstance(code, t.Function) or scope.names(code) & {"gradients", "loss"}:
        return code
    check = t.Do(e.call("check_shapes", *arguments))
    return t.Function(code.name, code.arguments, code.doc, (check, *code.body), code.decorators)
