"""A mesh in numpy: its tables, functions and objects."""

from __future__ import annotations

from flowc.backends.code.fill import Tree
from flowc.backends.code.tree import Expression, Name, Text
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.numpy.templates import MESH
from flowc.backends.python import expression as e
from flowc.backends.python.mesh import levels_of
from flowc.backends.python.mesh_sections import MeshSections
from flowc.program.mesh.mesh import Mesh

IN_PLACE = {
    "tanh": "np.tanh", "sin": "np.sin", "cos": "np.cos", "exp": "np.exp", "relu": "relu", "logistic": "logistic_rows"
}  # fmt: skip


class NumpyMeshSections(MeshSections):
    spelling: NumpySpelling

    template = MESH
    in_place = IN_PLACE
    before_constants = ("csr_matvec",)
    constants = ("HOWS", "CHUNK", "KEPT")
    before_functions = ("into", "ZERO", "relu", "HALF", "ONE", "logistic_rows")
    after_functions = ("put", "collected", "product")
    shape, bytes_of = "np.shape(array)", "array"

    def table_array(self, kind: str, numbers: Expression) -> Expression:
        return e.call("np.array", numbers, "int" if kind == "i" else self.spelling.kind)

    def new_mesh(self, mesh: Mesh, end: str) -> Expression:
        arrays = [e.index(Name("TABLE"), Text(f"{name}{end}")) for name in ("starts", "sources")]
        counts = {"count": str(mesh.count)} if len(self.meshes) > 1 else {}
        return e.call("Mesh", str(mesh.places), levels_of(mesh, self.functions), *arrays, **counts)

    @property
    def template_holes(self) -> dict[str, Tree]:
        holes, several = super().template_holes, len(self.meshes) > 1
        return {
            **holes, "SEVERAL": several, "SINGLE": self.spelling.single, "kind": Name("how" if holes["DENSE"] else "_"),
            "counts": (Name("count"),) if several else (), "COUNT": e.atom("self.count" if several else str(self.meshes[0].count)),
        }  # fmt: skip
