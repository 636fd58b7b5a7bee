"""Whether two networks are the same: the same circles, lines, numbers and names in the same order.

Not compared: places in the text and the text itself, since one network has many texts; letters of a `spec`, of which
every choice means the same; the sign of a zero; and how a formula of data is laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from flowc.graph.constants import canonical
from flowc.graph.files.lazy_arrows import Mixed, Rows
from flowc.graph.network import Arrow, Data, Edges, File, Formulas, Network, Node, Table, Training, Weight
from flowc.syntax.expressions import unparse

Facts = dict[str, Any]


def same(first: Network, second: Network) -> bool:
    """Whether the two are one network in two places."""
    return next(differences(first, second), None) is None


def differences(first: Network, second: Network) -> Iterator[str]:
    """A sentence for each fact in which two networks differ: nothing where they are the same."""
    yield from _compare_facts("the diagram", _of_network(first), _of_network(second))
    yield from _compare_lists("node", first.nodes, second.nodes, of_node)
    yield from _compare_lists("weight", first.weights, second.weights, of_weight)
    yield from _compare_lists("dataset", first.data, second.data, _of_data)
    yield from _compare_lists("file of edges", first.edges, second.edges, _of_edges)


def _compare_lists(kind: str, first: Sequence[Any], second: Sequence[Any], facts: Any) -> Iterator[str]:
    for place, (one, other) in enumerate(zip_longest(first, second), 1):
        if one is None or other is None:
            yield f"{kind} {place} of {max(len(first), len(second))} is in one of them alone"
            return
        name = getattr(one, "name", None)
        yield from _compare_facts(f"{kind} `{name}`" if name else f"{kind} {place}", facts(one), facts(other))


def _compare_facts(what: str, one: Facts, other: Facts) -> Iterator[str]:
    for fact in one.keys() | other.keys():
        if one.get(fact) != other.get(fact):
            yield f"{what}: its {fact} is {one.get(fact)!r} in one and {other.get(fact)!r} in the other"


def _of_network(network: Network) -> Facts:
    return {
        "name": network.name, "title": network.title, "loss": network.loss, "comment": network.header_comments,
        "training": _of_training(network.train),
    }  # fmt: skip


def _of_training(train: Training | None) -> Any:
    return train and (train.method, train.settings)


def of_node(node: Node) -> Facts:
    """Everything that a node means and shows."""
    return {
        "name": node.name, "role": node.role, "axes": node.axes, "function": node.function,
        "parameters": node.parameters, "arrows": of_arrows(node.arrows), "operands": node.operands,
        "excitation's name": node.excitation_name, "owner": node.owner, "anonymity": node.anonymous,
        "label": node.label, "part in learning": node.learning_only, "comment": node.comment,
        "excitation's comment": node.excitation_comment,
    }  # fmt: skip


def of_arrows(arrows: Sequence[Arrow]) -> tuple[Any, ...]:
    """What arrows mean, in their order; of those in files how many there are, for their numbers are in the files' columns."""
    if isinstance(arrows, Rows):
        return (("rows", len(arrows)),)
    if isinstance(arrows, Mixed):
        return tuple(fact for part in arrows.parts for fact in of_arrows(part))
    return tuple(of_arrow(arrow) for arrow in arrows)


def of_arrow(a: Arrow) -> tuple[Any, ...]:
    """What an arrow means, with the letters of its axes in one order."""
    return a.source, a.spec.canonical, a.coefficient, a.weight, a.literal, a.source_index, a.weight_index, a.target_index


def of_weight(weight: Weight) -> Facts:
    return {
        "name": weight.name, "shape": weight.shape, "axes": weight.axes, "learning": weight.learnt,
        "start": weight.start, "declaration": weight.declared, "label": weight.label,
    }  # fmt: skip


def _of_data(data: Data) -> Facts:
    match data:
        case Table():
            content: Any = data.header, data.cells, data.values
        case File():
            content = data.path
        case Formulas():
            content = tuple((name, unparse(e, canonical)) for name, e in data.formulas)
    return {"kind": type(data).__name__, "part": data.part, "content": content}


def _of_edges(edges: Edges) -> Facts:
    columns = edges.sources, edges.targets, edges.weights, edges.learnt
    return {
        "path": edges.path, "weight": edges.weight,
        "nodes": edges.nodes, "columns": tuple(column.tobytes() for column in columns),
    }  # fmt: skip
