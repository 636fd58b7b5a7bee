"""Where circles go: columns of one pitch, each centred on the axis; arrows that would run through a circle go round it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from flowc.drawing.diagram import Arrow, Circle, Diagram, Dots, Key
from flowc.drawing.geometry import Point, bounds, crosses, nearest, plus, widened
from flowc.records import Record

Direction = Literal["right", "up"]
Link = tuple[Key, Key]
RADIUS = 36.0
DIAMETER = 2 * RADIUS
ROOM = 12.0  # between an arrow and a circle that is not its own
SHIFTS = (0.5, -0.5, 0.75, -0.75, 1.0, -1.0)  # of a column that stands in the way, in distances of its circles
CROSSING = 2  # what a crossing is worse than an arrow that goes round a circle
MOST_STRAIGHTENED = 8  # arrows over several columns, for which columns move
SLOT = 30.0  # what an arrow on its way takes of a column
FORWARD: Mapping[Direction, Point] = {"right": (1.0, 0.0), "up": (0.0, -1.0)}
SIDE: Mapping[Direction, Point] = {"right": (0.0, 1.0), "up": (1.0, 0.0)}  # along a column


class Spacing(Record):
    """Distances of centres: `pitch` within a column, `gaps` between the columns. `around`: what biases take before a circle,
    and names after it; `title`: the same of a box's title and border."""

    pitch: float
    gaps: tuple[float, ...]
    around: tuple[float, float] = (0.0, 0.0)
    title: tuple[float, float] = (0.0, 0.0)


class Layout(Record):
    """`at`: the centres of circles; `dots`: those of dots; `ways`: the places that an arrow passes on its way."""

    direction: Direction
    spacing: Spacing
    at: Mapping[Key, Point]
    dots: tuple[tuple[Point, Dots], ...]
    ways: Mapping[Link, tuple[Point, ...]]

    @property
    def forward(self) -> Point:
        return FORWARD[self.direction]

    @property
    def side(self) -> Point:
        return SIDE[self.direction]


class _Slot(Record):
    link: Link
    height: float


_Item = Circle | Dots | _Slot


def layout(diagram: Diagram, spacing: Spacing, direction: Direction = "right") -> Layout:
    """The places of everything. Columns keep the diagram's order; arrows over columns go straight where nothing is in the way."""
    plain: list[list[_Item]] = [list(column) for column in diagram.columns]
    boxes = tuple((box.around[0], box.around[-1]) for box in diagram.boxes)
    level = _levels_of_losses(diagram, plain, spacing, boxes)
    column = {c.key: k for k, items in enumerate(diagram.columns) for c in items if isinstance(c, Circle)}
    long = [a for a in diagram.arrows if column[a.target] - column[a.source] > 1]

    def placing(levels: Mapping[int, float]) -> Layout:
        return _place_columns(plain, spacing, direction, boxes, levels)

    def count_blocked(placed: Layout) -> int:
        return sum(_is_blocked(arrow, column, placed) for arrow in long)

    if 0 < len(long) <= MOST_STRAIGHTENED and count_blocked(placing(level)):
        cost = lambda levels: count_blocked(there := placing(levels)) + CROSSING * _count_crossings(diagram.arrows, there)
        level = _levels_out_of_the_way(plain, level, spacing.pitch, cost)
    straight = placed = placing(level)
    bent: list[Arrow] = []
    while blocked := [a for a in long if a not in bent and _is_blocked(a, column, placed)]:
        bent = [a for a in long if a in bent or a in blocked]
        placed = _place_columns(_with_slots(plain, bent, column, straight, boxes), spacing, direction, boxes, level)
    return placed


def _levels_out_of_the_way(
    columns: Sequence[Sequence[_Item]], levels: Mapping[int, float], pitch: float, cost: Callable[[Mapping[int, float]], int]
) -> dict[int, float]:
    """The columns of one circle between the first and the last moved along, where that lets long arrows go straight; those of
    losses stay."""
    best, least = dict(levels), cost(levels)
    for k in range(1, len(columns) - 1):
        if len(columns[k]) == 1 and k not in levels:
            shifted = [{**best, k: shift * pitch} for shift in SHIFTS]
            costs = [cost(choice) for choice in shifted]
            if min(costs) < least:
                least = min(costs)
                best = shifted[costs.index(least)]
    return best


def _count_crossings(arrows: Sequence[Arrow], placed: Layout) -> int:
    """The pairs of straight lines that cross, ends apart."""
    lines = [(a.source, a.target) for a in arrows]
    pairs = itertools.combinations(dict.fromkeys(lines), 2)
    return sum(not {*one} & {*other} and _segments_cross(*(placed.at[key] for key in (*one, *other))) for one, other in pairs)


