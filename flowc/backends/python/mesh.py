"""What every library's file says of a mesh: its levels, its tables, the functions of its nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowc.backends.code import tree as t
from flowc.backends.code.build import Group as Statements
from flowc.backends.code.build import assign
from flowc.backends.code.template import Templates
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import helper
from flowc.backends.python.naming import renamed
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import number
from flowc.maths.function import Function as FunctionRecord
from flowc.maths.function import Rule
from flowc.maths.functions import lookup
from flowc.program.ir import Program, Step
from flowc.program.mesh.mesh import Group, Level, Mesh
from flowc.program.ops import MeshValues, WeightVector, steps_of
from flowc.program.values import type_of

INLINE = 1000  # lines: so many numbers are still read in a source
CACHED = 2**22  # numbers of a mesh's rows that the last cache holds beside the weights: 16 MiB of float32


def meshes_of(steps: Iterable[Step]) -> list[Mesh]:
    return list({id(s.op.mesh): s.op.mesh for s in steps if isinstance(s.op, MeshValues)}.values())


def mesh_tables(steps: Sequence[Step]) -> dict[str, Any]:
    """The arrays of a file, by name: the columns of all meshes, and how the weights of their lines are put together."""
    arrays: dict[str, Any] = {}
    meshes = meshes_of(steps)
    for k, mesh in enumerate(meshes, 1):
        end = f"_{k}" if len(meshes) > 1 else ""
        arrays[f"starts{end}"], arrays[f"sources{end}"] = in_rows(mesh)
    for k, step in enumerate(steps_of(steps, WeightVector), 1):
        end = f"_{k}" if k > 1 else ""
        arrays[f"factors{end}"], arrays[f"slots{end}"] = put_together(step)
    return arrays


def count_lines(steps: Sequence[Step]) -> int:
    return sum(mesh.lines for mesh in meshes_of(steps))


def is_beside(steps: Sequence[Step]) -> bool:
    """Whether the arrays of these steps are kept beside the source."""
    return count_lines(steps) > INLINE


def in_rows(mesh: Mesh) -> tuple[Any, Any]:
    """Where the lines into each node of a sparse or ordered level start, and the places that they come from."""
    import numpy as np

    starts, sources, end = [np.zeros(1, np.int64)], [np.zeros(0, np.int64)], 0
    for level in mesh.levels:
        if level.how == "dense":
            continue
        row_starts = mesh.starts[level.first - mesh.outside : level.last - mesh.outside + 1]
        starts.append(row_starts[1:] - row_starts[0] + end)
        sources.append(mesh.sources[row_starts[0] : row_starts[-1]])
        end += int(row_starts[-1] - row_starts[0])
    return np.concatenate(starts).astype(np.int32), np.concatenate(sources).astype(np.int32)


def put_together(step: Step[WeightVector]) -> tuple[Any, Any]:
    """For each number of the weight vector a factor, and the place of what it multiplies in [1, *weights]."""
    import numpy as np

    lines = step.op.lines
    sizes = [1] + [int(np.prod(type_of(a).shape)) for a in step.args]
    first = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    slots = np.where(lines.arguments < 0, 0, first[lines.arguments + 1] + lines.elements)
    return lines.numbers, slots.astype(np.int32)


# ------------------------------------------------------------------- functions


class Functions:
    """The functions of a mesh's nodes, and what a file calls them. `own`: those that a library calls in place."""

    def __init__(self, meshes: Sequence[Mesh], own: Mapping[str, str], fresh: Callable[[str], str]):
        self.own, self.fresh = {"identity": "None", **own}, fresh
        keys = dict.fromkeys((g.function, g.parameters) for mesh in meshes for level in mesh.levels for g in level.groups)
        self.names = {(name, parameters): self.own.get(name) or fresh(f"{name}_rows") for name, parameters in keys}

    def value_functions(self, spelling: Spelling) -> dict[str, t.Function]:
        """The functions without a word of the library: their formulas, to be called in place."""
        written = {called: _bind_parameters(*key) for key, called in self.names.items() if key[0] not in self.own}
        return {called: helper(replace(function, name=called), spelling, t.Name("into")) for called, function in written.items()}

    def slope_functions(self, spelling: Spelling) -> dict[str, t.Function]:
        """The slope of each function, from excitation and value."""
        sloped = {called: _bind_parameters(*key) for key, called in self.names.items() if called != "None"}
        return {called: helper(self._slope_of(function, called), spelling) for called, function in sloped.items()}

    def _slope_of(self, function: FunctionRecord, called: str) -> FunctionRecord:
        text = "h > 0" if function.name == "relu" else function.rule.pullback[0].removeprefix("d * ")
        return replace(
            function, name=self.fresh(f"{_last_word(called)}_slope"), rule=Rule(text), arguments=("xi", "h"),
            summary=f"The slope of {function.name}, from excitation and value.",
        )  # fmt: skip


