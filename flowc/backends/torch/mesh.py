"""A mesh in torch: its tables, functions and objects."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.tree import Expression, List, Text
from flowc.backends.python import expression as e
from flowc.backends.python.mesh import index_of, levels_of
from flowc.backends.python.mesh_sections import MeshSections
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import MESH
from flowc.program.ir import Step
from flowc.program.mesh.mesh import Mesh
from flowc.program.ops import MeshValues, Take, WeightVector
from flowc.program.values import type_of

IN_PLACE = {
    "tanh": "torch.tanh", "sin": "torch.sin", "cos": "torch.cos", "exp": "torch.exp", "relu": "relu_rows",
    "logistic": "torch.sigmoid",
}  # fmt: skip


class RowWords(TorchSpelling):
    """Of a number and a parameter torch would make its default type; here the type is that of the values."""

    def _spell_where(self, step: Step, args: Sequence[Expression]) -> Expression:
        pairs = zip(step.args[1:], args[1:], strict=True)
        return e.call("torch.where", args[0], *(b if type_of(a).batched else self._full_like(b) for a, b in pairs))

    def _full_like(self, number: Expression) -> Expression:
        return e.call("torch.full_like", self.like, number)


class TorchMeshSections(MeshSections):
    template = MESH
    in_place = IN_PLACE
    before_constants = ("moved",)
    constants = ("HOWS", "KEPT")
    before_functions = ("into", "relu_rows")
    after_functions = ("places", "put", "joined", "collected", "product", "rows_of", "terms")
    after_class = ("Traced",)
    shape, bytes_of = 'tuple(getattr(array, "shape", ()))', "array.numpy()"

    def table_array(self, kind: str, numbers: Expression) -> Expression:
        return e.call("torch.tensor", numbers, **({} if kind == "i" else {"dtype": "torch.float64"}))

    def new_mesh(self, mesh: Mesh, end: str) -> Expression:
        return e.call("Mesh", str(mesh.places), levels_of(mesh, self.functions), Text(end), str(mesh.count))

    def called_for(self, step: Step) -> str:
        match step.op:
            case MeshValues():
                return "Traced" if self.spelling.autograd else ""
            case Take(places=places):
                return "places" if isinstance(index_of(places), List) else ""
            case WeightVector():
                return "joined"
        return super().called_for(step)

    @property
    def spelling_of_rows(self) -> TorchSpelling:
        return RowWords(self.spelling.dtype, helpers=self.spelling.helpers)