def _segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> bool:
        return (q[0] - p[0]) * (r[1] - p[1]) > (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


def _levels_of_losses(
    diagram: Diagram, columns: Sequence[Sequence[_Item]], spacing: Spacing, boxes: Sequence[tuple[Key, Key]]
) -> dict[int, float]:
    """How far along, from the middle, each column of losses stands: between what it compares, outputs and targets."""
    offsets: dict[Key, float] = {}
    levels: dict[int, float] = {}
    for k, items in enumerate(columns):
        circles = [item for item in items if isinstance(item, Circle)]
        if circles and all(circle.role == "loss" for circle in circles):
            keys = {circle.key for circle in circles}
            sources = dict.fromkeys(a.source for a in diagram.arrows if a.target in keys and a.source in offsets)
            levels[k] = sum(offsets[s] for s in sources) / max(len(sources), 1)
        for item, offset in zip(items, _offsets_along_column(items, spacing, boxes)):
            if isinstance(item, Circle):
                offsets[item.key] = offset + levels.get(k, 0.0)
    return levels


def _place_columns(
    columns: Sequence[Sequence[_Item]], spacing: Spacing, direction: Direction, boxes: Sequence[tuple[Key, Key]],
    levels: Mapping[int, float],
) -> Layout:  # fmt: skip
    forward, side = FORWARD[direction], SIDE[direction]
    at: dict[Key, Point] = {}
    dots: list[tuple[Point, Dots]] = []
    ways: dict[Link, tuple[Point, ...]] = {}
    for k, items in enumerate(columns):
        start = sum(spacing.gaps[:k])
        for item, offset in zip(items, _offsets_along_column(items, spacing, boxes)):
            point = plus((forward[0] * start, forward[1] * start), side, offset + levels.get(k, 0.0))
            if isinstance(item, Circle):
                at[item.key] = point
            elif isinstance(item, Dots):
                dots.append((point, item))
            else:
                ways[item.link] = (*ways.get(item.link, ()), point)
    return Layout(direction, spacing, at, tuple(dots), ways)


def _offsets_along_column(items: Sequence[_Item], spacing: Spacing, boxes: Sequence[tuple[Key, Key]]) -> list[float]:
    """Places along a column, from its middle; targets hang below it, so that the net stays where it is without them.
    `boxes`: the first and the last circle of each."""
    first, last = {a for a, _ in boxes}, {b for _, b in boxes}
    aside = (spacing.around[0] - spacing.around[1]) / 2  # a circle's share of room is as much before as behind it
    places, sizes, end = [], [], 0.0
    for item in items:
        key = item.key if isinstance(item, Circle) else None
        size = spacing.pitch if key else 0.75 * spacing.pitch if isinstance(item, Dots) else SLOT
        before, after = spacing.title[0] * (key in first), spacing.title[1] * (key in last)
        places.append(end + before + size / 2 + (aside if key else 0.0))
        sizes.append(before + size + after)
        end += sizes[-1]
    hanging = sum(size for size, item in zip(sizes, items) if isinstance(item, Circle) and item.role == "target")
    middle = (end - hanging) / 2 if hanging < end else end / 2
    return [place - middle - aside for place in places]


def _is_blocked(arrow: Arrow, column: Mapping[Key, int], found: Layout) -> bool:
    """Whether the straight way comes too near to a circle, or to what stands before and after it."""
    line = (found.at[arrow.source], found.at[arrow.target])
    between = range(column[arrow.source] + 1, column[arrow.target])
    circles = [point for key, point in found.at.items() if column[key] in between]
    dots = [point for point, item in found.dots if item.column in between]
    before, after = found.spacing.around
    zones = ((plus(p, found.side, -RADIUS - before), plus(p, found.side, RADIUS + after)) for p in circles)
    return any(nearest(line, p) < RADIUS + ROOM for p in [*circles, *dots]) or any(
        crosses(line, widened(bounds(zone), ROOM)) for zone in zones
    )


def _with_slots(
    columns: list[list[_Item]], blocked: Sequence[Arrow], column: Mapping[Key, int], straight: Layout,
    boxes: Sequence[tuple[Key, Key]],
) -> list[list[_Item]]:  # fmt: skip
    """The columns with a slot for every arrow that passes, where it goes round the least."""
    widened = [list(items) for items in columns]
    places = [_offsets_along_column(items, straight.spacing, boxes) for items in columns]
    side = straight.side
    for arrow in blocked:
        a, b = (straight.at[key][0] * side[0] + straight.at[key][1] * side[1] for key in (arrow.source, arrow.target))
        first, last = column[arrow.source], column[arrow.target]
        for k in range(first + 1, last):
            height = a + (b - a) * (k - first) / (last - first)
            _insert_slot(widened[k], columns[k], places[k], _Slot((arrow.source, arrow.target), height))
    return widened


def _insert_slot(items: list[_Item], plain: Sequence[_Item], places: Sequence[float], slot: _Slot) -> None:
    """Between the circles whose gap is nearest to where the slot wants to be; among slots of one gap in that order."""
    gaps = [places[0] - SLOT, *((p + q) / 2 for p, q in itertools.pairwise(places)), places[-1] + SLOT] if places else [0.0]
    gap = min(range(len(gaps)), key=lambda k: (abs(gaps[k] - slot.height), k))
    at = items.index(plain[gap]) if gap < len(plain) else len(items)
    while at > 0 and isinstance(before := items[at - 1], _Slot) and before.height > slot.height:
        at -= 1
    items.insert(at, slot)
