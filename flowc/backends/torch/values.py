"""torch's module for the API: values of chosen symbols, gradients by autograd or written out."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.code.python import laid_out
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import in_order
from flowc.backends.python.printer import Printer
from flowc.backends.python.sheet import Sheet, body, join, spelling_context
from flowc.backends.python.text import quoted
from flowc.backends.torch.mesh import mesh_sections
from flowc.backends.torch.reach import reaches
from flowc.backends.torch.shared import HELPERS, Fixed
from flowc.backends.torch.spelling import TorchSpelling
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
    met = {a for s in steps for a in s.args if isinstance(a, Symbol)} | set(roots)
    taken = [*program.inputs, *(t for t in program.targets if t in met), *program.weights]
    given, kind = sheet.names.fresh("given"), sheet.names.fresh("kind")
    spelling = spelling_context(sheet, spelling, taken)
    lines = [f'    {kind} = {{"dtype": torch.{sheet.options.dtype}}}']
    track = ".detach().requires_grad_()" if differentiated else ""
    lines += [f"    {sheet.names[s]} = torch.as_tensor({given}[{quoted(s.owner)}], **{kind}){track}" for s in taken]
    fixed = Fixed(sheet)
    lines += fixed.opening(steps, spelling.like, sheet.literals.values())
    lines += body(Printer(sheet.names, spelling).lines(steps, inlined(steps, roots)))
    lines += _gradients(sheet, differentiated)
    lines += ["    return {"]
    lines += [f"        {quoted(key)}: torch.as_tensor({sheet.names[s]}).detach()," for key, s in wanted.items()]
    lines += ["    }"]
    meshes = mesh_sections(sheet, spelling, sheet.planned.steps, given=True) if spelling.meshes else {}
    return join(
        {
            "imports": "from functools import cache\n\nimport torch" if meshes else "import torch",
            "constants": fixed.section(sheet.literals.values()),
            **dict(in_order(spelling, HELPERS)),
            **meshes,
            "values": "\n".join([f"def values(**{given}):", *lines]),
        }
    )


def _gradients(sheet: Sheet, wanted: list[Symbol]) -> list[str]:
    if not wanted or sheet.program.loss is None:
        return []
    of = {s: s.of for s in wanted if s.of is not None}
    if not reaches(sheet.program, of.values()):
        return [f"    {sheet.names[s]} = torch.zeros_like({sheet.names[x]})" for s, x in of.items()]
    loss = sheet.names[sheet.program.loss]
    sources = e.bracketed("[", [e.atom(sheet.names[x]) for x in of.values()], "]")
    call = e.call("torch.autograd.grad", loss, sources, allow_unused="True", materialize_grads="True")
    return laid_out(call, f"    {', '.join(sheet.names[s] for s in wanted)}, = ")
