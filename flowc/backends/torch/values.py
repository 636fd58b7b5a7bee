"""torch's module for the API: values of chosen symbols, gradients by autograd or written out."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.code.build import Group, assign
from flowc.backends.code.tree import Dict, Expression, List, Name, Starred, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.values_module import ValuesModule
from flowc.backends.torch.mesh import TorchMeshSections
from flowc.backends.torch.shared import Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Symbol
from flowc.program.reach import reaches


class TorchValues(ValuesModule):
    """Arrays or tensors go in; tensors come out, on the device of the first. Autograd goes back from the loss."""

    def __init__(self, sheet: Sheet, spelling: TorchSpelling, wanted: Mapping[str, Symbol]):
        """`slopes`: for each gradient that autograd finds, of what it is."""
        self.slopes = {} if sheet.explicit else {s: s.of for s in wanted.values() if s.of is not None}
        self.loss, self.literals = sheet.program.loss, sheet.literals.values()
        ends = [self.loss] if self.slopes and self.loss else []
        super().__init__(sheet, spelling, wanted, [*(s for s in wanted.values() if s not in self.slopes), *self.slopes.values(), *ends])
        self.kind, self.constants = sheet.names.fresh("kind"), Fixed(sheet)

    def print_source(self) -> str:
        return self.print_module(self.constants.module_constants(self.literals), TorchMeshSections)

    def array_of(self, symbol: Symbol) -> Expression:
        tensor = e.call("torch.as_tensor", super().array_of(symbol), Starred(Name(self.kind), "**"))
        return e.method(e.method(tensor, "detach"), "requires_grad_") if self.slopes else tensor

    def result_of(self, symbol: Symbol) -> Expression:
        return e.method(e.call("torch.as_tensor", super().result_of(symbol)), "detach")

    def opening_lines(self) -> Group:
        kind = assign(self.kind, Dict((e.entry("dtype", e.atom(f"torch.{self.sheet.options.dtype}")),)))
        return [kind, *super().opening_lines(), *self.constants.make_tensors(self.steps, self.spelling.like, self.literals)]

    def closing_lines(self) -> Group:
        """The gradients; where the loss feels nothing, zeros."""
        names = self.sheet.names
        if not self.slopes or self.loss is None:
            return []
        if not reaches(self.sheet.program, self.slopes.values()):
            return [assign(names[s], e.call("torch.zeros_like", names[x])) for s, x in self.slopes.items()]
        sources = List(tuple([Name(names[x]) for x in self.slopes.values()]))
        call = e.call("torch.autograd.grad", names[self.loss], sources, allow_unused="True", materialize_grads="True")
        return [assign(Tuple(tuple([Name(names[s]) for s in self.slopes])), call)]