def _last_word(called: str) -> str:
    """`tanh` of `np.tanh`."""
    code = e.atom(called)
    return code.name if isinstance(code, t.Attribute) else called


def _bind_parameters(name: str, parameters: tuple[float, ...]) -> FunctionRecord:
    """A record whose parameters have these values."""
    function = lookup(name)
    assert function is not None, name
    bound = [(n, parameters[k] if k < len(parameters) else d) for k, (n, d) in enumerate(function.parameters)]
    return replace(function, parameters=tuple(bound))


# ---------------------------------------------------------------------- levels


def levels_of(mesh: Mesh, functions: Functions) -> e.Expression:
    """[(first row, last row, how, [(function, first, last, kept)])]"""
    return t.List(tuple([_row_of_level(level, functions) for level in mesh.levels]))


def _row_of_level(level: Level, functions: Functions) -> e.Expression:
    how: t.Expression = t.Text(level.how)
    if level.how == "dense":
        how = t.Tuple((*e.numbers((level.start, level.low, level.high)), e.atom(str(level.bias))))
    groups = t.List(tuple([_row_of_group(g, functions) for g in level.groups]))
    return t.Tuple((*e.numbers((level.first, level.last)), how, groups))


def _row_of_group(group: Group, functions: Functions) -> t.Expression:
    called = e.atom(functions.names[group.function, group.parameters])
    return t.Tuple((called, *e.numbers((group.first, group.last, group.excitations or 0))))


def table_in_source(arrays: Mapping[str, Any], array: Callable[[str, t.Expression], t.Expression]) -> list[t.Statement]:
    """TABLE, in the source; `array` spells numbers of a numpy kind, "i" or "f"."""
    entries = []
    for name, numbers in arrays.items():
        items = [t.Number(number(n)) for n in map(float, numbers)]
        entries.append(e.entry(name, array(numbers.dtype.kind, t.List(tuple(items)))))
    return [assign("TABLE", t.Dict(tuple(entries)))] if entries else []


def slope_table(slopes: dict[str, t.Function], meshes: Sequence[Mesh]) -> list[t.Statement]:
    """Which function has which slope; whose excitations the loss asks for."""
    entries = [t.Entry(e.atom(called), t.Name(slope.name)) for called, slope in slopes.items()]
    code: list[t.Statement] = [assign("SLOPES", t.Dict(tuple(entries)))]
    if groups := groups_asked(meshes):
        rows = [e.shape((g.first, g.last)) for g in groups]
        code.append(t.Noted(assign("ASKED", t.List(tuple(rows))), "rows of nodes whose excitations the loss takes"))
    return code


def groups_asked(meshes: Sequence[Mesh]) -> list[Group]:
    """The groups whose excitations a loss takes."""
    return [g for mesh in meshes for level in mesh.levels for g in level.groups if g.asked]


def index_of(places: Sequence[int]) -> t.Slice | t.List:
    """The places as an index: a slice where they follow one another."""
    first, end = places[0], places[0] + len(places)
    return t.Slice(*e.numbers((first, end))) if list(places) == list(range(first, end)) else t.List(e.numbers(places))


def at_a_time(sheet: Sheet, least: int) -> int | None:
    """How many tokens a mesh's `forward` does at a time: as the cache holds rows of. None: all."""
    if not sheet.program.columns.get("output") or len(sheet.inputs) != 1 or len(sheet.outputs) != 1:
        return None
    places = max(s.op.mesh.places for s in sheet.program.steps if isinstance(s.op, MeshValues))
    return max(least, CACHED // places // 32 * 32)


def in_parts(sheet: Sheet, template: Templates, least: int) -> Statements:
    """The first lines of a mesh's `forward`: more tokens than the cache holds rows of are done one part after the other."""
    tokens = at_a_time(sheet, least)
    if tokens is None:
        return ()
    x, weights = sheet.inputs[0], sheet.arguments(sheet.learnt)
    names = renamed("i", "part", "parts", taken=[x, *weights])
    return template.body_of("in_parts", x=t.Name(x), weights=e.arguments_of(*weights), TOKENS=t.Number(str(tokens)), **names)


def has_mesh(program: Program) -> bool:
    return any(isinstance(s.op, MeshValues) for s in program.steps)
