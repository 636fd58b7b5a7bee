"""What the nodes of a net with two inputs say of each point of the plane."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from flowc import pipeline
from flowc.diagnostics.suggest import and_list
from flowc.drawing.label import Label, words
from flowc.graph.class_outputs import classified
from flowc.graph.column_names import element_of
from flowc.graph.network import Network, Node
from flowc.graph.sizes import element_name
from flowc.nets.plotting.descent import learnt_states, way_of_learning
from flowc.nets.plotting.elements import Place, all_places, node_of
from flowc.nets.plotting.request import Ready, Wish, compute_values, element_values, label_of, span_around, true_values
from flowc.nets.value_names import symbols_by_name
from flowc.plots.plot import Plot
from flowc.plots.regions import Panel, Plane, Points, regions
from flowc.plots.zones import MOST_LEVELS, Zones, of_classes, of_levels, of_sides
from flowc.program.notation import Notation

Array = np.ndarray
POINTS = 400  # of the grid, along each axis: even, so that few lie just on a border
CHUNK = 8192  # points that are computed together
MOST_PANELS = 12
FEW, WIDE, NARROW = 10, 0.5, 0.12  # so many tokens, or fewer, have much air around them
OF_MANY = ("softmax", "log_softmax", "argmax")
MIDDLES = {
    "step": 0.5,
    "logistic": 0.5,
    "softmax": 0.5,
    "argmax": 0.5,
}  # of other functions 0: what they make of an excitation of 0
TURNS = ("step", "sign", "logistic", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu")  # on the sides of ξ = 0


def plot_regions(ready: Ready, wish: Wish) -> Plot:
    """Raises ValueError, FloatingPointError."""
    network = ready.network
    chosen = [one for text in wish.names for one in _split_node(network, *node_of(network, text))] or _all_outputs(network)
    if len(chosen) > MOST_PANELS:
        raise ValueError(
            f"{len(chosen)} plots of regions are more than {MOST_PANELS}; name some, as `{element_of(*_first_place(chosen))}`"
        )
    places = plane_inputs(network)
    plane = _plane_of(ready, wish, places)
    maker = _Maker(network, wish.soft)
    values = on_grid(after_learning(ready, wish), plane, places, maker.names_of(node for node, _ in chosen))
    panels = [maker.make_panel(node, place, values) for node, place in chosen]
    return regions(ready.title, plane, panels, _data_points(ready, places), wish.theme)


def after_learning(ready: Ready, wish: Wish) -> Ready:
    """After the last of the steps that are wished. Raises ValueError, FloatingPointError."""
    if wish.steps is None:
        return ready
    how = way_of_learning(ready, wish)
    *_, (_, weights) = learnt_states(ready, how, max(wish.steps))
    return replace(ready, weights=weights)


def _first_place(chosen: Sequence[tuple[Node, Place | None]]) -> tuple[Node, Place]:
    node, place = chosen[0]
    return node, place or ()


def plane_inputs(network: Network) -> list[tuple[Node, Place]]:
    """The two numbers that the plane is of. Raises ValueError."""
    numbers = [(n, place) for n in network.nodes if n.role == "input" for place in all_places(n)]
    if len(numbers) == 2:
        return numbers
    few = and_list(element_of(n, place) for n, place in numbers[:4]) if numbers else ""
    has = f"{len(numbers)}: {few}{' …' if len(numbers) > 4 else ''}" if numbers else "none"
    way_out = "; `--fit` is for one" if len(numbers) == 1 else ""
    raise ValueError(f"`--regions` are over two inputs, and {network.name} has {has}{way_out}")


def _all_outputs(network: Network) -> list[tuple[Node, Place | None]]:
    return [one for n in network.nodes if n.role == "output" for one in _split_node(network, n, None)]


def _split_node(network: Network, node: Node, place: Place | None) -> list[tuple[Node, Place | None]]:
    """A vector whose largest element is a class is one plot, any other has one for each element."""
    if place is not None or not node.axes or is_of_classes(network, node):
        return [(node, place)]
    return [(node, one) for one in all_places(node)]


def is_of_classes(network: Network, node: Node) -> bool:
    sorting = {c.output.name for c in classified(network) if c.many}
    return len(node.axes) == 1 and (node.function in OF_MANY or node.name in sorting)


# ---------------------------------------------------------------------------------------------------------------- plane


def _plane_of(ready: Ready, wish: Wish, places: Sequence[tuple[Node, Place]]) -> Plane:
    notation = Notation(ready.network)
    spans = [wish.range(k) or _span_of(ready, *one) for k, one in enumerate(places)]
    x, y = (np.linspace(*span, POINTS) for span in spans)
    first, second = (label_of(notation, *one) for one in places)
    return Plane(x, y, (first, second))


def _span_of(ready: Ready, node: Node, place: Place) -> tuple[float, float]:
    if ready.data is None:
        return -1.0, 1.0
    values = element_values(ready.data.arrays[node.name], place)
    return span_around(values, element_of(node, place), WIDE if ready.data.tokens <= FEW else NARROW)


def on_grid(
    ready: Ready, plane: Plane, places: Sequence[tuple[Node, Place]], wanted: Collection[str]
) -> dict[str, Array]:
    """The nodes and excitations that are wanted: name -> (rows, columns, *shape)."""
    x, y = (a.ravel() for a in np.meshgrid(plane.x, plane.y))
    pieces: dict[str, list[Array]] = {name: [] for name in wanted}
    for start in range(0, len(x), CHUNK):
        some = slice(start, start + CHUNK)
        arrays = {n.name: np.empty((len(x[some]), *n.shape)) for n, _ in places}
        for (node, place), value in zip(places, (x[some], y[some])):
            element_values(arrays[node.name], place)[:] = value
        values = compute_values(ready, ready.weights, arrays)
        for name, parts in pieces.items():
            parts.append(values[name])
    shape = len(plane.y), len(plane.x)
    return {name: np.concatenate(parts).reshape(*shape, *parts[0].shape[1:]) for name, parts in pieces.items()}


# --------------------------------------------------------------------------------------------------------------- panels


class _Maker:
    def __init__(self, network: Network, soft: bool):
        self.soft = soft
        self.notation = Notation(network)
        every_one = symbols_by_name(network, pipeline.forward(network))
        self.excitations = {s.owner: name for name, s in every_one.items() if s.kind == "excitation"}
        self.middles = {c.output.name: c.middle for c in classified(network) if not c.many}

    def names_of(self, nodes: Iterable[Node]) -> set[str]:
        """The names of these nodes and of their excitations."""
        return {name for n in nodes for name in (n.name, self.excitations.get(n.name)) if name}

    def make_panel(self, node: Node, place: Place | None, known: Mapping[str, Array]) -> Panel:
        label = label_of(self.notation, node, place or ())
        values, ground = known[node.name], known.get(self.excitations.get(node.name, ""))
        if node.axes and place is None:
            shares = np.exp(values) if node.function == "log_softmax" else values
            return Panel(label, self._class_zones(node, values, ground), shares if self.soft else None)
        values = element_values(values, place or (), 2)
        ground = None if ground is None else element_values(ground, place or (), 2)
        middle = self.middles.get(node.name, MIDDLES.get(node.function, 0.0))
        fits = node.function in TURNS and middle == MIDDLES.get(node.function, 0.0)
        zones = _side_zones(label, node, values, middle, ground if fits else None)
        return Panel(label, zones, values if self.soft else None, middle)

    def _class_zones(self, node: Node, values: Array, ground: Array | None) -> Zones:
        (axis,) = node.axes
        names = [words(element_name(axis, k)) for k in range(len(axis))]
        scores = values if ground is None or node.function not in OF_MANY else ground
        return of_classes(values, scores, names)


def _side_zones(label: Label, node: Node, values: Array, middle: float, ground: Array | None) -> Zones:
    if levels := of_levels(values, label, ground):
        return levels
    active = node.function == "relu"  # nothing, or more
    low, high = (_label_relation(label, sign, middle) for sign in (("=", ">") if active else ("<", "≥")))
    return of_sides(values, middle, (low, high), ground, above=active)


def _label_relation(label: Label, sign: str, middle: float) -> Label:
    number, latex = ("½", r"\frac{1}{2}") if middle == 0.5 else (f"{middle:g}", f"{middle:g}")
    told = {"≥": r"\geq "}.get(sign, sign)
    return Label(f"{label.text} {sign} {number}", None if label.latex is None else f"{label.latex}{told}{latex}")


# --------------------------------------------------------------------------------------------------------------- points


def _data_points(ready: Ready, places: Sequence[tuple[Node, Place]]) -> Points | None:
    data = ready.data
    if data is None:
        return None
    x, y = (element_values(data.arrays[node.name], place) for node, place in places)
    outputs = [n for n in ready.network.nodes if n.role == "output"]
    node_and_values = next((t for n in outputs if (t := true_values(ready.network, n, data))), None)
    kinds, names = _kinds_of_tokens(ready.network, *node_and_values) if node_and_values else (None, ())
    return Points(x, y, kinds, names)


def _kinds_of_tokens(network: Network, node: Node, values: Array) -> tuple[Array | None, tuple[Label, ...]]:
    """Which class each token is of, or which of few values it has."""
    if len(node.axes) == 1 and len(node.axes[0]) > 1 and is_one_hot(values):
        return values.argmax(axis=1), tuple(words(element_name(node.axes[0], k)) for k in range(len(node.axes[0])))
    levels = np.unique(values)
    if np.prod(node.shape) != 1 or len(levels) > MOST_LEVELS:
        return None, ()
    symbol = label_of(Notation(network), node)
    names = [
        Label(f"{symbol.text} = {v:g}", f"{symbol.latex}={v:g}" if symbol.latex else None) for v in levels.tolist()
    ]
    return np.searchsorted(levels, values.reshape(len(values))), tuple(names)


def is_one_hot(values: Array) -> bool:
    return bool(((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all())
