"""Which columns of a data file are which node's: by their names; position never says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from flowc.backends.backend import Refused, Sample
from flowc.graph.cells import element_of
from flowc.graph.columns import Reading, called, meaning, spread
from flowc.graph.network import File, Network, Node


@dataclass(frozen=True, slots=True)
class Found:
    """How a file gives a node: `whole` an array of its own (npz), or `classes` a column of them, or `columns`, one for
    each element."""

    node: Node
    columns: tuple[str, ...] = ()
    classes: str = ""
    whole: str = ""


def found_in(network: Network, data: File, sample: Sample | None) -> list[Found]:
    """For every input and target how the file gives it, or should, where none was looked at. Raises Refused."""
    nodes = [n for n in network.nodes if n.role in ("input", "target")]
    if sample is None or not sample.heads:
        return [_expected(node, data) for node in nodes]
    means = meaning([n for n in network.nodes if n.role in ("input", "target", "output")])
    own: dict[str, dict[tuple[int, ...] | None, str]] = {n.name: {} for n in nodes}
    for head in (name for cell in sample.heads for name in spread_out(network, cell)):
        found = means(head)
        if len(found) > 1:
            raise Refused(
                f"{data.path}: the column `{head}` may be one of `{'` or `'.join(map(_what, found))}`; name it so"
            )
        if found and found[0].element in own.get(found[0].node.name, {}):
            first = own[found[0].node.name][found[0].element]
            raise Refused(f"{data.path}: the columns `{first}` and `{head}` are both `{_what(found[0])}`")
        if found and found[0].node.name in own:
            own[found[0].node.name][found[0].element] = head
    return [_found(node, own[node.name], data, sample) for node in nodes]


def spread_out(network: Network, head: str) -> list[str]:
    """The columns that a name in the first row stands for: `x[1..3]` for three."""
    nodes = {n.name: n for n in network.nodes if n.role in ("input", "target", "output")}
    return spread(head.strip(), nodes) if ".." in head else [head.strip()]


def _expected(node: Node, data: File) -> Found:
    """The names that most files have: one column of classes, a column for each element, an array (npz) a node."""
    if data.path.lower().endswith(".npz"):
        return Found(node, whole=node.name)
    if node.role == "target" and len(node.axes) == 1:
        return Found(node, classes=node.name)
    if not node.axes:
        return Found(node, (node.name,))
    names = node.axes[0].names if len(node.axes) == 1 else None
    return Found(node, names or tuple(element_of(node, place) for place in _places(node)))


def _found(node: Node, own: dict[tuple[int, ...] | None, str], data: File, sample: Sample) -> Found:
    for head, rank in zip(sample.heads, sample.ranks):
        if rank > 1 and called({node.name: node}, head):
            return Found(node, whole=head)
    if None in own and len(own) > 1:
        raise Refused(f"{data.path}: `{node.name}` is given by its class and by its elements")
    if None in own:
        return Found(node, classes=own[None])
    missing = next((place for place in _places(node) if place not in own), None)
    if missing is not None:
        wanted = element_of(node, missing)
        raise Refused(f"{data.path}: the {node.role} `{wanted}` has no column")
    return Found(node, tuple(own[place] for place in _places(node)))


def _what(reading: Reading[Node]) -> str:
    return element_of(reading.node, reading.element or ())


def _places(node: Node) -> Sequence[tuple[int, ...]]:
    return list(product(*(range(n) for n in node.shape)))
