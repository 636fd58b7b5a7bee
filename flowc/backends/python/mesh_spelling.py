"""The operations of meshes as calls of a file's mesh objects."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.mesh import places_text
from flowc.backends.python.text import quoted
from flowc.program.ir import Step
from flowc.program.types import type_of


class MeshSpelling:
    """Words for meshes that libraries share."""

    meshes: dict
    learning: bool

    copy = ".copy()"  # what makes columns of their own

    def _mesh(self, step: Step, args: Sequence[Expression]) -> Expression:
        keep = any(g.kept and (self.learning or g.asked) for level in step.data.levels for g in level.groups)
        return e.call(f"{self.meshes[id(step.data)]}.values", *args, **({"keep": "True"} if keep else {}))

    def _sums(self, step: Step, args: Sequence[Expression]) -> Expression:
        return e.call(f"{self.meshes[id(step.data)]}.sums", *args)

    def _take(self, step: Step, args: Sequence[Expression]) -> Expression:
        return e.suffix(args[0], f"[{places_text(step.data)}].T{self.copy}")

    def _put(self, step: Step, args: Sequence[Expression]) -> Expression:
        places, count = step.data
        index = places_text(places)
        index = index if index.startswith("[") else f"slice({index.replace(':', ', ')})"
        return e.call("put", args[0], index, str(count))

    def _deltas(self, step: Step, args: Sequence[Expression]) -> Expression:
        """What arrives is changed in place, so only what nobody else has is handed over."""
        lines, v, d = args
        own = d if d.flat.startswith("put(") else e.method(d, self.copy.strip(".()"))
        return e.call(f"{self.meshes[id(step.data)]}.back", lines, v, own)

    def _line_gradients(self, step: Step, args: Sequence[Expression]) -> Expression:
        return e.call(f"{self.meshes[id(step.data)]}.products", *args)

    def _pull(self, step: Step, args: Sequence[Expression]) -> Expression:
        return e.call(f"{self.meshes[id(step.data)]}.pull", *args)

    def table(self, name: str, step_data: object) -> str:
        """The array of a weight vector, by its name in the file's tables."""
        return f"TABLE[{quoted(name + self.meshes[id(step_data)])}]"

    def _collect(self, step: Step, args: Sequence[Expression]) -> Expression:
        """Of one weight: the sum of what arrives at its lines, times their factors."""
        lines, place = step.data
        shape = step.symbol.type.shape
        first = self.meshes[id(lines), place]  # type: ignore[index]
        slots, factors = self.table("slots", lines), self.table("factors", lines)
        last = f"{int(first) + prod(shape)}"
        return e.call("collected", slots, e.product([e.atom(factors), args[0]]), first, last, self._shape_text(shape))

    def _shape_text(self, shape: tuple[int, ...]) -> str:
        return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def named(steps: Sequence[Step], fresh) -> dict:  # type: ignore[no-untyped-def,type-arg]
    """The names for `MeshSpelling.meshes`: of meshes, of the tables of weight vectors, and where each weight begins."""
    found: dict = {}
    meshes = list({id(s.data): s for s in steps if s.op == "mesh"})
    for key in meshes:
        found[key] = fresh("MESH")
    for k, step in enumerate(s for s in steps if s.op == "lines"):
        found[id(step.data)] = f"_{k + 1}" if k else ""
        place = 1
        for j, arg in enumerate(step.args):
            found[id(step.data), j] = str(place)
            place += prod(type_of(arg).shape)
    return found
