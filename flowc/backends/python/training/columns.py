"""Which columns of a data file are which node's: by their names; position never says it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from flowc.backends.backend import Refused, Sample
from flowc.graph.column_names import by_node, called, claims, columned_nodes, element_of, meaning, spread, what_it_is
from flowc.graph.network import File, Network, Node
from flowc.records import Record

Elements = dict[tuple[int, ...] | None, str]  # what a column is called for each element of a node; None: for its class


class NodeColumns(Record):
    """How a file gives a node: by an `array` of its own (npz), or by a column of `classes`, or by `columns`, one for each
    element."""

    node: Node
    columns: tuple[str, ...] = ()
    classes: str = ""
    array: str = ""


def match_columns(network: Network, data: File, sample: Sample | None) -> list[NodeColumns]:
    """For every input and target how the file gives it, or should, where none was looked at. Raises Refused."""
    nodes = [n for n in network.nodes if n.role in ("input", "target")]
    if sample is None or not sample.heads:
        return [_usual_columns(node, data) for node in nodes]
    heads = [name for cell in sample.heads for name in spread_out(network, cell)]
    claimed = []
    for claim in claims(map(meaning(columned_nodes(network)), heads)):
        claimed.append(claim)
        head = heads[claim.column]
        if len(claim.readings) > 1:
            names = "` or `".join(map(what_it_is, claim.readings))
            raise Refused(f"{data.path}: the column `{head}` may be one of `{names}`; name it so")
        if claim.first is not None and claim.readings[0].node.role != "output":
            both = what_it_is(claim.readings[0])
            raise Refused(f"{data.path}: the columns `{heads[claim.first]}` and `{head}` are both `{both}`")
    columns = by_node(claimed)
    names_of = {n.name: {e: heads[column] for e, column in columns.get(n.name, {}).items()} for n in nodes}
    return [_columns_of(node, names_of[node.name], data, sample) for node in nodes]


def spread_out(network: Network, head: str) -> list[str]:
    """The columns that a name in the first row stands for: `x[1..3]` for three."""
    nodes = {n.name: n for n in columned_nodes(network)}
    return spread(head.strip(), nodes) if ".." in head else [head.strip()]


def _usual_columns(node: Node, data: File) -> NodeColumns:
    """The names that most files have: one column of classes, a column for each element, an array (npz) a node."""
    if data.path.lower().endswith(".npz"):
        return NodeColumns(node, array=node.name)
    if node.role == "target" and len(node.axes) == 1:
        return NodeColumns(node, classes=node.name)
    if not node.axes:
        return NodeColumns(node, (node.name,))
    names = node.axes[0].names if len(node.axes) == 1 else None
    return NodeColumns(node, names or tuple(element_of(node, place) for place in _places(node)))


def _columns_of(node: Node, heads: Elements, data: File, sample: Sample) -> NodeColumns:
    for head, rank in zip(sample.heads, sample.ranks):
        if rank > 1 and called({node.name: node}, head):
            return NodeColumns(node, array=head)
    if None in heads and len(heads) > 1:
        raise Refused(f"{data.path}: `{node.name}` is given by its class and by its elements")
    if None in heads:
        return NodeColumns(node, classes=heads[None])
    missing = next((place for place in _places(node) if place not in heads), None)
    if missing is not None:
        raise Refused(f"{data.path}: the {node.role} `{element_of(node, missing)}` has no column")
    return NodeColumns(node, tuple(heads[place] for place in _places(node)))


def _places(node: Node) -> Sequence[tuple[int, ...]]:
    return list(product(*(range(n) for n in node.shape)))
