"""Elements by their names: `h`, `h[1]`, `W[1,2]`, `W[cat,1]`, and the learnt arrows of a file, `w_h_x`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from flowc.diagnostics.suggest import closest
from flowc.graph.files.arrow_names import arrow_names
from flowc.graph.network import Axis, Network, Node, Weight
from flowc.graph.sizes import element_name, shown
from flowc.syntax.names import folded

Place = tuple[int, ...]


def node_of(network: Network, text: str) -> tuple[Node, Place | None]:
    """A node, and the place of an element from 0; None for the whole. Raises ValueError."""
    nodes = {
        n.name: n for n in network.nodes if not n.anonymous and n.role in ("hidden", "output") and not n.learning_only
    }
    name, inside = _split_name(text)
    if name not in nodes:
        other = next((n for n in network.nodes if n.name == name), None)
        what = (
            {"input": "an input", "target": "a target", "loss": "the loss"}.get(other.role, "of learning")
            if other
            else ""
        )
        raise ValueError(
            f"`{name}` is {what}; regions are of hidden nodes and outputs" if what
            else f"{network.name} has no node `{name}`; {_ways_out(name, nodes)}"
        )  # fmt: skip
    node = nodes[name]
    return node, _place_of(name, node.axes, inside) if inside is not None else None


def weight_of(network: Network, text: str) -> tuple[str, Place]:
    """A number that is learnt: the weight's name, and the place in it. Raises ValueError."""
    weights = {w.name: w for w in network.weights}
    arrows = {name: (e.weight, (k,)) for e in network.edges if e.weight for k, name in enumerate(arrow_names(e))}
    name, inside = _split_name(text)
    if name in arrows and inside is None:
        return arrows[name]
    learnt = [w.name for w in weights.values() if w.learnt]
    if name not in weights:
        raise ValueError(f"{network.name} has no weight `{name}`; {_ways_out(name, [*learnt, *arrows])}")
    if not weights[name].learnt:
        raise ValueError(
            f"`{name}` does not learn; {_ways_out('', learnt)}"
            if learnt
            else f"`{name}` does not learn; `~` in place of `=` makes it"
        )
    return name, _of_weight(weights[name], inside)


def _of_weight(weight: Weight, inside: str | None) -> Place:
    axes = weight.axes or tuple(Axis(1, size) for size in weight.shape)
    if axes and inside is None:
        first = ",".join(element_name(axis, 0) for axis in axes)
        raise ValueError(f"`{weight.name}` is of many numbers; name one, as `{weight.name}[{first}]`")
    return _place_of(weight.name, axes, inside) if inside is not None else ()


def all_places(node: Node) -> list[Place]:
    return [*product(*map(range, node.shape))]


def _split_name(text: str) -> tuple[str, str | None]:
    """`W` and `1,2` of `W[1,2]`."""
    name, bracket, inside = text.strip().partition("[")
    return folded(name.strip()), inside.removesuffix("]") if bracket and inside.endswith(
        "]"
    ) else None if not bracket else inside


def _place_of(name: str, axes: Sequence[Axis], inside: str) -> Place:
    parts = [part.strip().strip("\"'") for part in inside.split(",")]
    if len(parts) != len(axes):
        has = f"{len(axes)} ind{'ices' if len(axes) > 1 else 'ex'}" if axes else "no elements"
        raise ValueError(f"`{name}[{inside}]`: `{name}` has {has}")
    return tuple(_place_on_axis(name, axis, part) for axis, part in zip(axes, parts))


def _place_on_axis(name: str, axis: Axis, part: str) -> int:
    places = {element_name(axis, k): k for k in range(len(axis))}
    if part not in places:
        near = closest(part, axis.names or ())
        way_out = f"did you mean `{near}`?" if near else f"it runs over {shown(axis)}"
        raise ValueError(f"`{name}` has no element `{part}`; {way_out}")
    return places[part]


def _ways_out(name: str, known: Iterable[str] | Mapping[str, object]) -> str:
    names = [*known]
    near = closest(name, names) if name else ""
    listed = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
    return f"did you mean `{near}`?" if near else f"there are {listed}" if names else "there are none"
