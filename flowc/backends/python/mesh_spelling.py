"""The operations of meshes as calls of a file's mesh objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from flowc.backends.code.python_words import quoted
from flowc.backends.code.tree import Call, Index, Name, Slice
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.mesh import index_of
from flowc.backends.python.table import Table, spells
from flowc.program.ir import Step
from flowc.program.ops import Collect, Deltas, LineGradients, MeshSums, MeshValues, Pull, Put, Take, WeightVector
from flowc.program.values import type_of

METHODS: dict[type, str] = {MeshSums: "sums", LineGradients: "products", Pull: "pull"}


class MeshSpelling(Table):
    """Words for meshes that libraries share."""

    meshes: dict[Any, str]  # by what `named` says
    learning: bool

    copy = "copy"  # what makes columns of their own

    @spells(MeshValues)
    def _spell_mesh(self, step: Step[MeshValues], args: Sequence[Expression]) -> Expression:
        keep = any(g.excitations and (self.learning or g.asked) for level in step.op.mesh.levels for g in level.groups)
        return e.call(f"{self.meshes[id(step.op.mesh)]}.values", *args, **({"keep": "True"} if keep else {}))

    @spells(MeshSums, LineGradients, Pull)
    def _spell_method(self, step: Step[Any], args: Sequence[Expression]) -> Expression:
        return e.call(f"{self.meshes[id(step.op.mesh)]}.{METHODS[type(step.op)]}", *args)

    @spells(Take)
    def _spell_take(self, step: Step[Take], args: Sequence[Expression]) -> Expression:
        return e.method(e.transposed(Index(args[0], (index_of(step.op.places),))), self.copy)

    @spells(Put)
    def _spell_put(self, step: Step[Put], args: Sequence[Expression]) -> Expression:
        index = index_of(step.op.places)
        places = Call(Name("slice"), (index.first, index.last)) if isinstance(index, Slice) else index  # type: ignore[arg-type]
        return e.call("put", args[0], places, str(step.op.size))

    @spells(Deltas)
    def _spell_deltas(self, step: Step[Deltas], args: Sequence[Expression]) -> Expression:
        """What arrives is changed in place, so only what nobody else has is handed over."""
        lines, v, d = args
        arriving = d if isinstance(d, Call) and d.function == Name("put") else e.method(d, self.copy)
        return e.call(f"{self.meshes[id(step.op.mesh)]}.back", lines, v, arriving)

    def table_name(self, name: str, lines: object) -> str:
        """The array of a weight vector, by its name in the file's tables."""
        return f"TABLE[{quoted(name + self.meshes[id(lines)])}]"

    @spells(Collect)
    def _spell_collect(self, step: Step[Collect], args: Sequence[Expression]) -> Expression:
        """Of one weight: the sum of what arrives at its lines, times their factors."""
        lines, shape = step.op.lines, step.op.shape
        first = self.meshes[id(lines), step.op.place]
        slots, factors = self.table_name("slots", lines), self.table_name("factors", lines)
        last = f"{int(first) + prod(shape)}"
        return e.call("collected", slots, e.product([e.atom(factors), args[0]]), first, last, e.shape(shape))


def name_meshes(steps: Sequence[Step], fresh: Callable[[str], str]) -> dict[Any, str]:
    """The names for `MeshSpelling.meshes`: of meshes, of the tables of weight vectors, and where each weight begins."""
    names: dict[Any, str] = {}
    meshes = list({id(s.op.mesh): s for s in steps if isinstance(s.op, MeshValues)})
    for key in meshes:
        names[key] = fresh("MESH")
    for k, (step, lines) in enumerate((s, s.op.lines) for s in steps if isinstance(s.op, WeightVector)):
        names[id(lines)] = f"_{k + 1}" if k else ""
        place = 1
        for j, arg in enumerate(step.args):
            names[id(lines), j] = str(place)
            place += prod(type_of(arg).shape)
    return names
