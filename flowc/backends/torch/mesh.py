"""A mesh in torch: the class, its tables and functions, one object for each mesh."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.build import Group, assign
from flowc.backends.code.tree import Expression, List, Name, Number, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python import shapes
from flowc.backends.python.beside import table_sections
from flowc.backends.python.mesh import Functions, asked, at_a_time, index_of, levels_of, meshes_of, slope_table
from flowc.backends.python.naming import renamed
from flowc.backends.python.packs import names_of_elements
from flowc.backends.python.sheet import Sheet
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import LEARNING, MESH
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


def mesh_sections(sheet: Sheet, spelling: TorchSpelling, steps: Sequence[Step], given: bool = False) -> dict[str, Group]:
    """The sections of a file with meshes. `given`: whoever executes it provides the arrays, TABLE.

    Raises Refused where the arrays need a file beside the output, and there is none.
    """
    meshes = meshes_of(steps)
    ops = {type(s.op) for s in steps} | ({Deltas, LineGradients, Pull} if spelling.autograd else set())
    functions = Functions(meshes, OWN, sheet.names.fresh)
    words = RowWords(spelling.dtype, helpers=spelling.helpers)
    slopes = functions.slopes(words) if Deltas in ops else {}
    values = functions.values(words)
    indexed = Put in ops or any(isinstance(s.op, Take) and isinstance(index_of(s.op.places), List) for s in steps)
    ordered = any(level.how == "ordered" for mesh in meshes for level in mesh.levels)
    return {
        **({} if given else table_sections(sheet.planned, steps, sheet.options, _array, "array.numpy()")),
        ":names": [] if given else names_of_elements(sheet.program),
        **({} if given else shapes.sections(sheet, e.atom('tuple(getattr(array, "shape", ()))'))),
        "moved": [MESH.definition("moved")],
        ":mesh constants": [MESH.definition("HOWS"), MESH.definition("KEPT")],
        **_printed(["into"] if values else []),
        **_printed(["relu_rows"] if "relu_rows" in functions.names.values() else []),
        **{name: [code] for name, code in values.items()},
        **{code.name: [code] for code in slopes.values()},
        **_printed(["places"] if indexed else []),
        **_printed([name for op, name in ((Put, "put"), (WeightVector, "joined"), (Collect, "collected")) if op in ops]),
        **_printed(["product", "rows_of"]),
        **_printed(["terms"] if ordered else []),
        ":slopes": slope_table(slopes, meshes) if Deltas in ops else [],
        "Mesh": [_class(meshes, ops)],
        **_printed(["Traced"] if spelling.autograd else []),
        **{f":{spelling.meshes[id(mesh)]}": [_object(mesh, spelling, functions, place, len(meshes))] for place, mesh in enumerate(meshes, 1)},
    }


def _printed(names: Sequence[str]) -> dict[str, Group]:
    return {name: [MESH.definition(name)] for name in names}


def in_parts(sheet: Sheet) -> Group:
    """The first lines of `forward`: more tokens than the cache holds rows of are done one part after the other."""
    tokens = at_a_time(sheet, 64)
    if tokens is None:
        return ()
    x, weights = sheet.inputs[0], sheet.arguments(sheet.learnt)
    names = renamed("part", "parts", taken=[x, *weights])
    return LEARNING.body_of(
        "in_parts", x=Name(x), weights=e.arguments_of(*weights), TOKENS=Number(str(tokens)), **names
    )


def _object(mesh: Mesh, spelling: TorchSpelling, functions: Functions, place: int, count: int) -> Statement:
    end = Text(f"_{place}" if count > 1 else "")
    call = e.call("Mesh", str(mesh.places), levels_of(mesh, functions), end, str(mesh.count))
    return assign(spelling.meshes[id(mesh)], call)


def _array(kind: str, numbers: Expression) -> Expression:
    return e.call("torch.tensor", numbers, **({} if kind == "i" else {"dtype": "torch.float64"}))


def _class(meshes: Sequence[Mesh], ops: set[type[Operation]]) -> Statement:
    """The class, with the methods that the file calls."""
    hows = {level.how for mesh in meshes for level in mesh.levels}
    methods = ["__init__", "lines", "rows_for", "prepare", "adding", "values"]
    methods += ["back", "ends", "backwards", "products"] if ops & {Deltas, LineGradients, Pull} else []
    methods += [name for op, name in ((Pull, "pull"), (MeshSums, "sums")) if op in ops]
    return MESH.chosen("Mesh", methods, ORDERED="ordered" in hows, DENSE="dense" in hows, ASKED_FOR=bool(asked(meshes)))
