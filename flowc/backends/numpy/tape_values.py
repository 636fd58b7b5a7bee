"""The module for the API whose gradients a tape finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from flowc.backends.backend import Options
from flowc.backends.code.build import Group
from flowc.backends.code.tree import Do, Expression
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.tape import saving_function
from flowc.backends.numpy.tape_file import TapeSheet, tape_sections
from flowc.backends.numpy.tape_spelling import TapeSpelling, is_cut
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.values_module import ValuesModule
from flowc.backends.python.weights import literal_arrays
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.program.passes.passes import Printing
from flowc.program.reach import reaches


def print_values(network: Network, program: Program, wanted: Mapping[str, Symbol], chosen: Options) -> str:
    """The module's source; gradients are those of the loss."""
    sheet = TapeSheet(network, program, chosen, Printing(explicit=False))
    dtype = chosen.dtype or "float64"
    return TapeValues(sheet, dtype, wanted).print_source(literal_arrays(sheet, NumpyLibrary(dtype)))


class TapeValues(ValuesModule):
    """Arrays go in and become tensors; from the loss the tape goes back to those whose gradients are asked for."""

    spelling: TapeSpelling

    def __init__(self, sheet: TapeSheet, dtype: str, wanted: Mapping[str, Symbol]):
        self.slopes = {s: s.of for s in wanted.values() if s.of is not None}
        self.loss = sheet.program.loss if self.slopes else None
        values = [*(s for s in wanted.values() if s not in self.slopes), *self.slopes.values()]
        super().__init__(sheet, TapeSpelling(dtype), wanted, [*values, *([self.loss] if self.loss else [])])
        self.spelling.tensors |= {*self.arguments}
        if self.spelling.batch:
            self.spelling = replace(self.spelling, batch=f"{self.spelling.batch}.value")  # which is as long as there are tokens

    def print_source(self, constants: Group) -> str:
        function = self.print_function()
        helpers = helpers_in_order(self.spelling, saving_function)
        tape = tape_sections(self.sheet, self.spelling, [function], chain(*helpers.values()))
        self.sheet.sections |= {":constants": constants, **tape, **helpers, "values": [function]}
        return self.sheet.code(self.spelling.library)

    def array_of(self, symbol: Symbol) -> Expression:
        return e.call("Tensor", super().array_of(symbol))

    def result_of(self, symbol: Symbol) -> Expression:
        if symbol in self.slopes:
            return e.call("gradient_of", self.sheet.names[self.slopes[symbol]])
        return e.call("array_of", super().result_of(symbol))

    def closing_lines(self) -> Group:
        if self.loss is None or not reaches(self.sheet.program, self.slopes.values(), is_cut):
            return []
        return [Do(e.call(f"{self.sheet.names[self.loss]}.backward"))]
