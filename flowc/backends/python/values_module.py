"""A module for the API: one function that gives the values of chosen symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowc.backends.code.build import Group, assign
from flowc.backends.code.tree import Dict, Expression, Function, Name, Return, Row, Starred, Text
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.mesh_sections import MeshSections
from flowc.backends.python.printer import Printer, assignments
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.python.spelling import Spelling
from flowc.program.ir import Symbol
from flowc.program.passes.inline import inlined


class ValuesModule:
    """`values(**given)`: arrays by the diagram's names -> a dict with an array for each key of `wanted`."""

    def __init__(self, sheet: Sheet, spelling: Spelling, wanted: Mapping[str, Symbol], roots: Iterable[Symbol]):
        self.sheet, self.wanted, self.roots = sheet, wanted, [*roots]
        self.steps = sheet.steps_of(self.roots)
        self.arguments = self._find_arguments()
        self.spelling = spelling_context(sheet, spelling, self.arguments)
        self.given = Name(sheet.names.fresh("given"))

    def _find_arguments(self) -> list[Symbol]:
        """Inputs and weights, all of them; targets where something needs them."""
        program = self.sheet.program
        used = {a for s in self.steps for a in s.args if isinstance(a, Symbol)} | set(self.roots)
        return [*program.inputs, *(t for t in program.targets if t in used), *program.weights]

    def print_module(self, constants: Group, meshes: type[MeshSections]) -> str:
        """The source; `constants` are the literal arrays of the formulas."""
        function = self.print_function()
        of_meshes = meshes(self.sheet, self.spelling).of_values() if self.spelling.meshes else {}
        helpers = helpers_in_order(self.spelling)
        self.sheet.sections |= {":constants": constants, **helpers, **of_meshes, "values": [function]}
        return self.sheet.code(self.spelling.library)

    def print_function(self) -> Function:
        lines = Printer(self.sheet.names, self.spelling).lines(self.steps, inlined(self.steps, self.roots))
        results = [Row((e.entry(key, self.result_of(symbol)),)) for key, symbol in self.wanted.items()]
        body = (*self.opening_lines(), *assignments(lines), *self.closing_lines(), Return(Dict(tuple(results), True)))
        return Function("values", (Starred(self.given, "**"),), "", body)

    def array_of(self, symbol: Symbol) -> Expression:
        """What the function is given for an argument."""
        return e.index(self.given, Text(symbol.owner))

    def result_of(self, symbol: Symbol) -> Expression:
        return Name(self.sheet.names[symbol])

    def opening_lines(self) -> Group:
        return [assign(self.sheet.names[s], self.array_of(s)) for s in self.arguments]

    def closing_lines(self) -> Group:
        return ()
