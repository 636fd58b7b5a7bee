"""What a file packs into arrays: a table's columns for them, the names of their elements, the numbers beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowc.backends.code.python import laid_out
from flowc.backends.code.words import remark
from flowc.backends.python import expression as e
from flowc.backends.python.mesh import tables
from flowc.backends.python.text import quoted
from flowc.graph.network import Network, Values, Weight
from flowc.graph.network import Table as Inline
from flowc.program.ir import Program
from flowc.program.mesh.mesh import Pack
from flowc.program.ops import MeshValues

LISTED = 1000  # names of one kind
CALLED = {"input": "INPUTS", "target": "TARGETS", "output": "OUTPUTS"}


def with_records(network: Network, program: Program) -> Network:
    """The network as the program has packed it: its weights, and its tables with a row for each packed array."""
    if program.records is None:
        return network
    arrays = {"input": program.inputs, "target": program.targets, "output": program.outputs}
    packs = {arrays[role][0].owner: names for role, names in program.columns.items()}
    data = tuple(_packed_table(d, packs) if isinstance(d, Inline) else d for d in network.data)
    return replace(network, weights=program.records, data=data)


def _packed_table(table: Inline, packs: dict[str, tuple[str, ...]]) -> Inline:
    """The columns of scalars, where all of an array are there, as rows of that."""
    columns = {v.node: v.rows for v in table.values}
    whole = {name: nodes for name, nodes in packs.items() if all(n in columns for n in nodes)}
    gone = {n for nodes in whole.values() for n in nodes}
    made = [Values(name, tuple(zip(*(columns[n] for n in nodes), strict=True))) for name, nodes in whole.items()]
    return replace(table, values=(*made, *(v for v in table.values if v.node not in gone)))


def packs(records: Iterable[Weight]) -> dict[str, Pack]:
    """The packed arrays of weights."""
    starts: dict[str, Any] = {w.name: w.start for w in records}
    return {name: start for name, start in starts.items() if isinstance(start, Pack)}


def tensors(program: Program) -> dict[str, Any]:
    """What stands beside the file: its tables, where packed weights start as far as nothing is drawn, and which number
    of the diagram each of them is where they are too many to be named."""
    table = tables(program.steps)
    if not table.beside:
        return {}
    import numpy as np

    found = packs(program.records or ())
    starts = {name: pack.numbers for name, pack in found.items() if not pack.drawn}
    orders = {f"order_{name}": pack.order.astype(np.int32) for name, pack in found.items() if not pack.names}
    return table.arrays | starts | orders


def names_text(program: Program) -> str:
    """What the columns of arrays, the elements of the weights and the rows of a mesh are called in the diagram."""
    found = {CALLED[role]: names for role, names in program.columns.items()}
    meshes = {part.mesh for part in program.parts.values()}
    if len(meshes) == 1 and len(program.parts) <= LISTED:
        found["NODES"] = tuple(sorted(program.parts, key=lambda name: program.parts[name].place))
    lines: list[str] = []
    for called, names in found.items():
        if len(names) <= LISTED:
            if called == "NODES":
                first = next(s.op.mesh.outside for s in program.steps if isinstance(s.op, MeshValues))
                lines.append(f"# the nodes, in the rows of the mesh from row {first} on")
            lines += laid_out(_tuple(names), f"{called} = ")
    return "\n".join([*lines, *_weight_names(packs(program.records or ()))])


def _tuple(names: Sequence[str]) -> e.Expression:
    return e.bracketed("(", [e.atom(quoted(name)) for name in names], ",)" if len(names) == 1 else ")")


ORDERED = (
    "which of all numbers that the diagram learns, in its order and that of a file's rows, each of these is: "
    "{w} = numbers[ORDER[{key}]], and back numbers[ORDER[{key}]] = {w}"
)


def _weight_names(found: Mapping[str, Pack]) -> list[str]:
    """For each array of weights its elements' names or, of very many, which numbers of the diagram they are."""
    named = [e.entry(name, _tuple(pack.names)) for name, pack in found.items() if pack.names]
    lines = laid_out(e.bracketed("{", named, "}"), "WEIGHTS = ") if named else []
    many = [name for name, pack in found.items() if not pack.names]
    if many:
        orders = [e.entry(name, e.atom(f"TABLE[{quoted(f'order_{name}')}]")) for name in many]
        lines += remark(ORDERED.format(w=many[0], key=quoted(many[0])), "")
        lines += laid_out(e.bracketed("{", orders, "}"), "ORDER = ")
    return lines
