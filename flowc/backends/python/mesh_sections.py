"""The sections of a file with meshes: tables and functions, the class, one object for each mesh."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from flowc.backends.code import scope
from flowc.backends.code.build import Group, assign
from flowc.backends.code.fill import Tree
from flowc.backends.code.python_statements import defined_by
from flowc.backends.code.template import Templates
from flowc.backends.code.tree import Class, Expression, Statement
from flowc.backends.python import expression as e
from flowc.backends.python import shapes
from flowc.backends.python.beside import table_sections
from flowc.backends.python.mesh import Functions, groups_asked, meshes_of, slope_table
from flowc.backends.python.packs import names_of_elements
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.spelling import Spelling
from flowc.program.ir import Step
from flowc.program.mesh.mesh import Mesh
from flowc.program.ops import Collect, Deltas, LineGradients, MeshSums, Pull, Put


class MeshSections(ABC):
    """What a library's file says of the meshes of a program. Of its `template` a file has what it calls, in this order."""

    template: ClassVar[Templates]
    in_place: ClassVar[Mapping[str, str]]  # the functions that it has for arrays of results
    constants: ClassVar[Sequence[str]]
    before_constants: ClassVar[Sequence[str]]
    before_functions: ClassVar[Sequence[str]]
    after_functions: ClassVar[Sequence[str]]
    after_class: ClassVar[Sequence[str]] = ()
    shape: ClassVar[str]  # of an `array`
    bytes_of: ClassVar[str]

    def __init__(self, sheet: Sheet, spelling: Spelling):
        self.sheet, self.spelling = sheet, spelling
        self.meshes = meshes_of(sheet.planned.steps)
        self.functions = Functions(self.meshes, self.in_place, sheet.names.fresh)
        self.ops = {type(s.op) for s in sheet.planned.steps} | ({Deltas, LineGradients, Pull} if spelling.autograd else set())

    @abstractmethod
    def table_array(self, kind: str, numbers: Expression) -> Expression:
        """An array of these numbers, of numpy's kind "i" or "f"."""

    @abstractmethod
    def new_mesh(self, mesh: Mesh, end: str) -> Expression:
        """The object of a mesh; `end`: that of its tables' names, where there are several meshes."""

    @property
    def template_holes(self) -> dict[str, Tree]:
        hows = {level.how for mesh in self.meshes for level in mesh.levels}
        return {"ORDERED": "ordered" in hows, "DENSE": "dense" in hows, "ASKED_FOR": bool(groups_asked(self.meshes))}

    def called_for(self, step: Step) -> str:
        """What of the template this step calls, or ""."""
        return {Put: "put", Collect: "collected"}.get(type(step.op), "")

    def of_file(self) -> dict[str, Group]:
        """All of them. Raises Refused where the arrays need a file beside the output, and there is none."""
        tables = table_sections(self.sheet.planned, self.sheet.options, self.table_array, self.bytes_of)
        names = {":names": names_of_elements(self.sheet.program)}
        return {**tables, **names, **shapes.shape_sections(self.sheet, e.atom(self.shape)), **self.of_values()}

    def of_values(self) -> dict[str, Group]:
        """Those of a file whose arrays, TABLE, are provided by whoever executes it."""
        slopes = self.functions.slope_functions(self.spelling_of_rows) if Deltas in self.ops else {}
        values = self.functions.value_functions(self.spelling_of_rows)
        several = len(self.meshes) > 1
        objects = [assign(self.spelling.meshes[id(m)], self.new_mesh(m, f"_{k}" * several)) for k, m in enumerate(self.meshes, 1)]
        mesh_class = self._mesh_class()
        called = self._find_called(*values.values(), *objects, mesh_class)
        return {
            **_sections_among(called, self.before_constants),
            ":mesh constants": [self.template.definition(name) for name in self.constants],
            **_sections_among(called, self.before_functions),
            **{name: [function] for name, function in (values | {f.name: f for f in slopes.values()}).items()},
            **_sections_among(called, self.after_functions),
            ":slopes": slope_table(slopes, self.meshes) if Deltas in self.ops else [],
            "Mesh": [mesh_class],
            **_sections_among(called, self.after_class),
            **{f":{self.spelling.meshes[id(m)]}": [code] for m, code in zip(self.meshes, objects, strict=True)},
        }

    @property
    def spelling_of_rows(self) -> Spelling:
        """What the functions of nodes are spelled by."""
        return self.spelling

    def _mesh_class(self) -> Class:
        """The class, with the methods that the file calls."""
        backward = {"back", "ends", "backwards", "products"} if self.ops.isdisjoint({Deltas, LineGradients, Pull}) else set()
        idle = backward | {name for op, name in ((Pull, "pull"), (MeshSums, "sums")) if op not in self.ops}
        methods = [name for name in self.template.methods("Mesh") if name not in idle]
        return self.template.chosen("Mesh", methods, **self.template_holes)

    def _find_called(self, *code: Statement) -> dict[str, Group]:
        """What of the template is called, and what that calls, which stands above it."""
        names = {*scope.names(*code), *map(self.called_for, self.sheet.planned.steps)}
        called: dict[str, Group] = {}
        for name in reversed([*self.before_constants, *self.before_functions, *self.after_functions, *self.after_class]):
            if name in names:
                called[name] = [self.template.definition(name, **self.template_holes)]
                names |= scope.names(*called[name])
        return called


def _sections_among(called: Mapping[str, Sequence[Statement]], names: Sequence[str]) -> dict[str, Group]:
    """Those of these names, as sections; functions and classes are parts that may be asked for."""
    sections = {name: called[name] for name in names if name in called}
    return {f":{n}" if not defined_by(code[0]) else n: code for n, code in sections.items()}
