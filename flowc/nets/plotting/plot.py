"""Plots from Python: `flow.plot("regions", "h1", soft=True)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowc.diagnostics.shorten import in_code
from flowc.diagnostics.suggest import closest
from flowc.nets.arguments import check_names, is_one_of
from flowc.nets.plotting.kinds import KINDS
from flowc.nets.plotting.request import LARGEST, Others, Ready, Span, Wish, is_range

if TYPE_CHECKING:
    from flowc.graph.network import Network, Training
    from flowc.nets.opened import Opened
    from flowc.plots.plot import Plot

THEMES = ("light", "dark", "print")
EXTRA = "plots are drawn with matplotlib: `pip install flowc[plot]`"


def plot_of_kind(kind: str, wish: Wish, ready: Ready | None = None, network: Network | None = None) -> Plot:
    """`network`: whose activations, where none are named; all else needs what is ready. Raises ValueError, FloatingPointError."""
    from flowc.nets.plotting import activations, fit, landscape, regions

    if kind == "activations":
        return activations.plot_activations(wish, network)
    assert ready is not None
    of_data = {"fit": fit.plot_fit, "regions": regions.plot_regions, "loss": landscape.plot_landscape}
    return of_data[kind](ready, wish)


def check_kind(kind: str) -> None:
    """Raises ValueError for a kind that there is not, ModuleNotFoundError without matplotlib."""
    from importlib.util import find_spec

    if not is_one_of(kind, KINDS):
        near = closest(str(kind), KINDS)
        raise ValueError(f"there is no plot `{kind}`; {f'did you mean `{near}`?' if near else ', '.join(KINDS)}")
    if find_spec("matplotlib") is None:
        raise ModuleNotFoundError(EXTRA, name="matplotlib")


def plot(
    diagram: Opened, kind: str, names: Sequence[str], data: Mapping[str, Any] | None, weights: Mapping[str, Any] | None,
    steps: int | Sequence[int] | None, range: Span | Sequence[Span] | None, soft: bool, others: Others, theme: str,
    backend: str, dtype: str | None, method: str | None, settings: Mapping[str, Any],
) -> Plot:  # fmt: skip
    """See `Flow.plot`."""
    from flowc.learning.choice import change_training

    check_kind(kind)
    for name, value, choices in (("others", others, ("learnt", "start")), ("theme", theme, THEMES)):
        if not is_one_of(value, choices):
            raise ValueError(f"`{name}` is one of {', '.join(choices)}, not {in_code(value)}")
    check_names(method=method)
    training = change_training(diagram.network.train, method, settings) if method or settings else None
    wish = Wish(tuple(map(str, names)), _check_steps(steps), _check_ranges(range), soft, others, training, theme)
    ready = None if kind == "activations" else _make_ready(diagram, data, weights, backend, dtype, training)
    return plot_of_kind(kind, wish, ready, diagram.network)


def _check_steps(steps: int | Sequence[int] | None) -> tuple[int, ...] | None:
    """Raises ValueError."""
    if steps is None:
        return None
    counts = tuple(steps) if isinstance(steps, Sequence) else (steps,)
    if not counts or any(isinstance(s, bool) or not isinstance(s, int) or s < 0 for s in counts):
        raise ValueError(f"`steps` are whole numbers from 0 on, not {in_code(steps)}")
    return counts


def _check_ranges(given: Any) -> tuple[Span, ...]:
    """Raises ValueError."""
    if given is None:
        return ()
    try:
        pairs = [given] if not isinstance(given[0], Sequence) else [*given]
        ranges = tuple((float(low), float(high)) for low, high in pairs)
    except (TypeError, ValueError, LookupError, OverflowError):
        raise ValueError(f"a range is two numbers, as (-1, 2), not {in_code(given)}") from None
    if not ranges or not all(is_range(low, high) for low, high in ranges):
        raise ValueError(f"a range is from a number to a larger one, as (-1, 2), up to {LARGEST:g}, not {in_code(given)}")
    return ranges


def _make_ready(
    diagram: Opened, data: Mapping[str, Any] | None, weights: Mapping[str, Any] | None, backend: str, dtype: str | None,
    training: Training | None,
) -> Ready:  # fmt: skip
    from flowc.data.dataset import Dataset
    from flowc.nets.diagram_data import diagram_data
    from flowc.nets.inputs import check_arrays, given_weights
    from flowc.nets.net import Net

    net = Net(diagram, backend, dtype)
    seed = (training or diagram.network).seed
    start = net.init(seed) if weights is None else given_weights(diagram.network, weights)
    if data is None:
        dataset = diagram_data(diagram, "train", seed) or diagram_data(diagram, "test", seed)
    else:
        arguments = check_arrays(diagram.network, net.fixed, start, data, targets=False)
        dataset = Dataset(arguments.arrays, {}, arguments.tokens, "the data given")
    return Ready(diagram, net, start, dataset, weights is not None)
