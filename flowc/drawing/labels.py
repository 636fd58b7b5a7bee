"""Where labels stand: names beside circles, biases before them, weights on arrows; none touches anything else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from flowc.drawing.arrows import HEAD, TIP, Course
from flowc.drawing.diagram import Bias, Circle, Diagram, Key
from flowc.drawing.diagram import Box as Frame
from flowc.drawing.extents import CLEAR, FRAME, STUB, frames, standing_outside
from flowc.drawing.geometry import (
    Box,
    Point,
    along,
    around,
    bounds,
    crosses,
    overlap,
    overlaps_any,
    plus,
    sampled,
    touches_any_circle,
    towards,
    union,
)
from flowc.drawing.label import Label
from flowc.drawing.layout import RADIUS, Layout, Link
from flowc.drawing.lettering import size_of
from flowc.drawing.rooms import Rooms
from flowc.records import Record

PLACES = (0.34, 0.3, 0.38, 0.26, 0.42, 0.22, 0.46, 0.18, 0.5, 0.54, 0.58)  # shares of an arrow, the best first
ON_THE_WAY = (0.14, 0.62, 0.66, 0.7, 0.74)  # of an arrow over several columns, and of all where labels find no other place


class PlacedBias(Record):
    """The arrow from `start` to `tip`; labels stand with the middle of one side at `edge`, and grow `away` from it.
    `free`: there is nothing else."""

    start: Point
    tip: Point
    edge: Point
    away: Point
    free: bool = True

    def middle(self, size: tuple[float, float]) -> Point:
        """Of what is so wide and high."""
        width, height = size
        return plus(self.edge, self.away, (abs(self.away[0]) * width + abs(self.away[1]) * height) / 2)


@dataclass(frozen=True)
class Placed:
    """The middles of labels. `names`: None where a name found no place beside its circle. `hidden`: arrows whose labels
    found none. `frames`: the boxes of vector functions, by node."""

    names: Mapping[Key, tuple[Label, Point] | None]
    biases: Mapping[Key, PlacedBias]
    weights: Mapping[Link, Point]
    hidden: frozenset[Link]
    frames: Mapping[str, Box]
    titles: Mapping[str, Point]
    lost: frozenset[Key] = frozenset()  # circles whose name or caption found no place
    boxes: tuple[Box, ...] = field(default=(), repr=False)  # of all labels


def place(diagram: Diagram, layout: Layout, courses: Mapping[Link, Course], rooms: Rooms, anywhere: bool = False) -> Placed:
    """`anywhere`: labels may stand nearer to an arrow's head than is good to read."""
    return _Placing(diagram, layout, courses, rooms, anywhere).placed()


