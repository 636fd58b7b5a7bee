"""Shades of what a node says of each point of a plane: of a number, or of the shares of classes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.contour import ContourSet
from matplotlib.ticker import MaxNLocator

from flowc.drawing.themes import BLUE, mix
from flowc.plots.heights import write_heights
from flowc.plots.look import ORANGE, Look

Array = np.ndarray
STRONG = 0.6  # of a colour, where a node is certain
SHARES = (0.1, 0.5, 0.9)  # whose lines are drawn


def shade(axes: Axes, x: Array, y: Array, shares: Array, middle: float, taken: Array, look: Look) -> None:
    """`taken`: points, (n, 2), that numbers keep away from."""
    extent = (x[0], x[-1], y[0], y[-1])
    shown = _of_classes(shares, look) if shares.ndim == 3 else _of_number(shares, middle, look)
    axes.imshow(shown, extent=extent, origin="lower", aspect="auto", interpolation="bilinear", zorder=1)
    if shares.ndim == 3:
        for one in np.moveaxis(shares, -1, 0):
            _draw_contours(axes, x, y, one, [0.5], 0.5, look)
    elif lines := _draw_contours(axes, x, y, shares, _contour_levels(shares, middle), middle, look):
        write_heights(axes, lines, taken)


def _of_number(values: Array, middle: float, look: Look) -> Array:
    """Orange below the middle, blue above, the page's colour at it."""
    far = np.nanmax(abs(values - middle), initial=1e-12)
    share = np.nan_to_num((values - middle) / far)[..., None]
    low, page, high = (np.array(to_rgb(c)) for c in _end_colours(look))
    shades: Array = page + np.maximum(share, 0) * (high - page) + np.maximum(-share, 0) * (low - page)
    return shades


def _end_colours(look: Look) -> tuple[str, str, str]:
    if look.theme == "print":
        return look.page, mix(look.ink, look.page, 0.2), mix(look.ink, look.page, 0.4)
    return mix(ORANGE, look.page, STRONG), look.page, mix(BLUE, look.page, STRONG)


def _of_classes(shares: Array, look: Look) -> Array:
    """The colours of the classes, mixed in their shares."""
    every = np.array([to_rgb(look.fill(k)) for k in range(shares.shape[-1])])
    shades: Array = np.nan_to_num(shares) @ every
    return shades.clip(0, 1)


def _contour_levels(values: Array, middle: float) -> list[float]:
    low, high = np.nanmin(values, initial=np.inf), np.nanmax(values, initial=-np.inf)
    if middle == 0.5 and low >= 0 and high <= 1:
        return [*SHARES]
    return sorted({middle, *(float(level) for level in MaxNLocator(5).tick_values(low, high))})


def _draw_contours(
    axes: Axes, x: Array, y: Array, values: Array, levels: list[float], middle: float, look: Look
) -> ContourSet | None:
    low, high = np.nanmin(values, initial=np.inf), np.nanmax(values, initial=-np.inf)
    inside = [level for level in levels if low < level < high]
    if not inside:
        return None
    widths = [2.0 if level == middle else 0.8 for level in inside]
    shown = np.ma.masked_invalid(values)
    return axes.contour(x, y, shown, inside, colors=[look.ink], linewidths=widths, linestyles="solid", zorder=2)
