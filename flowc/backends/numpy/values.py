"""A module for the API: one function that gives the values of chosen symbols."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.python.helpers import in_order
from flowc.backends.python.printer import Printer
from flowc.backends.python.sheet import Sheet, body, join, spelling_context
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import quoted
from flowc.program.ir import Symbol
from flowc.program.passes.inline import inlined


def values_module(
    sheet: Sheet, spelling: Spelling, wanted: Mapping[str, Symbol], library: str, texts: dict[str, str],
    constants: str = "", meshes: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """`values(**given)`: arrays by the diagram's names -> a dict with an array for each key of `wanted`.

    `constants` are the literal arrays of the formulas, `meshes` the sections that meshes need.
    """
    steps = sheet.steps_of(wanted.values())
    taken = used(sheet, wanted)
    given = sheet.names.fresh("given")
    spelling = spelling_context(sheet, spelling, taken)
    printer = Printer(sheet.names, spelling)
    lines = [f"    {sheet.names[s]} = {given}[{quoted(s.owner)}]" for s in taken]
    lines += body(printer.lines(steps, inlined(steps, wanted.values())))
    lines += ["    return {"]
    lines += [f"        {quoted(key)}: {sheet.names[s]}," for key, s in wanted.items()]
    lines += ["    }"]
    function = "\n".join([f"def values(**{given}):", *lines])
    helpers = dict(in_order(spelling, texts))
    return join({"imports": library, "constants": constants, **helpers, **(meshes or {}), "values": function})


def used(sheet: Sheet, wanted: Mapping[str, Symbol]) -> list[Symbol]:
    """Inputs and weights, all of them; targets where something needs them."""
    program = sheet.program
    steps = sheet.steps_of(wanted.values())
    met = {a for s in steps for a in s.args if isinstance(a, Symbol)} | set(wanted.values())
    return [*program.inputs, *(t for t in program.targets if t in met), *program.weights]
