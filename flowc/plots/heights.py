"""Numbers on contours, where they touch neither each other nor what else is drawn."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet

from flowc.drawing.label import number
from flowc.plots.look import SIZE

Array = np.ndarray
EDGE = 0.1  # of the plane, where no number is written
NEAR = 0.05  # of the plane: closer to something, a number is left out


def write_heights(axes: Axes, lines: ContourSet, taken: Array) -> None:
    """Each contour's number, once, where it is furthest from the points that are `taken`, (n, 2), and from the other numbers."""
    corner = np.array([axes.get_xlim()[0], axes.get_ylim()[0]])
    size = np.array([np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())])
    others = [(taken - corner) / size]
    places = []
    for segments in lines.allsegs:
        points = (np.concatenate(segments) - corner) / size if segments else np.empty((0, 2))
        points = points[((points > EDGE) & (points < 1 - EDGE)).all(axis=1)]
        far = _distance_to_nearest(points, np.concatenate(others))
        if far.max(initial=0) > NEAR:
            others.append(points[far.argmax()][None])
            places.append(tuple(others[-1][0] * size + corner))
    if places:
        axes.clabel(lines, fmt=_spell_level, fontsize=SIZE - 4, zorder=4, manual=places)


def _distance_to_nearest(points: Array, others: Array) -> Array:
    """From the nearest of the others."""
    if not len(points) or not len(others):
        return np.ones(len(points))
    distances: Array = abs(points[:, None] - others).max(axis=2).min(axis=1)
    return distances


def _spell_level(level: float) -> str:
    return number(level, 3).text
