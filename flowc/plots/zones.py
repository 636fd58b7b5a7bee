"""Regions of a plane: which one each point of a grid is in, their borders, and where a name has room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from flowc.drawing.label import Label
from flowc.records import Record

Array = np.ndarray
MOST_LEVELS = 8  # values of a node that are regions of their own
SMALL = 0.004  # of the plane: smaller parts of it have no name
UNDECIDED = 0.05  # of the plane, where classes are equal: less is a border
ENOUGH = 4  # points of the grid around a name, that are free
DIGITS = 9  # in which values that are one may differ


class Zones(Record, eq=False):
    """`places` (rows, columns): the region of each point, -1 where there is no value. `margins` (k, rows, columns): in
    region k positive, at its border 0, outside negative. `names`: of the regions. `classes`: they are those of the data.
    `undecided`: the last region is where the largest of several elements are equal."""

    places: Array
    margins: Array
    names: tuple[Label, ...]
    classes: bool = False
    undecided: bool = False

    @property
    def count(self) -> int:
        return len(self.names)


def of_classes(values: Array, scores: Array, names: Sequence[Label]) -> Zones:
    """Of a vector, (rows, columns, k): the largest element. `scores` order the elements as the values do, and smoothly."""
    places = np.where(np.isfinite(values).all(axis=-1), values.argmax(axis=-1), -1)
    equal = (values == values.max(axis=-1, keepdims=True)).sum(axis=-1) > 1
    if equal.mean() > UNDECIDED:
        places = np.where(equal, len(names), places)
        every = (*names, Label("undecided"))
        return Zones(places, _zone_indicators(places, len(every)), every, classes=True, undecided=True)
    smooth = len(names) > 1 and not _few_levels(scores).size
    margins = _lead_of_classes(scores) if smooth else _zone_indicators(places, len(names))
    return Zones(places, margins, tuple(names), classes=True)


def of_sides(
    values: Array, middle: float, names: tuple[Label, Label], ground: Array | None = None, above: bool = False
) -> Zones:
    """Of a number, (rows, columns): below the middle, and from it on; `above`: the middle itself is below.

    `ground`: what is 0 where the value is the middle, if it is smoother than that."""
    high = values > middle if above else values >= middle
    places = np.where(np.isfinite(values), high.astype(int), -1)
    lead = values - middle if ground is None else ground
    margins = _zone_indicators(places, 2) if _few_levels(lead).size else np.stack([-lead, lead])
    return Zones(places, margins, names)


def of_levels(values: Array, label: Label, ground: Array | None = None) -> Zones | None:
    """Of a number that takes few values: those. None where it takes many.

    `ground`: what is negative where the lower of two values is, if it is smooth."""
    levels = _few_levels(values)
    if not levels.size:
        return None
    places = np.where(np.isfinite(values), abs(values[..., None] - levels).argmin(axis=-1), -1)
    names = tuple(_label_equals(label, level) for level in levels.tolist())
    if ground is not None and len(levels) == 2 and not _few_levels(ground).size:
        return Zones(places, np.stack([-ground, ground]), names)
    return Zones(places, _zone_indicators(places, len(levels)), names)


def _few_levels(values: Array) -> Array:
    """The values of an array, if they are few."""
    levels = np.unique(np.round(values[np.isfinite(values)], DIGITS) + 0.0)
    return levels if len(levels) <= MOST_LEVELS else levels[:0]


def _label_equals(label: Label, level: float) -> Label:
    number = f"{level:g}".replace("-", "−")
    latex = None if label.latex is None else f"{label.latex}={level:g}"
    return Label(f"{label.text} = {number}", latex)


def _lead_of_classes(scores: Array) -> Array:
    """For each class how far its score is above the largest of the others."""
    ordered = np.sort(scores, axis=-1)
    first, second = ordered[..., -1:], ordered[..., -2:-1]
    others = np.where(scores == first, second, first)
    return np.moveaxis(scores - others, -1, 0)


def _zone_indicators(places: Array, count: int) -> Array:
    """1 in a region and -1 outside, averaged over neighbours: a border between points is then a line, not stairs."""
    return np.stack([_average_neighbours(np.where(places == k, 1.0, -1.0)) for k in range(count)])


def _average_neighbours(values: Array) -> Array:
    for _ in range(2):
        wide = np.pad(values, 1, mode="edge")
        rows, columns = values.shape
        windows = (wide[i : i + rows, j : j + columns] for i in range(3) for j in range(3))
        values = sum(windows, np.zeros(values.shape)) / 9
    return values


# --------------------------------------------------------------------------------------------------------- where to name


class Pole(Record):
    """The point of a region that is furthest from its border: row, column, and how far that is, in points of the grid."""

    zone: int
    row: int
    column: int
    room: int


def poles(zones: Zones, taken: Array, least: float = SMALL) -> list[Pole]:
    """One for each part of each region that is not very small; away from what is `taken`, where that can be."""
    places = []
    for zone in range(zones.count):
        for part in _connected_parts(zones.places == zone, int(least * zones.places.size) + 1):
            places.append(_find_pole(zone, part, part & ~taken))
    return places


def _connected_parts(mask: Array, least: int) -> Iterator[Array]:
    """The connected parts of a region, largest first is not promised; those with fewer points are left out."""
    rest = mask.copy()
    while rest.any():
        seed = np.zeros_like(rest)
        seed.flat[int(rest.argmax())] = True
        part = _grow_from(seed, rest)
        rest &= ~part
        if part.sum() >= least:
            yield part


def _grow_from(seed: Array, within: Array) -> Array:
    """All that is connected with the seed: along whole rows and columns at a time, until nothing is added."""
    part, before = seed, -1
    while part.sum() != before:
        before = int(part.sum())
        part = _sweep_rows(part, within)
        part = _sweep_rows(part.T, within.T).T
    return part


def _sweep_rows(part: Array, within: Array) -> Array:
    """In each row, every run of `within` that has a point of the part."""
    starts = within & ~np.pad(within, ((0, 0), (1, 0)))[:, :-1]
    runs = np.cumsum(starts, axis=None).reshape(within.shape) * within
    return within & np.isin(runs, np.unique(runs[part & within]))


def _find_pole(zone: int, part: Array, free: Array) -> Pole:
    """Deepest in the part, among the places where a name is free of points, if there are some."""
    rows, columns = (slice(places.min(), places.max() + 1) for places in np.nonzero(part))
    part, free = part[rows, columns], free[rows, columns]
    room = _depth_of(part)
    depth = _depth_of(free) if free.any() else room
    depth = np.where(depth >= min(ENOUGH, depth.max()), room, 0)
    deepest = np.argwhere(depth == depth.max())
    row, column = deepest[((deepest - deepest.mean(axis=0)) ** 2).sum(axis=1).argmin()].tolist()
    return Pole(zone, rows.start + row, columns.start + column, int(room[row, column]))


def _depth_of(mask: Array) -> Array:
    """How often the border is taken away until a point is gone: with four neighbours and with eight in turn, nearly round."""
    depth = np.zeros(mask.shape, int)
    while mask.any():
        depth += mask
        mask = _shrink_mask(mask, corners=bool(depth.max() % 2 == 0))
    return depth


def _shrink_mask(mask: Array, corners: bool) -> Array:
    wide = np.pad(mask, 1)
    rows, columns = mask.shape
    moves = [(i, j) for i in range(3) for j in range(3) if corners or i == 1 or j == 1]
    inner = mask
    for i, j in moves:
        inner = inner & wide[i : i + rows, j : j + columns]
    return inner
