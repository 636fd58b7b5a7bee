"""A mesh in torch: the class, its tables and functions, one object for each mesh."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import List
from flowc.backends.python import expression as e
from flowc.backends.python import shapes
from flowc.backends.python.beside import table_section
from flowc.backends.python.mesh import (
    Functions,
    asked,
    at_a_time,
    defined,
    index_of,
    levels_text,
    meshes_of,
    slopes_text,
)
from flowc.backends.python.naming import local
from flowc.backends.python.packs import names_text
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.text import quoted
from flowc.backends.torch import mesh_text as text
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Step
from flowc.program.mesh.mesh import Mesh
from flowc.program.ops import Collect, Deltas, LineGradients, MeshSums, Operation, Pull, Put, Take, WeightVector
from flowc.program.values import type_of

OWN = {
    "tanh": "torch.tanh", "sin": "torch.sin", "cos": "torch.cos", "exp": "torch.exp", "relu": "relu_rows",
    "logistic": "torch.sigmoid",
}  # fmt: skip


class RowWords(TorchSpelling):
    """Of a number and a parameter torch would make its default type; here the type is that of the values."""

    def _where(self, step: Step, args: Sequence[e.Expression]) -> e.Expression:
        pairs = zip(step.args[1:], args[1:], strict=True)
        return e.call("torch.where", args[0], *(b if type_of(a).batched else self._full(b) for a, b in pairs))

    def _full(self, number: e.Expression) -> e.Expression:
        return e.call("torch.full_like", self.like, number)


HOWS = """\
HOWS = ("sparse", "ordered")  # the lines are kept row by row
KEPT = 4  # numbers of tokens that rows are kept for"""


def mesh_sections(
    sheet: Sheet, spelling: TorchSpelling, steps: Sequence[Step], given: bool = False
) -> dict[str, str]:  # fmt: skip
    """The sections of a file with meshes. `given`: whoever executes it provides the arrays, TABLE.

    Raises Refused where the arrays need a file beside the output, and there is none.
    """
    found = meshes_of(steps)
    ops = {type(s.op) for s in steps} | ({Deltas, LineGradients, Pull} if spelling.autograd else set())
    functions = Functions(found, OWN, sheet.names.fresh)
    words = RowWords(spelling.dtype, helpers=spelling.helpers)
    slopes = functions.slopes(words) if Deltas in ops else {}
    sections = {
        ":mesh tables": ""
        if given
        else table_section(sheet.planned, steps, sheet.options, _array, "array.numpy()")
    }
    sections[":names"] = "" if given else names_text(sheet.program)
    sections |= {} if given else shapes.sections(sheet, 'tuple(getattr(array, "shape", ()))')
    sections["moved"] = text.MOVED
    sections[":mesh constants"] = HOWS
    values = functions.values(words)
    if values:
        sections["into"] = text.INTO
    if "relu_rows" in functions.names.values():
        sections["relu_rows"] = text.RELU
    sections |= values
    sections |= {defined(body): body for body in slopes.values()}
    if Put in ops or any(isinstance(s.op, Take) and isinstance(index_of(s.op.places), List) for s in steps):
        sections["places"] = text.PLACES
    for op, name, body in (
        (Put, "put", text.PUT),
        (WeightVector, "joined", text.JOINED),
        (Collect, "collected", text.COLLECTED),
    ):
        if op in ops:
            sections[name] = body
    sections["product"] = text.PRODUCT
    if any(level.how == "ordered" for mesh in found for level in mesh.levels):
        sections["terms"] = text.TERMS
    if Deltas in ops:
        sections[":slopes"] = slopes_text(slopes, found)
    sections["Mesh"] = _class(found, ops)
    if spelling.autograd:
        sections["Traced"] = text.TRACED
    return sections | _objects(found, spelling, functions)


def in_parts(sheet: Sheet) -> list[str]:
    """The first lines of `forward`: more tokens than the cache holds rows of are done one part after the other."""
    tokens = at_a_time(sheet, 64)
    if tokens is None:
        return []
    x, weights = sheet.inputs[0], sheet.arguments(sheet.learnt)
    part, parts = (local(n, [x, *weights]) for n in ("part", "parts"))
    each = e.repeated(e.call("forward", part, *weights), part, e.atom(f"{x}.split({tokens})"))
    return [
        f"    if len({x}) > {tokens} and {x}.is_cpu:  # so many at a time, for the cache",
        *laid_out(each, f"        {parts} = "),
        f"        return torch.cat({parts})",
    ]


def _objects(found: Sequence[Mesh], spelling: TorchSpelling, functions: Functions) -> dict[str, str]:
    sections = {}
    for k, mesh in enumerate(found):
        end, name = f"_{k + 1}" if len(found) > 1 else "", spelling.meshes[id(mesh)]
        arguments = [
            e.atom(str(mesh.places)),
            levels_text(mesh, functions),
            e.atom(quoted(end)),
            e.atom(str(mesh.count)),
        ]
        sections[f":{name}"] = "\n".join(laid_out(e.bracketed("Mesh(", arguments, ")"), f"{name} = "))
    return sections


def _array(kind: str, numbers: e.Expression) -> e.Expression:
    more = [] if kind == "i" else [e.atom("dtype=torch.float64")]
    return e.bracketed("torch.tensor(", [numbers, *more], ")")


def _class(found: Sequence[Mesh], ops: set[type[Operation]]) -> str:
    """The class, with the methods that the file calls."""
    hows = {level.how for mesh in found for level in mesh.levels}
    dense = "dense" in hows
    adding = "".join(t + "\n" for how, t in (("ordered", text.ORDERED), ("dense", text.DENSE)) if how in hows)
    parts = [text.CLASS.replace("{adding}", adding).replace("{ordered}", text.ORDER if "ordered" in hows else "")]
    if ops & {Deltas, LineGradients, Pull}:
        back = text.BACK.replace("{asked}", text.BACK_ASKED if asked(found) else "")
        back = back.replace("{dense}", text.BACK_DENSE if dense else "")
        parts.append(back.replace("{matrices}", text.PRODUCTS_DENSE if dense else ""))
    if Pull in ops:
        parts.append(text.PULL.replace("{dense}", text.PULL_DENSE if dense else ""))
    if MeshSums in ops:
        parts.append(text.SUMS)
    return "\n".join(parts)
