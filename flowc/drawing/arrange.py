"""From a diagram to places: distances as small as the labels allow, labels hidden only where no distance will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from flowc.drawing.arrows import Course, courses
from flowc.drawing.diagram import Circle, Diagram, Key
from flowc.drawing.extents import extents, titles
from flowc.drawing.labels import Placed, place
from flowc.drawing.layout import DIAMETER, Direction, Layout, Link, Spacing, layout
from flowc.drawing.lettering import size_of
from flowc.drawing.rooms import Rooms, rooms
from flowc.drawing.state import STRUCTURE, State
from flowc.records import Record

WIDEST = 3.2  # distance of circles in a column, in diameters, where that is a row
MOST_LABELS = 40  # arrows; with more the labels would be clutter
FAR, FARTHEST, STEP = 4.5, 7.4, 0.26  # distances of columns, in diameters; beyond the first only for labels
PATIENCE = 6  # wider columns that bring no label more
CROWDED = 90  # arrows; with more they are thin


class Arranged(Record):
    """A diagram with everything in its place. `bare`: the labels on its arrows are left away, and the legend says so."""

    diagram: Diagram
    layout: Layout
    courses: Mapping[Link, Course]
    placed: Placed
    bare: bool


def arrange(
    diagram: Diagram, direction: Direction = "right", states: Sequence[State] = (STRUCTURE,), shorter: Diagram | None = None
) -> Arranged:
    """Everything in its place, the same for all `states`, so that they can follow each other. `shorter`: the diagram with
    shorter labels, for where those of `diagram` have no room."""
    labelled = any(arrow.label is not None for arrow in diagram.arrows)
    if labelled and len(diagram.arrows) <= MOST_LABELS:
        for anywhere, choice in product((False, True), filter(None, (diagram, shorter))):
            arranged = _widen_until_free(choice, direction, states, bare=False, anywhere=anywhere)
            if not arranged.placed.hidden:
                return arranged
    silent = replace(diagram, arrows=tuple(replace(arrow, label=None) for arrow in diagram.arrows))
    return _widen_until_free(silent, direction, states, bare=labelled)


def _widen_until_free(diagram: Diagram, direction: Direction, states: Sequence[State], bare: bool, anywhere: bool = False) -> Arranged:
    """As near as all labels have room; where they never have, as far as columns go."""
    room = rooms(diagram, states)
    spacing = _initial_spacing(diagram, direction, room)
    column = _column_of_circles(diagram)
    fewest, vain = len(diagram.arrows) + 1, 0
    while True:
        arranged = _arrange_with_spacing(diagram, spacing, direction, room, bare, anywhere)
        hidden = len(arranged.placed.hidden)
        vain = 0 if hidden < fewest else vain + 1
        fewest = min(fewest, hidden)
        if vain > PATIENCE:
            return arranged
        tight = _tight_gaps(arranged.placed, column)
        wider = tuple(gap + STEP * DIAMETER * (k in tight and gap < FARTHEST * DIAMETER) for k, gap in enumerate(spacing.gaps))
        pitch = spacing.pitch
        if tight and direction == "up" and pitch < WIDEST * DIAMETER:  # numbers lie across the arrows
            pitch += STEP * DIAMETER
        if (wider, pitch) == (spacing.gaps, spacing.pitch):
            return arranged
        spacing = replace(spacing, gaps=wider, pitch=pitch)


def _tight_gaps(placed: Placed, column: Mapping[Key, int]) -> set[int]:
    """The gaps that are too narrow for the labels on arrows, or for biases, names and captions."""
    gaps = {k for link in placed.hidden for k in range(column[link[0]], column[link[1]])}
    crossed = [column[key] for key, bias in placed.biases.items() if not bias.free] + [column[key] for key in placed.lost]
    return gaps | {k for place in crossed for k in (place - 1, place)}


def _arrange_with_spacing(
    diagram: Diagram, spacing: Spacing, direction: Direction, room: Rooms, bare: bool, anywhere: bool
) -> Arranged:  # fmt: skip
    places = layout(diagram, spacing, direction)
    curves = courses(diagram, places)
    return Arranged(diagram, places, curves, place(diagram, places, curves, room, anywhere), bare)


def _column_of_circles(diagram: Diagram) -> dict[Key, int]:
    return {c.key: k for k, items in enumerate(diagram.columns) for c in items if isinstance(c, Circle)}


def _initial_spacing(diagram: Diagram, direction: Direction, room: Rooms) -> Spacing:
    """The pitch has room for biases and names, the gaps for the steepest arrows."""
    before, after = extents(diagram, room, direction)
    density = diagram.density
    pitch = max(density.pitch * DIAMETER, DIAMETER + before + after + 3)
    counts = [len(items) for items in diagram.columns]
    column = _column_of_circles(diagram)
    labelled = Counter(column[a.source] for a in diagram.arrows if a.label is not None)
    gaps = []
    for k in range(len(counts) - 1):
        rise = pitch * (max(counts[k], counts[k + 1]) - 1)
        least = density.near if labelled[k] else density.close
        gaps.append(max(least * DIAMETER, min(density.rise * rise, FAR * DIAMETER)) + _names_ahead(diagram, k))
    return Spacing(pitch, tuple(gaps), (before, after), titles(diagram, direction))


def _names_ahead(diagram: Diagram, column: int) -> float:
    """Room for the long names of a column's circles, which may stand ahead of them."""
    widths = [size_of(c.name, diagram.density.name)[0] for c in diagram.columns[column] if isinstance(c, Circle) and c.name is not None]
    return max(0.0, max(widths, default=0.0) - 0.9 * DIAMETER)
