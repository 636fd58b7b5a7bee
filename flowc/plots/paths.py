"""Contours without the points that lie on a straight line between their neighbours: a grid gives thousands of them."""

from __future__ import annotations

import numpy as np
from matplotlib.contour import ContourSet
from matplotlib.path import Path

STRAIGHT = 1e-10  # of the plane: the triangle of three points that are on one line


def slimmed(contours: ContourSet, area: float) -> ContourSet:
    """`area`: of the plane."""
    contours.set_paths([_slim_path(path, STRAIGHT * area) for path in contours.get_paths()])
    return contours


def _slim_path(path: Path, least: float) -> Path:
    points, codes = np.asarray(path.vertices), np.asarray(path.codes)
    if path.codes is None or len(points) < 3:
        return path
    before, after = points[1:-1] - points[:-2], points[2:] - points[1:-1]
    turns = abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > least
    inner = (codes[1:-1] == Path.LINETO) & (codes[2:] == Path.LINETO)
    needed = np.concatenate([[True], turns | ~inner, [True]])
    return Path(points[needed], codes[needed])
