"""From a diagram to places: distances as small as the labels allow, labels hidden only where no distance will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowc.drawing.arrows import Course, courses
from flowc.drawing.diagram import Diagram, Key
from flowc.drawing.labels import NAME, Placed, extents, place, size_of
from flowc.drawing.layout import DIAMETER, Direction, Layout, Link, Spacing, layout

MOST_LABELS = 40  # arrows; with more the labels would be clutter
CLOSE, NEAR, FAR, FARTHEST, STEP = 2.8, 3.2, 4.5, 5.5, 0.26  # distances of columns, in diameters; the last for labels
CROWDED = 90  # arrows; with more they are thin


@dataclass(frozen=True)
class Arranged:
    """A diagram with everything in its place. `bare`: the labels on its arrows are left away, and the legend says so."""

    diagram: Diagram
    layout: Layout
    courses: Mapping[Link, Course]
    placed: Placed
    bare: bool


def arrange(diagram: Diagram, direction: Direction = "right") -> Arranged:
    """Everything in its place. The places do not depend on the numbers of a state, so that states can follow each other."""
    labelled = sum(arrow.label is not None for arrow in diagram.arrows)
    if 0 < labelled and len(diagram.arrows) <= MOST_LABELS:
        found = _widened(diagram, direction, reserve=True) or _widened(diagram, direction, reserve=False)
        if found is not None:
            return found
    silent = replace(diagram, arrows=tuple(replace(arrow, label=None) for arrow in diagram.arrows))
    spacing = _spacing(silent, direction)
    return _arranged(silent, spacing, direction, True, bare=labelled > 0)


def _widened(diagram: Diagram, direction: Direction, reserve: bool) -> Arranged | None:
    """As near as all labels have room; None where they never have."""
    spacing = _spacing(diagram, direction)
    column = _columns(diagram)
    while True:
        found = _arranged(diagram, spacing, direction, reserve, bare=False)
        if not found.placed.hidden:
            return found
        tight = {k for link in found.placed.hidden for k in range(column[link[0]], column[link[1]])}
        wider = tuple(gap + STEP * DIAMETER * (k in tight and gap < FARTHEST * DIAMETER) for k, gap in enumerate(spacing.gaps))
        if wider == spacing.gaps:
            return None
        spacing = replace(spacing, gaps=wider)


def _arranged(diagram: Diagram, spacing: Spacing, direction: Direction, reserve: bool, bare: bool) -> Arranged:
    places = layout(diagram, spacing, direction)
    found = courses(diagram, places)
    return Arranged(diagram, places, found, place(diagram, places, found, reserve), bare)


def _columns(diagram: Diagram) -> dict[Key, int]:
    return {c.key: k for k, items in enumerate(diagram.columns) for c in items if hasattr(c, "key")}


def _spacing(diagram: Diagram, direction: Direction) -> Spacing:
    """The pitch has room for biases and names, the gaps for the steepest arrows."""
    before, after = extents(diagram, direction)
    pitch = max(1.8 * DIAMETER, DIAMETER + before + after + 3)
    counts = [len(items) for items in diagram.columns]
    column = _columns(diagram)
    labelled = Counter(column[a.source] for a in diagram.arrows if a.label is not None)
    gaps = []
    for k in range(len(counts) - 1):
        rise = pitch * (max(counts[k], counts[k + 1]) - 1)
        least = NEAR if labelled[k] else CLOSE
        gaps.append(max(least * DIAMETER, min(0.42 * rise, FAR * DIAMETER)) + _names_ahead(diagram, k))
    return Spacing(pitch, tuple(gaps), (before, after))


def _names_ahead(diagram: Diagram, column: int) -> float:
    """Room for the long names of a column's circles, which may stand ahead of them."""
    widths = [size_of(c.name, NAME)[0] for c in diagram.columns[column] if hasattr(c, "name") and c.name is not None]
    return max(0.0, max(widths, default=0.0) - 0.9 * DIAMETER)
