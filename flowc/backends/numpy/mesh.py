"""A mesh in numpy: the class, its tables and functions, one object for each mesh."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flowc.backends.code.build import Group, assign
from flowc.backends.code.tree import Expression, Name, Statement, Text
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.numpy.templates import MESH
from flowc.backends.python import expression as e
from flowc.backends.python import shapes
from flowc.backends.python.beside import table_sections
from flowc.backends.python.mesh import Functions, asked, levels_of, meshes_of, slope_table
from flowc.backends.python.packs import names_of_elements
from flowc.backends.python.sheet import Sheet
from flowc.program.ir import Step
from flowc.program.mesh.mesh import Mesh
from flowc.program.ops import Collect, Deltas, LineGradients, MeshSums, Operation, Pull, Put

OWN = {
    "tanh": "np.tanh",
    "sin": "np.sin",
    "cos": "np.cos",
    "exp": "np.exp",
    "relu": "relu",
    "logistic": "logistic_rows",
}



def mesh_sections(sheet: Sheet, spelling: NumpySpelling, steps: Sequence[Step], given: bool = False) -> dict[str, Group]:
    """The sections of a file with meshes. `given`: whoever executes it provides the arrays, TABLE.

    Raises Refused where the arrays need a file beside the output, and there is none.
    """
    meshes = meshes_of(steps)
    ops = {type(s.op) for s in steps}
    functions = Functions(meshes, OWN, sheet.names.fresh)
    slopes = functions.slopes(spelling) if Deltas in ops else {}
    values = functions.values(spelling)
    array = partial(_array, spelling.dtype)
    return {
        ":scipy": [MESH.definition("csr_matvec")],
        **({} if given else table_sections(sheet.planned, steps, sheet.options, array, "array")),
        ":names": [] if given else names_of_elements(sheet.program),
        **({} if given else shapes.sections(sheet, e.atom("np.shape(array)"))),
        ":mesh constants": [MESH.definition(name) for name in ("HOWS", "CHUNK", "KEPT")],
        **_printed(["into"] if values else []),
        **_called(functions, spelling.single),
        **{name: [code] for name, code in values.items()},
        **{code.name: [code] for code in slopes.values()},
        **_printed([name for op, name in ((Put, "put"), (Collect, "collected")) if op in ops]),
        **_printed(["product"]),
        ":slopes": slope_table(slopes, meshes) if Deltas in ops else [],
        "Mesh": [_class(meshes, ops)],
        **{f":{spelling.meshes[id(mesh)]}": [_object(mesh, spelling, functions, place, len(meshes))] for place, mesh in enumerate(meshes, 1)},
    }


def _printed(names: Sequence[str]) -> dict[str, Group]:
    return {name: [MESH.definition(name)] for name in names}


def _called(functions: Functions, single: bool) -> dict[str, Group]:
    """The functions of rows that numpy has no word for, and the number that each needs."""
    used = set(functions.names.values())
    code: dict[str, Group] = {}
    if "relu" in used:
        code |= {":zero": [MESH.definition("ZERO")], "relu": [MESH.definition("relu")]}
    if "logistic_rows" in used:
        name = "logistic_rows_single" if single else "logistic_rows"
        code |= {":half": [MESH.definition("HALF" if single else "ONE")], "logistic_rows": [MESH.variant(name, "logistic_rows")]}
    return code


def _array(dtype: str, kind: str, numbers: Expression) -> Expression:
    return e.call("np.array", numbers, "int" if kind == "i" else f"np.{dtype}")


def _class(meshes: Sequence[Mesh], ops: set[type[Operation]]) -> Statement:
    """The class, with the methods that the file calls."""
    hows = {level.how for mesh in meshes for level in mesh.levels}
    methods = ["__init__", "rows_for", "prepare", "adding", "values"]
    methods += ["back", "backwards", "products"] if ops & {Deltas, LineGradients, Pull} else []
    methods += [name for op, name in ((Pull, "pull"), (MeshSums, "sums")) if op in ops]
    several = len(meshes) > 1
    return MESH.chosen(
        "Mesh", methods, ORDERED="ordered" in hows, DENSE="dense" in hows, ASKED_FOR=bool(asked(meshes)), SEVERAL=several,
        kind=Name("how" if "dense" in hows else "_"), counts=(Name("count"),) if several else (),
        COUNT=e.atom("self.count" if several else str(meshes[0].count)),
    )  # fmt: skip


def _object(mesh: Mesh, spelling: NumpySpelling, functions: Functions, place: int, count: int) -> Statement:
    end = f"_{place}" if count > 1 else ""
    arrays = [e.index(Name("TABLE"), Text(f"{name}{end}")) for name in ("starts", "sources")]
    counts = {"count": str(mesh.count)} if count > 1 else {}
    return assign(spelling.meshes[id(mesh)], e.call("Mesh", str(mesh.places), levels_of(mesh, functions), *arrays, **counts))
