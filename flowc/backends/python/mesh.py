"""What every library's file says of a mesh: its levels, its tables, the functions of its nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from flowc.backends.code.build import assign
from flowc.backends.code.tree import (
    Attribute,
    Dict,
    Entry,
    Expression,
    Function,
    List,
    Name,
    Noted,
    Number,
    Slice,
    Statement,
)
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import helper
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import number
from flowc.maths.function import Function as FunctionRecord
from flowc.maths.function import Rule
from flowc.maths.functions import lookup
from flowc.program.ir import Program, Step
from flowc.program.mesh.mesh import Group, Level, Mesh
from flowc.program.ops import MeshValues, WeightVector, step_of
from flowc.program.values import type_of
from flowc.records import Record

INLINE = 1000  # lines: so many numbers are still read in a source
CACHED = 2**22  # numbers of a mesh's rows that the last cache holds beside the weights: 16 MiB of float32


class Table(Record):
    """Arrays of a file, by name: written into the source, or kept beside it."""

    arrays: dict[str, Any]
    lines: int

    @property
    def beside(self) -> bool:
        return self.lines > INLINE


def meshes_of(steps: Iterable[Step]) -> list[Mesh]:
    return list({id(s.op.mesh): s.op.mesh for s in steps if isinstance(s.op, MeshValues)}.values())


def tables(steps: Sequence[Step]) -> Table:
    """The columns of all meshes, and how the weights of their lines are put together."""
    meshes = meshes_of(steps)
    if not meshes:
        return Table({}, 0)
    import numpy as np

    arrays: dict[str, Any] = {}
    for k, mesh in enumerate(meshes):
        end = f"_{k + 1}" if len(meshes) > 1 else ""
        starts, sources = in_rows(mesh)
        arrays[f"starts{end}"] = starts.astype(np.int32)
        arrays[f"sources{end}"] = sources.astype(np.int32)
    for k, step in enumerate(s for s in (step_of(s, WeightVector) for s in steps) if s):
        end = f"_{k + 1}" if k else ""
        factors, slots = put_together(step)
        arrays[f"factors{end}"] = factors
        arrays[f"slots{end}"] = slots.astype(np.int32)
    return Table(arrays, sum(mesh.lines for mesh in meshes))


def is_beside(steps: Sequence[Step]) -> bool:
    """Whether the arrays of these steps are kept beside the source."""
    return sum(mesh.lines for mesh in meshes_of(steps)) > INLINE


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
    return np.concatenate(starts), np.concatenate(sources)


def put_together(step: Step[WeightVector]) -> tuple[Any, Any]:
    """For each number of the weight vector a factor, and the place of what it multiplies in [1, *weights]."""
    import numpy as np

    lines = step.op.lines
    sizes = [1] + [int(np.prod(type_of(a).shape)) for a in step.args]
    first = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    slots = np.where(lines.arguments < 0, 0, first[lines.arguments + 1] + lines.elements)
    return lines.numbers, slots


# ------------------------------------------------------------------- functions


class Functions:
    """The functions of a mesh's nodes, and what a file calls them. `own`: those that a library calls in place."""

    def __init__(self, meshes: Sequence[Mesh], own: dict[str, str], fresh: Callable[[str], str]):
        self.names: dict[tuple[str, tuple[float, ...]], str] = {}
        self.own, self.fresh = own, fresh
        for mesh in meshes:
            for group in (g for level in mesh.levels for g in level.groups):
                key = group.function, group.parameters
                if key not in self.names:
                    self.names[key] = self._name(group)

    def _name(self, group: Group) -> str:
        if group.function == "identity":
            return "None"
        return self.own.get(group.function) or self.fresh(f"{group.function}_rows")

    def values(self, spelling: Spelling) -> dict[str, Statement]:
        """The functions without a word of the library: their formulas, to be called in place."""
        formulas: dict[str, Statement] = {}
        for (name, parameters), called in self.names.items():
            if name == "identity" or name in self.own:
                continue
            record = replace(_bound(name, parameters), name=called)
            formulas[called] = helper(record, spelling, Name("into"))
        return formulas

    def slopes(self, spelling: Spelling) -> dict[str, Function]:
        """The slope of each function, from excitation and value."""
        slopes = {}
        for (name, parameters), called in self.names.items():
            if name == "identity":
                continue
            function = _bound(name, parameters)
            text = "h > 0" if name == "relu" else function.rule.pullback[0].removeprefix("d * ")
            slope = replace(
                function, name=self.fresh(f"{_last_word(called)}_slope"), rule=Rule(text), arguments=("xi", "h"),
                summary=f"The slope of {name}, from excitation and value.",
            )  # fmt: skip
            slopes[called] = helper(slope, spelling)
        return slopes


