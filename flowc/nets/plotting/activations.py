"""The functions of a plot of activations: by name, with their numbers, or those of a diagram."""

from __future__ import annotations

import re

from flowc.diagnostics.suggest import closest
from flowc.graph.network import Network
from flowc.maths.function import Function
from flowc.maths.functions import ACTIVATIONS, lookup
from flowc.nets.plotting.request import Wish
from flowc.plots.activations import Shape, activations
from flowc.plots.curves import curve, slope, value
from flowc.plots.plot import Plot

Chosen = tuple[Function, tuple[float, ...]]
ALL = tuple(f for f in ACTIVATIONS if f.kind == "elementwise")
SHOWN = (-3.0, 3.0)


def plot_activations(wish: Wish, network: Network | None = None) -> Plot:
    """Those named; else those of the network, else all that flowc has. Raises ValueError."""
    chosen = [_choose_function(name) for name in wish.names] or (_functions_of(network) if network else [(f, ()) for f in ALL])
    low, high = wish.range(0) or SHOWN
    return activations([_shape_of(f, p, low, high) for f, p in chosen], low, high, wish.theme)


def _shape_of(function: Function, parameters: tuple[float, ...], low: float, high: float) -> Shape:
    differs = parameters != tuple(default for _, default in function.parameters)
    shown = f"({', '.join(f'{p:g}' for p in parameters)})" if parameters and differs else ""
    height = curve(value(function, parameters), low, high)
    return Shape(function.name + shown, height, curve(slope(function, parameters), low, high))


def _functions_of(network: Network) -> list[Chosen]:
    """Each once, in the order of the nodes."""
    kinds = {(n.function, n.parameters): lookup(n.function) for n in network.nodes if n.arrows or n.operands}
    functions = [(f, parameters) for (_, parameters), f in kinds.items() if f in ALL]
    if not functions:
        raise ValueError(f"{network.name} has no activation function of one number")
    return functions


def _choose_function(text: str) -> Chosen:
    """`leaky_relu(0.1)`. Raises ValueError."""
    form = re.fullmatch(r"\s*(\w+)\s*(?:\(([^()]*)\))?\s*", text)
    function = lookup(form[1]) if form else None
    if form is None or function is None:
        near = closest(form[1] if form else text, [f.name for f in ALL])
        raise ValueError(
            f"there is no function `{text}`; {f'did you mean `{near}`?' if near else '`flowc functions` lists all'}"
        )
    if function not in ALL:
        raise ValueError(
            f"`{function.name}` is no function of one number; curves are of {', '.join(f.name for f in ALL)}"
        )
    return function, _read_parameters(function, form[2] or "")


def _read_parameters(function: Function, inside: str) -> tuple[float, ...]:
    words = [word for word in inside.split(",") if word.strip()]
    try:
        numbers = tuple(float(word.partition("=")[2] or word) for word in words)
    except ValueError:
        raise ValueError(f"`{inside}` is no list of numbers, as in `leaky_relu(0.1)`") from None
    if len(numbers) > len(function.parameters) or not all(abs(p) < float("inf") for p in numbers):
        takes = ", ".join(name for name, _ in function.parameters) or "no numbers"
        raise ValueError(f"`{function.name}({inside})`: {function.name} takes {takes}")
    return numbers
