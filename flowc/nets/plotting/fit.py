"""The curve of a net with one input and one output, after some steps of learning."""

from __future__ import annotations

import numpy as np

from flowc.diagnostics.suggest import and_list
from flowc.drawing.label import Label
from flowc.graph.column_names import element_of
from flowc.graph.network import Network, Node
from flowc.nets.plotting.descent import Weights, can_learn, learnt_states, way_of_learning
from flowc.nets.plotting.elements import Place, all_places
from flowc.nets.plotting.request import Ready, Wish, compute_values, cut_far_values, label_of, span_around, true_values
from flowc.plots.fit import Data, Fitted, fit
from flowc.plots.plot import Plot
from flowc.program.notation import Notation
from flowc.records import Record

Array = np.ndarray
PLACES = 400
SHARES = (0, 20, 4, 1)  # of the steps of learning, by which they are divided: what is shown, if nobody says


class Ends(Record):
    """The one input and the one output, and the places of their elements."""

    input: Node
    output: Node
    at: tuple[Place, Place]


def plot_fit(ready: Ready, wish: Wish) -> Plot:
    """Raises ValueError, FloatingPointError."""
    ends = _find_ends(ready.network)
    data = _data_points(ready, ends)
    low, high = wish.range(0) or (span_around(data.x, element_of(ends.input, ends.at[0])) if data else (-1.0, 1.0))
    x = np.linspace(low, high, PLACES)
    notation = Notation(ready.network)
    names = label_of(notation, ends.input, ends.at[0]), label_of(notation, ends.output, ends.at[1])
    curves = [Fitted(step, _curve_of(ready, ends, weights, x)) for step, weights in _weights_of_steps(ready, wish)]
    return fit(ready.title, names, x, curves, data, wish.theme)


def _find_ends(network: Network) -> Ends:
    (x, x_place), (y, y_place) = _single_node(network, "input"), _single_node(network, "output")
    return Ends(x, y, (x_place, y_place))


def _single_node(network: Network, role: str) -> tuple[Node, Place]:
    """Raises ValueError."""
    every_one = [(n, place) for n in network.nodes if n.role == role for place in all_places(n)]
    if len(every_one) == 1:
        return every_one[0]
    few = and_list(element_of(n, place) for n, place in every_one[:4]) if every_one else ""
    has = f"{len(every_one)}: {few}{' …' if len(every_one) > 4 else ''}" if every_one else "none"
    way_out = "; `--regions` is for two" if len(every_one) == 2 and role == "input" else ""
    raise ValueError(f"`--fit` is a curve of one {role}, and {network.name} has {has}{way_out}")


def _data_points(ready: Ready, ends: Ends) -> Data | None:
    node_and_values = true_values(ready.network, ends.output, ready.data) if ready.data else None
    if ready.data is None or node_and_values is None:
        return None
    node, y = node_and_values
    x = ready.data.arrays[ends.input.name]
    symbol = label_of(Notation(ready.network), node)
    latex = None if symbol.latex is None else rf"{symbol.latex}\mathrm{{,\ data}}"
    return Data(x.reshape(len(x)), cut_far_values(y.reshape(len(y))), Label(f"{symbol.text}, data", latex))


def _weights_of_steps(ready: Ready, wish: Wish) -> list[tuple[int | None, Weights]]:
    """Those of the chosen steps; as they are, where nothing is to be learnt."""
    if wish.steps is None and (ready.weights_given or not can_learn(ready)):
        return [(None, ready.weights)]
    how = way_of_learning(ready, wish)
    steps = wish.steps or sorted({how.steps // share if share else 0 for share in SHARES})
    return [(step, weights) for step, weights in learnt_states(ready, how, max(steps)) if step in steps]


def _curve_of(ready: Ready, ends: Ends, weights: Weights, x: Array) -> Array:
    arrays = {ends.input.name: x.reshape(len(x), *ends.input.shape)}
    return compute_values(ready, weights, arrays)[ends.output.name].reshape(len(x))
