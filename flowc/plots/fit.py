"""A function of one input, as a net has it after some steps, among the data that it learns from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from flowc.drawing.label import Label
from flowc.plots.look import DASHES, Look, lettered
from flowc.plots.plot import Plot
from flowc.records import Record

Array = np.ndarray
MOST = 2000  # points that are drawn; of more every second, third, ...
MANY = 80  # points that are drawn small


class Data(Record, eq=False):
    """Tokens as points: arrays (n,). `label`: what they are."""

    x: Array
    y: Array
    label: Label


class Fitted(Record, eq=False):
    """The curve after so many steps, at the places `x` of the plot; None: of weights as they are."""

    step: int | None
    y: Array


def fit(
    title: str, names: tuple[Label, Label], x: Array, curves: Sequence[Fitted], data: Data | None, theme: str = "light"
) -> Plot:
    """`names` of the two axes. A place where a curve has no value is a gap in it."""
    with lettered(theme) as look:
        plot = Plot(title, (8.0, 4.5), theme)
        axes = plot.add_subplot()
        handles, labels = [], []
        if data is not None:
            every = -(-len(data.x) // MOST)
            handles.append(_draw_points(axes, data, every, look))
            labels.append(data.label if every == 1 else Label(f"{data.label.text}, 1 of {every}"))
        for k, curve in enumerate(curves):
            (line,) = axes.plot(x, curve.y, **_line_style(k, len(curves), look), zorder=3 + k)
            handles.append(line)
            labels.append(_label_after(curve.step, names[1]))
        axes.set(xlim=(x[0], x[-1]), ylim=_limits_of_curves(curves, data))
        plot.name_axes(axes, *names)
        plot.explain(handles, labels)
    plot.alt = _describe_plot(title, names, x, curves, data)
    return plot


def _draw_points(axes: Axes, data: Data, every: int, look: Look) -> Line2D:
    few = len(data.x) <= MANY
    size, alpha = (7.0, 1.0) if few else (3.0, 0.5)
    (points,) = axes.plot(
        data.x[::every], data.y[::every], linestyle="none", marker="o", markersize=size, alpha=alpha, color=look.muted,
        markerfacecolor=look.page if few else look.muted, markeredgewidth=1.4 if few else 0, zorder=2,
    )  # fmt: skip
    return Line2D(
        [],
        [],
        linestyle="none",
        marker="o",
        markersize=7,
        color=look.muted,
        markerfacecolor=points.get_markerfacecolor(),
    )


def _line_style(k: int, count: int, look: Look) -> dict[str, Any]:
    """The last is solid and full, those before it are fainter and broken."""
    share = (k + 1) / count
    dashes = DASHES[(count - 1 - k) % len(DASHES)]
    return {
        "color": look.path if share == 1 else look.shade(share),
        "linestyle": dashes,
        "linewidth": 3.0 if share == 1 else 2.2,
    }


def _label_after(step: int | None, output: Label) -> Label:
    if step is None:
        return output
    return Label("at the start" if step == 0 else f"after {step} step{'s' if step != 1 else ''}")


def _limits_of_curves(curves: Sequence[Fitted], data: Data | None) -> tuple[float, float]:
    """All of the data and of the last curve; what begins far away may leave the plot."""
    shown = [c.y for c in curves[-1:]] if data is None else [curves[-1].y, data.y]
    every = np.concatenate([*shown, *(c.y for c in curves[:-1])])
    low, high = _range_of(np.concatenate(shown))
    least, most = _range_of(every)
    air = max(high - low, 1e-9)
    low, high = max(least, low - 0.6 * air), min(most, high + 0.6 * air)
    return low - 0.06 * air, high + 0.06 * air


def _range_of(values: Array) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)


def _describe_plot(title: str, names: tuple[Label, Label], x: Array, curves: Sequence[Fitted], data: Data | None) -> str:
    points = f"; {len(data.x)} data points" if data is not None else ""
    steps = [str(c.step) for c in curves if c.step is not None]
    after = f" after {', '.join(steps)} steps" if steps else ""
    return f"{title}: the curve of {names[1].text} over {names[0].text} from {x[0]:.4g} to {x[-1]:.4g}{after}{points}."
