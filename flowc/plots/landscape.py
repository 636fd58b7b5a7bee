"""The loss along one weight, or over two, and the way of the descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, MaxNLocator

from flowc.drawing.label import Label
from flowc.drawing.themes import BLUE, mix
from flowc.plots.heights import write_heights
from flowc.plots.look import Look, lettered
from flowc.plots.plot import Plot
from flowc.records import Record

Array = np.ndarray
DOTS = 60  # steps that are drawn as dots; of more some
STEEP = 50.0  # times the least loss: beyond, contours are at its powers
LEVELS = 12


class Way(Record, eq=False):
    """Some of the steps of the descent, the first and the last among them: (m,), their weights (m, k), their losses (m,)."""

    steps: Array
    weights: Array
    losses: Array


class Landscape(Record, eq=False):
    """`names` of the weights, `axes` the places along each, `loss` there: (n,), or (rows, columns), rows along the second.

    `loss_name`: that of the loss; `others`: what holds of the other weights, "" where there are none."""

    names: tuple[Label, ...]
    axes: tuple[Array, ...]
    loss: Array
    loss_name: Label
    others: str = ""


def landscape(title: str, land: Landscape, way: Way | None, theme: str = "light") -> Plot:
    with lettered(theme) as look:
        plot = Plot(title, (8.4, 4.8), theme)
        axes = plot.add_subplot()
        (_draw_loss_curve if len(land.axes) == 1 else _draw_contours)(plot, axes, land, way, look)
        moved = way if way is not None and len(way.steps) > 1 else None
        if way is not None:
            _draw_way(axes, way, look)
        _draw_legend(plot, land, moved, way, look)
    plot.alt = _describe_plot(title, land, way)
    return plot


def _draw_loss_curve(plot: Plot, axes: Axes, land: Landscape, way: Way | None, look: Look) -> None:
    (x,) = land.axes
    axes.plot(x, land.loss, color=look.line, linewidth=2.6, zorder=2)
    low, high = np.nanmin(land.loss, initial=np.inf), np.nanmax(land.loss, initial=-np.inf)
    if np.isfinite([low, high]).all():
        air = 0.08 * max(high - low, 1e-12, 1e-9 * abs(high))  # also where the loss is all but one number
        axes.set_ylim(low - air, high + air)
    axes.set_xlim(x[0], x[-1])
    plot.name_axes(axes, land.names[0], land.loss_name)


def _draw_contours(plot: Plot, axes: Axes, land: Landscape, way: Way | None, look: Look) -> None:
    x, y = land.axes
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    loss = np.ma.masked_invalid(land.loss)
    levels = contour_levels(land.loss)
    deep = mix(BLUE if look.theme != "print" else look.ink, look.page, 0.5 if look.theme != "print" else 0.3)
    shades = LinearSegmentedColormap.from_list("loss", [deep, look.page])
    if len(levels) > 1:
        axes.contourf(x, y, loss, levels, cmap=shades, extend="both", zorder=1)
        lines = axes.contour(x, y, loss, levels, colors=[look.muted], linewidths=0.8, zorder=2)
        write_heights(axes, lines, way.weights if way is not None else np.empty((0, 2)))
    plot.name_axes(axes, *land.names)


def contour_levels(loss: Array) -> Array:
    """Evenly spaced; where the loss is steep, by powers, so that the valley is seen."""
    levels = loss[np.isfinite(loss)]
    low, high = (levels.min(), levels.max()) if len(levels) else (0.0, 0.0)
    if low > 0 and high > STEEP * low:
        levels = np.asarray(LogLocator(subs=(1, 2, 5), numticks=100).tick_values(low, high))
        return levels[(levels > low) & (levels < high)][-LEVELS:]
    ticks = np.asarray(MaxNLocator(LEVELS).tick_values(low, high))
    return ticks[(ticks > low) & (ticks < high)]


def _draw_way(axes: Axes, way: Way, look: Look) -> None:
    points = way.weights if way.weights.shape[1] == 2 else np.column_stack([way.weights[:, 0], way.losses])
    casing = [withStroke(linewidth=4.5, foreground=look.page, alpha=0.9)]
    axes.plot(*points.T, color=look.path, linewidth=1.8, path_effects=casing, zorder=3)
    dots = points[:: max(1, -(-len(points) // DOTS))]
    axes.plot(*dots.T, linestyle="none", marker="o", markersize=3.5, color=look.path, zorder=4)
    axes.plot(*points[:1].T, **_mark_style(look.page, look), zorder=5)
    if len(points) > 1:
        axes.plot(*points[-1:].T, **_mark_style(look.path, look), zorder=6)


def _mark_style(face: str, look: Look) -> dict[str, Any]:
    return {
        "linestyle": "none", "marker": "o", "markersize": 10, "color": look.ink, "markerfacecolor": face, "markeredgewidth": 1.4,
    }  # fmt: skip


def _draw_legend(plot: Plot, land: Landscape, moved: Way | None, way: Way | None, look: Look) -> None:
    entries: list[tuple[Line2D, str]] = []
    style: dict[str, Any] = {"color": look.line, "linewidth": 2.6} if len(land.axes) == 1 else {"color": look.muted, "linewidth": 0.8}
    entries.append((Line2D([], [], **style), "the loss" + (f",\n{land.others}" if land.others else "")))
    if moved is not None:
        entries.append((Line2D([], [], color=look.path, marker="o", markersize=3.5, linewidth=1.8), "the descent"))
    if way is not None:
        entries.append((Line2D([], [], **_mark_style(look.page, look)), "start" if moved is not None else "the weights"))
    if moved is not None:
        last = int(moved.steps[-1])
        entries.append((Line2D([], [], **_mark_style(look.path, look)), f"after {last} step{'s' if last > 1 else ''}"))
    plot.explain([h for h, _ in entries], [Label(text) for _, text in entries])


def _describe_plot(title: str, land: Landscape, way: Way | None) -> str:
    spans = [f"{n.text} from {a[0]:.4g} to {a[-1]:.4g}" for n, a in zip(land.names, land.axes)]
    text = f"{title}. The loss {'along' if len(spans) == 1 else 'over'} {' and '.join(spans)}"
    text += f", {land.others}" if land.others else ""
    if way is not None and len(way.steps) > 1:
        text += (
            f"; the descent goes from a loss of {way.losses[0]:.4g} to {way.losses[-1]:.4g} in {way.steps[-1]} steps"
        )
    return text.replace("\n", " ") + "."
