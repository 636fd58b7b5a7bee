"""Activation functions and their slopes, each in a panel of its own."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from flowc.drawing.label import Label
from flowc.plots.curves import Curve
from flowc.plots.look import Look, lettered
from flowc.plots.plot import Plot
from flowc.records import Record

DASHED = (0, (4, 2))
TALL = 3.0  # the most of a function that is shown, up and down
XI, G, SLOPE = Label("ξ", r"\xi"), Label("g(ξ)", r"g(\xi)"), Label("slope g′(ξ)", r"\mathrm{slope}\;\;g′(\xi)")


class Shape(Record):
    """A function: its name as the text has it, its curve and that of its slope."""

    name: str
    value: Curve
    slope: Curve


def activations(shapes: Sequence[Shape], low: float, high: float, theme: str = "light") -> Plot:
    """`low`, `high`: what is shown of ξ."""
    wide = _count_columns(len(shapes))
    rows = ceil(len(shapes) / wide)
    with lettered(theme) as look:
        plot = Plot(_plot_title(shapes), _page_size(wide, rows), theme)
        grid = plot.subplots(rows, wide, squeeze=False)
        for place, axes in enumerate(grid.flat):
            axes.set_visible(place < len(shapes))
        for place, (shape, axes) in enumerate(zip(shapes, grid.flat)):
            _draw_panel(plot, axes, shape, look, (low, high))
            if rows == 1:
                plot.name_axes(axes, XI, None)
        if rows > 1:
            plot.write(plot.supxlabel(" "), XI)
        plot.explain([Line2D([], [], color=look.line), Line2D([], [], color=look.path, linestyle=DASHED)], [G, SLOPE])
    names = ", ".join(shape.name for shape in shapes)
    plot.alt = f"The curve and, dashed, the slope of {names} for excitations from {low:g} to {high:g}."
    return plot


def _count_columns(count: int) -> int:
    """So many that the panels fill a wide page."""
    return next(c for c in range(1, count + 1) if c >= 1.9 * ceil(count / c) or c == count)


def _page_size(wide: int, rows: int) -> tuple[float, float]:
    """In inches: a few functions are large, many as small as their letters allow."""
    return (max(6.4, 2.5 * wide + 1.6), 4.0) if rows == 1 else (2.1 * wide + 1.8, 2.2 * rows + 0.5)


def _plot_title(shapes: Sequence[Shape]) -> str:
    return "Activation functions" if len(shapes) > 1 else shapes[0].name


def _draw_panel(plot: Plot, axes: Axes, shape: Shape, look: Look, shown: tuple[float, float]) -> None:
    axes.set(xlim=shown, ylim=_limits_of_shape(shape))
    axes.axhline(0, color=look.muted, linewidth=0.6, zorder=0)
    axes.axvline(0, color=look.muted, linewidth=0.6, zorder=0)
    draw_curve(axes, shape.slope, look, look.path, linestyle=DASHED, linewidth=1.8, zorder=4)
    draw_curve(axes, shape.value, look, look.line, linewidth=2.4, zorder=3)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    plot.write(axes.set_title(" "), Label(shape.name))


def _limits_of_shape(shape: Shape) -> tuple[float, float]:
    """All of both, but for what goes very far; with air around it."""
    heights = [y for curve in (shape.value, shape.slope) for piece in curve.pieces for y in piece[:, 1].tolist()]
    low, high = max(-TALL, min(heights, default=0.0)), min(TALL, max(heights, default=1.0))
    air = 0.1 * max(high - low, 1.0)
    return low - air, high + air


def draw_curve(axes: Axes, curve: Curve, look: Look, colour: str, zorder: float, **how: Any) -> None:
    """Pieces as lines; the ends at a jump as full and empty dots, and no line between them."""
    for piece in curve.pieces:
        axes.plot(piece[:, 0], piece[:, 1], color=colour, zorder=zorder, **how)
    dots: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 5.5, "color": colour, "markeredgewidth": 1.4}
    if curve.open:
        axes.plot(*zip(*curve.open), zorder=zorder + 0.1, markerfacecolor=look.page, **dots)
    if curve.closed:
        axes.plot(*zip(*curve.closed), zorder=zorder + 0.2, **dots)