def _last_word(called: str) -> str:
    """`tanh` of `np.tanh`."""
    code = e.atom(called)
    return code.name if isinstance(code, Attribute) else called


def _bound(name: str, parameters: tuple[float, ...]) -> FunctionRecord:
    """A record whose parameters have these values."""
    function = lookup(name)
    assert function is not None, name
    bound = [(n, parameters[k] if k < len(parameters) else d) for k, (n, d) in enumerate(function.parameters)]
    return replace(function, parameters=tuple(bound))


# ---------------------------------------------------------------------- levels


def levels_of(mesh: Mesh, functions: Functions) -> e.Expression:
    """[(first row, last row, how, [(function, first, last, kept)])]"""
    return e.bracketed("[", [_level(level, functions) for level in mesh.levels], "]")


def _level(level: Level, functions: Functions) -> e.Expression:
    groups = [
        e.atom(f"({functions.names[g.function, g.parameters]}, {g.first}, {g.last}, {g.excitations or 0})")
        for g in level.groups
    ]
    how = f'"{level.how}"'
    if level.how == "dense":
        how = f"({level.start}, {level.low}, {level.high}, {level.bias})"
    return e.bracketed(
        "(", [e.atom(f"{level.first}"), e.atom(f"{level.last}"), e.atom(how), e.bracketed("[", groups, "]")], ")"
    )


def table_in_source(table: Table, array: Callable[[str, Expression], Expression]) -> list[Statement]:
    """TABLE, in the source; `array` spells numbers of a numpy kind, "i" or "f"."""
    entries = []
    for name, numbers in table.arrays.items():
        items = [Number(number(n)) for n in map(float, numbers)]
        entries.append(e.entry(name, array(numbers.dtype.kind, List(tuple(items)))))
    return [assign("TABLE", Dict(tuple(entries)))] if entries else []


def slope_table(slopes: dict[str, Function], meshes: Sequence[Mesh]) -> list[Statement]:
    """Which function has which slope; whose excitations the loss asks for."""
    entries = [Entry(e.atom(called), Name(slope.name)) for called, slope in slopes.items()]
    code: list[Statement] = [assign("SLOPES", Dict(tuple(entries)))]
    if groups := asked(meshes):
        rows = [e.atom(f"({g.first}, {g.last})") for g in groups]
        code.append(Noted(assign("ASKED", List(tuple(rows))), "rows of nodes whose excitations the loss takes"))
    return code


def asked(meshes: Sequence[Mesh]) -> list[Group]:
    """The groups whose excitations a loss takes."""
    return [g for mesh in meshes for level in mesh.levels for g in level.groups if g.asked]


def index_of(places: Sequence[int]) -> Slice | List:
    """The places as an index: a slice where they follow one another."""
    if list(places) == list(range(places[0], places[0] + len(places))):
        return Slice(Number(str(places[0])), Number(str(places[0] + len(places))))
    return List(tuple(Number(str(place)) for place in places))


def at_a_time(sheet: Sheet, least: int) -> int | None:
    """How many tokens a mesh's `forward` does at a time: as the cache holds rows of. None: all."""
    if not sheet.program.columns.get("output") or len(sheet.inputs) != 1 or len(sheet.outputs) != 1:
        return None
    places = max(s.op.mesh.places for s in sheet.program.steps if isinstance(s.op, MeshValues))
    return max(least, CACHED // places // 32 * 32)


def has_mesh(program: Program) -> bool:
    return any(isinstance(s.op, MeshValues) for s in program.steps)
