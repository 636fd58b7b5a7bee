"""How a file or formulas give each input and target: as an array, a column of classes, or a column for each element."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from flowc.backends.backend import Sample
from flowc.data.column_table import Sheet
from flowc.data.formula_facts import columns_among
from flowc.data.name_columns import columns_by_node, spread_heads
from flowc.graph.column_names import called, columned_nodes, element_of
from flowc.graph.network import File, Formulas, Network, Node
from flowc.records import Record


class NodeColumns(Record):
    """A node has an `array` of its own (npz), or a column of `classes`, or `columns`, one for each element."""

    node: Node
    columns: tuple[str, ...] = ()
    classes: str = ""
    array: str = ""


def columns_of_file(network: Network, data: File, sample: Sample | None) -> list[NodeColumns]:
    """For every input and target how the file gives it, or should, where none was looked at. Raises BadData."""
    if sample is None or not sample.heads:
        return [_usual_columns(node, data) for node in _inputs_and_targets(network)]
    if not sample.ranks:
        return _match_columns(network, data.path, spread_heads(network, sample.heads))
    named = {n.name: n for n in columned_nodes(network)}
    node_of = {head: called(named, head) if rank > 1 else None for head, rank in zip(sample.heads, sample.ranks)}
    heads = [name for head, node in node_of.items() for name in (_element_names(node) if node else [head])]
    arrays = {node.name: head for head, node in node_of.items() if node}
    columns = _match_columns(network, data.path, heads, "array")
    return [NodeColumns(c.node, array=arrays[c.node.name]) if c.node.name in arrays else c for c in columns]


def columns_of_formulas(network: Network, data: Formulas) -> list[NodeColumns]:
    """Which formulas give each input and target. Raises BadData."""
    return _match_columns(network, "the data", columns_among(network, data.formulas))


def _match_columns(network: Network, name: str, heads: Sequence[str], called: str = "column") -> list[NodeColumns]:
    """By names; position never says it. Raises BadData."""
    columns = columns_by_node(network, Sheet(name, tuple(heads), (), None, 0, called), targets=True, outputs=False)
    nodes = _inputs_and_targets(network)
    return [_columns_of(node, {place: heads[k] for place, k in columns[node.name].items()}) for node in nodes]


def _columns_of(node: Node, heads: dict[tuple[int, ...] | None, str]) -> NodeColumns:
    if None in heads:
        return NodeColumns(node, classes=heads[None])
    return NodeColumns(node, tuple(heads[place] for place in product(*map(range, node.shape))))


def _usual_columns(node: Node, data: File) -> NodeColumns:
    """The names that most files have: one column of classes, a column for each element, an array (npz) a node."""
    if data.path.lower().endswith(".npz"):
        return NodeColumns(node, array=node.name)
    if node.role == "target" and len(node.axes) == 1:
        return NodeColumns(node, classes=node.name)
    names = node.axes[0].names if len(node.axes) == 1 else None
    return NodeColumns(node, names or tuple(_element_names(node)))


def _element_names(node: Node) -> list[str]:
    return [element_of(node, place) for place in product(*map(range, node.shape))]


def _inputs_and_targets(network: Network) -> list[Node]:
    return [n for n in network.nodes if n.role in ("input", "target")]
