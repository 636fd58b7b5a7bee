"""Where in the plane of two inputs a node says what: regions with borders, or shades of what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from flowc.drawing.label import Label
from flowc.plots.look import MARKERS, SIZE, Look, lettered
from flowc.plots.paths import slimmed
from flowc.plots.plot import Plot
from flowc.plots.shades import shade
from flowc.plots.zones import Zones, poles
from flowc.records import Record

Array = np.ndarray
MOST_KINDS = 12  # of points, that a legend explains
MOST_KEPT_CLEAR = 1000  # points that names keep away from
CLEAR = (0.15, 0.1)  # of the plane, beside and above a point, if these are few
FEW = 30  # points that are drawn large
HALF = Label("probability ½")
SMALLEST = 9.0  # letters, in pt


class Plane(Record, eq=False):
    """The grid: places along two inputs, and what these are called."""

    x: Array  # (columns,)
    y: Array  # (rows,)
    names: tuple[Label, Label]

    @property
    def area(self) -> float:
        return float(np.ptp(self.x) * np.ptp(self.y))


class Points(Record, eq=False):
    """Tokens: arrays (n,); `kinds`: which of `names` each is, None where nobody knows."""

    x: Array
    y: Array
    kinds: Array | None = None
    names: tuple[Label, ...] = ()

    def within(self, plane: Plane) -> Points:
        """Those that the plane shows, its edge included."""
        shown = (plane.x[0] <= self.x) & (self.x <= plane.x[-1]) & (plane.y[0] <= self.y) & (self.y <= plane.y[-1])
        kinds = self.kinds[shown] if self.kinds is not None else None
        return replace(self, x=self.x[shown], y=self.y[shown], kinds=kinds)


class Panel(Record, eq=False):
    """A node. `shares`: what it says of each point, (rows, columns) or for each class (rows, columns, k), where shades
    are asked for; `middle`: where one side of a number ends."""

    name: Label
    zones: Zones
    shares: Array | None = None
    middle: float = 0.5


def regions(title: str, plane: Plane, panels: Sequence[Panel], points: Points | None, theme: str = "light") -> Plot:
    points = points.within(plane) if points is not None else None
    wide = min(len(panels), 4 if len(panels) > 4 else 3 if len(panels) != 4 else 2)
    rows = ceil(len(panels) / wide)
    side = 4.8 if len(panels) == 1 else 3.6
    with lettered(theme) as look:
        plot = Plot(title, (side * wide + 0.9 + _legend_width(panels, points), side * rows + 0.6), theme)
        grid = plot.subplots(rows, wide, squeeze=False, sharex=True, sharey=True)
        for axes in [*grid.flat][len(panels) :]:
            axes.set_visible(False)
        for place, (panel, axes) in enumerate(zip(panels, grid.flat)):
            _draw_panel(plot, axes, plane, panel, points, look, side)
            below, left = place + wide >= len(panels), place % wide == 0
            plot.name_axes(axes, plane.names[0] if below else None, plane.names[1] if left else None)
            axes.tick_params(labelbottom=below)
            if len(panels) > 1:
                plot.write(axes.set_title(" "), panel.name)
        _draw_legend(plot, panels, points, look)
    plot.alt = _describe_plot(title, plane, panels, points)
    return plot


def _draw_panel(
    plot: Plot, axes: Axes, plane: Plane, panel: Panel, points: Points | None, look: Look, side: float
) -> None:  # fmt: skip
    axes.set(xlim=(plane.x[0], plane.x[-1]), ylim=(plane.y[0], plane.y[-1]))
    axes.spines[["top", "right"]].set_visible(True)
    axes.locator_params(nbins=5)
    if panel.shares is None:
        _fill_zones(axes, plane, panel.zones, look)
        _draw_borders(axes, plane, panel.zones, look)
    else:
        occupied = np.column_stack([points.x, points.y]) if points is not None else np.empty((0, 2))
        shade(axes, plane.x, plane.y, panel.shares, panel.middle, occupied, look)
    if points is not None:
        _draw_points(axes, points, look)
    if panel.shares is None or panel.zones.classes:
        _write_names(plot, axes, plane, panel.zones, points, look, side)


def colours(zones: Zones, look: Look) -> list[str]:
    """Of each region: two sides have the colours of minus and plus, classes each their own."""
    if zones.count == 2 and not zones.classes:
        return [look.low, look.high]
    fills = [look.fill(k) for k in range(zones.count)]
    return [*fills[:-1], look.page] if zones.undecided else fills


def _fill_zones(axes: Axes, plane: Plane, zones: Zones, look: Look) -> None:
    for margin, colour in zip(zones.margins, colours(zones, look), strict=True):
        most = np.nanmax(margin, initial=-1.0)
        if most > 0:
            shown = np.ma.masked_invalid(margin)
            slimmed(axes.contourf(plane.x, plane.y, shown, [0, 2 * most], colors=[colour], zorder=1), plane.area)


def _draw_borders(axes: Axes, plane: Plane, zones: Zones, look: Look) -> None:
    for margin in zones.margins[1:]:
        if np.nanmin(margin, initial=0.0) < 0 < np.nanmax(margin, initial=0.0):
            shown = np.ma.masked_invalid(margin)
            line = axes.contour(plane.x, plane.y, shown, [0], colors=[look.ink], linewidths=1.4, zorder=2)
            slimmed(line, plane.area)


# ---------------------------------------------------------------------------------------------------------------- names


def _write_names(
    plot: Plot, axes: Axes, plane: Plane, zones: Zones, points: Points | None, look: Look, side: float
) -> None:  # fmt: skip
    """Each part of a region is named where it has most room."""
    inch = side / max(zones.places.shape)
    for pole in poles(zones, _covered_by_points(plane, points)):
        label = zones.names[pole.zone]
        size = 2 * pole.room * inch * 72 / (0.55 * max(2, len(label.text)))
        artist = axes.text(plane.x[pole.column], plane.y[pole.row], " ", ha="center", va="center", zorder=6)
        artist.set(
            fontsize=min(SIZE + 2, max(SMALLEST, size)),
            path_effects=[withStroke(linewidth=3, foreground=look.page, alpha=0.8)],
        )
        plot.write(artist, label)


def _covered_by_points(plane: Plane, points: Points | None) -> Array:
    """Where points are, and a name would not be read."""
    x, y = plane.x[None, :], plane.y[:, None]
    covered = np.zeros((len(plane.y), len(plane.x)), bool)
    if points is not None and len(points.x) <= MOST_KEPT_CLEAR:
        share = 1.0 if len(points.x) <= FEW else 0.25
        wide, tall = np.ptp(plane.x) * CLEAR[0] * share, np.ptp(plane.y) * CLEAR[1] * share
        for px, py in zip(points.x, points.y):
            covered |= (abs(x - px) < wide) & (abs(y - py) < tall)
    return covered


# --------------------------------------------------------------------------------------------------------------- points


def _draw_points(axes: Axes, points: Points, look: Look) -> None:
    kinds = points.kinds if points.kinds is not None else np.zeros(len(points.x), int)
    large = 9.0 if len(points.x) <= FEW else 6.0
    for kind in np.unique(kinds):
        mine = kinds == kind
        axes.plot(
            points.x[mine], points.y[mine], markersize=large, **_mark_style(int(kind), points, look), zorder=5, clip_on=False
        )


def _mark_style(kind: int, points: Points, look: Look) -> dict[str, Any]:
    """Of two kinds the first is an empty circle, the second a full one; more have shapes of their own."""
    if len(points.names) > 2:
        face, marker = look.strong(kind), MARKERS[kind % len(MARKERS)]
    else:
        face, marker = look.page if kind == 0 and points.names else look.ink, "o"
    return {"linestyle": "none", "marker": marker, "color": look.ink, "markerfacecolor": face, "markeredgewidth": 1.3}


def _legend_width(panels: Sequence[Panel], points: Points | None) -> float:
    """In inches."""
    names = [
        *(points.names if points is not None and _needs_legend(points) else ()),
        *(HALF for p in panels if _shares_classes(p)),
    ]
    return 0.7 + 0.11 * max(len(name.text) for name in names) if names else 0.0


def _needs_legend(points: Points | None) -> bool:
    return points is not None and 1 < len(points.names) <= MOST_KINDS


def _shares_classes(panel: Panel) -> bool:
    return panel.shares is not None and panel.shares.ndim == 3


def _draw_legend(plot: Plot, panels: Sequence[Panel], points: Points | None, look: Look) -> None:
    marks, labels = [], []
    if points is not None and _needs_legend(points):
        marks = [Line2D([], [], markersize=9, **_mark_style(k, points, look)) for k in range(len(points.names))]
        labels = [*points.names]
    if any(_shares_classes(panel) for panel in panels):
        marks.append(Line2D([], [], color=look.ink, linewidth=2.0))
        labels.append(HALF)
    if marks:
        plot.explain(marks, labels)


# ---------------------------------------------------------------------------------------------------------------- words


def _describe_plot(title: str, plane: Plane, panels: Sequence[Panel], points: Points | None) -> str:
    spans = [f"{n.text} from {a[0]:.4g} to {a[-1]:.4g}" for n, a in zip(plane.names, (plane.x, plane.y))]
    nodes = [f"{panel.name.text} ({_list_present(panel.zones)})" for panel in panels]
    data = f"; {len(points.x)} data points" if points is not None else ""
    what = "Shades" if any(p.shares is not None for p in panels) else "Regions"
    return f"{title}. {what} of {', '.join(nodes)} over {' and '.join(spans)}{data}."


def _list_present(zones: Zones) -> str:
    names = [zones.names[k].text for k in np.unique(zones.places) if k >= 0]
    return ", ".join(names[:24]) + (", …" if len(names) > 24 else "")
