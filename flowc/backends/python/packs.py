"""What a file packs into arrays: a table's columns for them, the names of their elements, the numbers beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowc.backends.code.build import assign
from flowc.backends.code.python_words import quoted
from flowc.backends.code.tree import Comment, Dict, Statement, Text, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.mesh import is_beside, mesh_tables
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
    complete = {name: nodes for name, nodes in packs.items() if all(n in columns for n in nodes)}
    gone = {n for nodes in complete.values() for n in nodes}
    values = [Values(name, tuple(zip(*(columns[n] for n in nodes), strict=True))) for name, nodes in complete.items()]
    return replace(table, values=(*values, *(v for v in table.values if v.node not in gone)))


def packed_weights(records: Iterable[Weight]) -> dict[str, Pack]:
    """The packed arrays of weights."""
    starts: dict[str, Any] = {w.name: w.start for w in records}
    return {name: start for name, start in starts.items() if isinstance(start, Pack)}


def tensors_beside(program: Program) -> dict[str, Any]:
    """What stands beside the file: its tables, where packed weights start as far as nothing is drawn, and which number
    of the diagram each of them is where they are too many to be named."""
    if not is_beside(program.steps):
        return {}
    import numpy as np

    packed = packed_weights(program.records or ())
    starts = {name: pack.numbers for name, pack in packed.items() if not pack.drawn}
    orders = {f"order_{name}": pack.order.astype(np.int32) for name, pack in packed.items() if not pack.names}
    return mesh_tables(program.steps) | starts | orders


def names_of_elements(program: Program) -> list[Statement]:
    """What the columns of arrays, the elements of the weights and the rows of a mesh are called in the diagram."""
    names = {CALLED[role]: columns for role, columns in program.columns.items()}
    meshes = {part.mesh for part in program.parts.values()}
    if len(meshes) == 1 and len(program.parts) <= LISTED:
        names["NODES"] = tuple(sorted(program.parts, key=lambda name: program.parts[name].place))
    code: list[Statement] = []
    for called, some in names.items():
        if len(some) <= LISTED:
            if called == "NODES":
                first = next(s.op.mesh.outside for s in program.steps if isinstance(s.op, MeshValues))
                code.append(Comment(f"the nodes, in the rows of the mesh from row {first} on"))
            code.append(assign(called, _texts_of(some)))
    return [*code, *_weight_names(packed_weights(program.records or ()))]


def _texts_of(names: Sequence[str]) -> Tuple:
    return Tuple(tuple(map(Text, names)))


ORDERED = (
    "which of all numbers that the diagram learns, in its order and that of a file's rows, each of these is: "
    "{w} = numbers[ORDER[{key}]], and back numbers[ORDER[{key}]] = {w}"
)


def _weight_names(weights: Mapping[str, Pack]) -> list[Statement]:
    """For each array of weights its elements' names or, of very many, which numbers of the diagram they are."""
    named = [e.entry(name, _texts_of(pack.names)) for name, pack in weights.items() if pack.names]
    code: list[Statement] = [assign("WEIGHTS", Dict(tuple(named)))] if named else []
    many = [name for name, pack in weights.items() if not pack.names]
    if many:
        orders = [e.entry(name, e.index(e.atom("TABLE"), Text(f"order_{name}"))) for name in many]
        code.append(Comment(ORDERED.format(w=many[0], key=quoted(many[0]))))
        code.append(assign("ORDER", Dict(tuple(orders))))
    return code
