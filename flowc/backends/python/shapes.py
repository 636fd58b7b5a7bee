"""The shapes that a file with a mesh asks for: an array of another one would be read as other numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowc.backends.code import scope
from flowc.backends.code.build import Group, assign
from flowc.backends.code.tree import (
    Dict,
    Do,
    Expression,
    Function,
    Lambda,
    Name,
    Named,
    Number,
    Starred,
    Statement,
    Text,
    Tuple,
)
from flowc.backends.python import expression as e
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.templates import HELPERS
from flowc.program.ir import Symbol


def sections(sheet: Sheet, shape: Expression) -> dict[str, Group]:
    """The table of shapes, and the function that checks them; `shape` is how the library has that of `array`."""
    program = sheet.program
    items = [e.entry(sheet.names[s], _shape(s)) for s in (*program.inputs, *program.targets, *sheet.learnt)]
    check = HELPERS.definition("check_shapes", shape=Lambda(("array",), shape))
    return {":shapes": [assign("SHAPES", Dict(tuple(items)))], "check_shapes": [check]}


def _shape(symbol: Symbol) -> Expression:
    return Tuple((*[Text("n")] * symbol.type.batched, *(Number(str(n)) for n in symbol.type.shape)))


def checked(sheet: Sheet, functions: Mapping[str, Statement]) -> dict[str, Statement]:
    """The functions with a check of what they are given, but for those that leave that to another."""
    samples = [Named(name, Name(name)) for name in sheet.samples]
    inputs = [Named(name, Name(name)) for name in sheet.inputs]
    weights = [Named(name, Name(name)) for name in sheet.arguments(sheet.learnt)]
    all_weights = Starred(Name("weights"), "**")
    arguments: dict[str, list[Expression]] = {
        "forward": [*inputs, *weights], "loss": [*samples, *weights], "gradients": [*samples, *weights],
        "learn": [*samples, all_weights], "fit": [*samples, all_weights],
    }  # fmt: skip
    return {name: _checked(code, arguments.get(name)) for name, code in functions.items()}


def _checked(code: Statement, arguments: Sequence[Expression] | None) -> Statement:
    if arguments is None or not isinstance(code, Function) or scope.names(code) & {"gradients", "loss"}:
        return code
    check = Do(e.call("check_shapes", *arguments))
    return Function(code.name, code.arguments, code.doc, (check, *code.body), code.decorators)
