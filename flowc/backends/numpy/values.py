"""A module for the API: one function that gives the values of chosen symbols."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.code.build import Group, assign
from flowc.backends.code.fill import Tree
from flowc.backends.code.tree import Dict, Function, Name, Return, Starred, Text
from flowc.backends.numpy.templates import HELPERS
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import in_order
from flowc.backends.python.printer import Printer, assignments
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.python.spelling import Spelling
from flowc.program.ir import Symbol
from flowc.program.passes.inline import inlined


def values_module(
    sheet: Sheet, spelling: Spelling, wanted: Mapping[str, Symbol], holes: Mapping[str, Mapping[str, Tree]],
    constants: Group = (), meshes: Mapping[str, Group] | None = None,
) -> str:  # fmt: skip
    """`values(**given)`: arrays by the diagram's names -> a dict with an array for each key of `wanted`.

    `constants` are the literal arrays of the formulas, `meshes` the sections that meshes need.
    """
    steps = sheet.steps_of(wanted.values())
    samples_and_weights = used(sheet, wanted)
    arguments = Name(sheet.names.fresh("given"))
    spelling = spelling_context(sheet, spelling, samples_and_weights)
    lines = Printer(sheet.names, spelling).lines(steps, inlined(steps, wanted.values()))
    body = (
        *(assign(sheet.names[s], e.index(arguments, Text(s.owner))) for s in samples_and_weights),
        *assignments(lines),
        Return(Dict(tuple(e.entry(key, Name(sheet.names[s])) for key, s in wanted.items()), True)),
    )
    function = Function("values", (Starred(arguments, "**"),), "", body)
    sheet.sections |= {":constants": constants, **in_order(spelling, HELPERS, holes), **(meshes or {}), "values": [function]}
    return sheet.code("np")


def used(sheet: Sheet, wanted: Mapping[str, Symbol]) -> list[Symbol]:
    """Inputs and weights, all of them; targets where something needs them."""
    program = sheet.program
    steps = sheet.steps_of(wanted.values())
    symbols = {a for s in steps for a in s.args if isinstance(a, Symbol)} | set(wanted.values())
    return [*program.inputs, *(t for t in program.targets if t in symbols), *program.weights]