class _Placing:
    def __init__(self, diagram: Diagram, layout: Layout, courses: Mapping[Link, Course], rooms: Rooms, anywhere: bool):
        self.diagram, self.layout, self.rooms, self.anywhere = diagram, layout, rooms, anywhere
        self.lines = {link: sampled(course.curve) for link, course in courses.items()}
        self.spans = {link: bounds(line) for link, line in self.lines.items()}
        self.rising = {link: _rising([x for x, _ in line]) for link, line in self.lines.items()}
        self.centers = [*layout.at.values(), *(point for point, _ in layout.dots)]
        self.frames = frames(diagram, layout, rooms)
        self.framed = [box.node for box in diagram.boxes if box.framed]
        self.taken: list[Box] = []
        self.covering: set[Key] = set()  # circles whose caption found no place

    def placed(self) -> Placed:
        titles = {box.node: self._title(box) for box in self.diagram.boxes}
        biases = {bias.target: self._bias(bias) for bias in self.diagram.biases}
        outside = standing_outside(self.diagram)
        names = {c.key: self._name(c) for c in self.diagram.circles() if c.name is not None or c.key in outside}
        weights, hidden = self._weights()
        lost = self.covering | {key for key, name in names.items() if name is None}
        return Placed(names, biases, weights, hidden, self.frames, titles, frozenset(lost), tuple(self.taken))

    # -------------------------------------------------------------------------------------------------- names and biases

    def _title(self, box: Frame) -> Point:
        """Above a frame, where nothing runs; or below it; beside it, where diagrams grow upwards."""
        width, height = size_of(box.title, self.diagram.density.title)
        left, top, right, bottom = self.frames[box.node]
        across, along = (left + right) / 2, (top + bottom) / 2
        level = [(across, top - 6 - height / 2), (left + width / 2, top - 6 - height / 2), (across, bottom + 6 + height / 2)]
        beside = [(right + 6 + width / 2, y) for y in (along, top + height / 2, bottom - height / 2)]
        places = level if self.layout.direction == "right" else [*beside, (left - 6 - width / 2, along), *level]
        middle = next((p for p in places if not self._hits(around(p, width, height, 1.0), None)), None)
        if middle is None:
            self.covering |= {*box.around[:1]}
            middle = places[0]
        self.taken.append(around(middle, width, height))
        return middle

    def _bias(self, bias: Bias) -> PlacedBias:
        """An arrow of its own, from before the circle; its label before it, or at its side."""
        center, side, forward = self.layout.at[bias.target], self.layout.side, self.layout.forward
        tip = plus(center, side, -(RADIUS + TIP))
        start = plus(tip, side, -STUB)
        candidates = [PlacedBias(start, tip, plus(start, side, -CLEAR), (-side[0], -side[1]))]
        for way in (1.0, -1.0):
            edge = plus(plus(start, side, -4.0), forward, way * 8)
            candidates.append(PlacedBias(start, tip, edge, (way * forward[0], way * forward[1])))
        rooms = [self._room(place, bias) for place in candidates]
        best = next((k for k, room in enumerate(rooms) if not self._hits(room, None)), None)
        self.taken.append(union([around(start, 8, 8), around(tip, 8, 8)]))
        if best is None:
            return replace(candidates[0], free=False)
        self.taken.append(rooms[best])
        return candidates[best]

    def _room(self, place: PlacedBias, bias: Bias) -> Box:
        """What the labels of all states take there."""
        width, height = self.rooms.biases[bias.target]
        reach = abs(place.away[0]) * width + abs(place.away[1]) * height
        return around(plus(place.edge, place.away, reach / 2), width, height)

    def _name(self, circle: Circle) -> tuple[Label, Point] | None:
        for label in (circle.name or circle.inside, circle.short):
            if label is not None:
                width, height = size_of(label, self.diagram.density.name)
                for middle in self._beside(circle, width, height):
                    box = around(middle, width, height, 1.0)
                    if not self._hits(box, None):
                        self.taken.append(box)
                        return label, middle
        return None

    def _beside(self, circle: Circle, width: float, height: float) -> Iterator[Point]:
        """Places for a name: after the circle; ahead of it where nothing leads on; before it; aslant."""
        center, side, forward = self.layout.at[circle.key], self.layout.side, self.layout.forward
        right = self.layout.direction == "right"
        extent, depth = (height, width) if right else (width, height)
        off = RADIUS + CLEAR + 4
        leads_on = any(link[0] == circle.key for link in self.lines)
        frame = self.frames[circle.key[0]] if circle.key[0] in self.framed else None
        if circle.role == "input" and not any(link[1] == circle.key for link in self.lines):
            yield plus(center, forward, -(off + depth / 2 + 2))
        if not leads_on and (frame is not None or circle.role in ("output", "loss")):
            edge = FRAME if frame is not None else 0.0
            yield plus(center, forward, off + edge + depth / 2 + 2)
        yield plus(center, side, off + extent / 2)
        for ahead in (0.5, -0.5, 0.9, -0.9):
            yield plus(plus(center, side, off + extent / 2 - 4 * abs(ahead)), forward, ahead * (depth / 2 + 10))
        yield plus(center, side, -(off + extent / 2))

    # -------------------------------------------------------------------------------------------------- weights on arrows

    def _weights(self) -> tuple[dict[Link, Point], frozenset[Link]]:
        """The arrows with the fewest places choose first."""
        options = {}
        for link, (width, height) in self.rooms.arrows.items():
            boxes = [(p, around(p, width, height, CLEAR)) for p in self._candidates(link)]
            ends = self._ends(link)
            options[link] = [(p, box) for p, box in boxes if not overlaps_any(box, ends) and not self._hits(box, link)]
        chosen: dict[Link, Point] = {}
        hidden = set()
        for link in sorted(options, key=lambda one: len(options[one])):
            free = next(((p, box) for p, box in options[link] if not overlaps_any(box, self.taken)), None)
            if free is None:
                hidden.add(link)
                continue
            chosen[link] = free[0]
            self.taken.append(free[1])
        return chosen, frozenset(hidden)

    def _candidates(self, link: Link) -> list[Point]:
        places = (*PLACES, *ON_THE_WAY) if self.anywhere or link in self.layout.ways else PLACES
        return along(self.lines[link], places)

    def _ends(self, link: Link) -> list[Box]:
        """Where the head of an arrow is, and where it is when the gradient runs back."""
        line = self.lines[link]
        pairs = ((line[0], line[1]), (line[-1], line[-2]))
        return [around(plus(a, towards(a, b), HEAD / 2), HEAD, HEAD) for a, b in pairs]

    def _hits(self, box: Box, own: Link | None) -> bool:
        """Whether a box touches a circle, an arrow that is not its own, the border of a frame, or a label."""
        return (
            touches_any_circle(box, self.centers, RADIUS + 1)
            or overlaps_any(box, self.taken)
            or any(crosses(self._part_near(k, box), box) for k in self._arrows_near(box) if k != own)
            or any(overlap(box, self.frames[name]) and not _is_within(box, self.frames[name]) for name in self.framed)
        )

    def _arrows_near(self, box: Box) -> list[Link]:
        left, top, right, bottom = box
        return [k for k, (l, t, r, b) in self.spans.items() if left <= r and l <= right and top <= b and t <= bottom]

    def _part_near(self, link: Link, box: Box) -> Sequence[Point]:
        """Of an arrow that leads to the right, what is above or below the box; of others, all."""
        line, xs = self.lines[link], self.rising[link]
        return line[max(bisect_left(xs, box[0]) - 1, 0) : bisect_right(xs, box[2]) + 1] if xs else line


def _rising(xs: list[float]) -> list[float]:
    """Numbers none of which is smaller than the one before; nothing of others."""
    return xs if all(a <= b for a, b in pairwise(xs)) else []


def _is_within(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
