"""The loss of a net along one or two of its weights, and the descent of its learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np

from flowc.drawing.label import of_symbol
from flowc.learning.method import Method
from flowc.nets.plotting.descent import Weights, learnt_states, way_of_learning
from flowc.nets.plotting.elements import Place, weight_of
from flowc.nets.plotting.request import Ready, Wish, cut_far_values, span_around
from flowc.plots.landscape import Landscape, Way, landscape
from flowc.plots.plot import Plot
from flowc.program.notation import Notation

Array = np.ndarray
Element = tuple[str, Place]
ALONG, OVER = 161, 61  # places along one weight; along each of two
MOST_STEPS = 400  # of a descent, that are plotted: those at its start, where they are long, lie closer
AIR, LEAST = 0.35, 0.2  # of the way's extent on each side; a way that is shorter is seen from further away


def plot_landscape(ready: Ready, wish: Wish) -> Plot:
    """Raises ValueError, FloatingPointError."""
    if not 1 <= len(wish.names) <= 2:
        raise ValueError(f"`--loss` is along one weight or over two, not {len(wish.names)}")
    how = way_of_learning(ready, wish)
    elements = [weight_of(ready.network, text) for text in wish.names]
    if len({*elements}) < len(elements):
        raise ValueError(f"`{wish.names[0]}` is given twice")
    way, last = way_downhill(ready, wish, how, elements)
    at = last if wish.others == "learnt" else ready.weights
    axes = tuple(
        np.linspace(*(wish.range(k) or span_around(way.weights[:, k], wish.names[k], AIR, LEAST)), _count_along(elements))
        for k in range(len(elements))
    )
    notation = Notation(ready.network)
    names = tuple(of_symbol(notation.weight(name, place)) for name, place in elements)
    assert ready.network.loss is not None
    loss_name = of_symbol(notation.node(ready.network.loss))
    land = Landscape(names, axes, loss_surface(ready, at, elements, axes), loss_name, _say_others(ready, wish, elements, way))
    return landscape(ready.title, land, way, wish.theme)


def way_downhill(ready: Ready, wish: Wish, how: Method, elements: Sequence[Element]) -> tuple[Way, Weights]:
    """The weights and losses of the steps, and all weights after the last."""
    until = how.steps if wish.steps is None else max(wish.steps)
    shown_steps = {0, *np.geomspace(1, max(until, 1), MOST_STEPS).round().astype(int).tolist()}
    steps, places, losses = [], [], []
    last = ready.weights
    for step, last in learnt_states(ready, how, until):
        if step in shown_steps:
            steps.append(step)
            places.append([float(last[name][place]) for name, place in elements])
            losses.append(_loss_at(ready, last))
    return Way(np.array(steps), np.array(places), np.array(losses)), last


def loss_surface(ready: Ready, weights: Mapping[str, Array], elements: Sequence[Element], axes: Sequence[Array]) -> Array:
    """The loss at each place; nan where it is no number. Of two weights the second is that of the rows."""
    losses = np.empty([len(axis) for axis in reversed(axes)])
    for at in np.ndindex(*losses.shape):
        changed = {name: array.copy() for name, array in weights.items()}
        for (name, place), axis, k in zip(elements, axes, reversed(at)):
            changed[name][place] = axis[k]
        losses[at] = _loss_at(ready, changed)
    return losses


def _loss_at(ready: Ready, weights: Mapping[str, Array]) -> float:
    assert ready.data is not None
    try:
        return float(cut_far_values(np.asarray(ready.net.loss(weights, ready.data.arrays))))
    except FloatingPointError:
        return float("nan")


def _count_along(elements: Sequence[Element]) -> int:
    return ALONG if len(elements) == 1 else OVER


def _say_others(ready: Ready, wish: Wish, elements: Sequence[Element], way: Way) -> str:
    if sum(prod(shape) for shape in ready.net.weights.values()) == len(elements):
        return ""
    if len(way.steps) == 1:
        return "other weights as given" if ready.weights_given else "other weights as they start"
    return "other weights\nas learnt" if wish.others == "learnt" else "other weights\nas they start"
