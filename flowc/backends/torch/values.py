"""torch's module for the API: values of chosen symbols, gradients by autograd or written out."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Dict, Function, List, Name, Return, Row, Starred, Statement, Text, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import in_order
from flowc.backends.python.printer import Printer, assignments
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.torch.mesh import mesh_sections
from flowc.backends.torch.reach import reaches
from flowc.backends.torch.shared import Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import HELPERS
from flowc.program.ir import Symbol
from flowc.program.passes.inline import inlined


def values(sheet: Sheet, spelling: TorchSpelling, wanted: Mapping[str, Symbol]) -> str:
    """`values(**given)`: arrays or tensors by the diagram's names -> a dict of tensors, on the device of the first."""
    program = sheet.program
    differentiated = [] if sheet.explicit else [s for s in wanted.values() if s.of is not None]
    roots = [s for s in wanted.values() if s not in differentiated]
    roots += [s.of for s in differentiated if s.of is not None]
    if differentiated and program.loss:
        roots.append(program.loss)
    steps = sheet.steps_of(roots)
    symbols = {a for s in steps for a in s.args if isinstance(a, Symbol)} | set(roots)
    samples_and_weights = [*program.inputs, *(t for t in program.targets if t in symbols), *program.weights]
    arguments, kind = Name(sheet.names.fresh("given")), sheet.names.fresh("kind")
    spelling = spelling_context(sheet, spelling, samples_and_weights)
    track = ".detach().requires_grad_()" if differentiated else ""
    tensors = {s: e.call("torch.as_tensor", e.index(arguments, Text(s.owner)), Starred(Name(kind), "**")) for s in samples_and_weights}
    fixed = Fixed(sheet)
    lines = Printer(sheet.names, spelling).lines(steps, inlined(steps, roots))
    results = [Row((e.entry(key, e.atom(f"torch.as_tensor({sheet.names[s]}).detach()")),)) for key, s in wanted.items()]
    body = (
        assign(kind, Dict((e.entry("dtype", e.atom(f"torch.{sheet.options.dtype}")),))),
        *(assign(sheet.names[s], e.suffix(tensor, track) if track else tensor) for s, tensor in tensors.items()),
        *fixed.tensors(steps, spelling.like, sheet.literals.values()),
        *assignments(lines),
        *_gradients(sheet, differentiated),
        Return(Dict(tuple(results), True)),
    )
    meshes = mesh_sections(sheet, spelling, sheet.planned.steps, given=True) if spelling.meshes else {}
    sheet.sections |= {
        ":constants": fixed.constants(sheet.literals.values()),
        **in_order(spelling, HELPERS),
        **meshes,
        "values": [Function("values", (Starred(arguments, "**"),), "", body)],
    }
    return sheet.code()


def _gradients(sheet: Sheet, wanted: list[Symbol]) -> list[Statement]:
    if not wanted or sheet.program.loss is None:
        return []
    of = {s: s.of for s in wanted if s.of is not None}
    if not reaches(sheet.program, of.values()):
        return [assign(sheet.names[s], e.call("torch.zeros_like", sheet.names[x])) for s, x in of.items()]
    loss = sheet.names[sheet.program.loss]
    sources = List(tuple(Name(sheet.names[x]) for x in of.values()))
    call = e.call("torch.autograd.grad", loss, sources, allow_unused="True", materialize_grads="True")
    return [assign(Tuple(tuple(Name(sheet.names[s]) for s in wanted)), call)]
