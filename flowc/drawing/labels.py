"""Where labels stand: names beside circles, biases before them, weights on arrows; none touches anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flowc.drawing.arrows import TIP, Course
from flowc.drawing.diagram import Bias, Circle, Diagram, Key
from flowc.drawing.diagram import Box as Frame
from flowc.drawing.geometry import (
    Box,
    Point,
    along,
    around,
    bounds,
    crosses,
    overlap,
    plus,
    sampled,
    touches_circle,
    union,
)
from flowc.drawing.label import Label
from flowc.drawing.layout import DIAMETER, RADIUS, Layout, Link
from flowc.drawing.lettering import outline

NAME, SYMBOL, WEIGHT, SMALL = 22.0, 19.0, 16.0, 15.0  # sizes of letters
RESERVE = (54.0, 16.0)  # what a number takes, in whatever state of the picture: `−0.0123`
STUB = 16.0  # the length of a bias's arrow
CLEAR = 3.0  # around a label
INSIDE = 1.65 * RADIUS  # the width of what stands in the middle of a circle
FRAME = 12.0  # from circles to the box around them
PLACES = (0.34, 0.3, 0.38, 0.26, 0.42, 0.22, 0.46, 0.18, 0.5, 0.54, 0.58)  # shares of an arrow, the best first
ON_THE_WAY = (0.14, 0.62, 0.66, 0.7, 0.74)  # of an arrow over several columns


@dataclass(frozen=True)
class Placed:
    """The middles of labels. `names`: None where a name found no place beside its circle. `hidden`: arrows whose labels
    found none. `frames`: the boxes of vector functions, by node."""

    names: Mapping[Key, tuple[Label, Point] | None]
    biases: Mapping[Key, tuple[Point, Point]]  # where the arrow begins, and its tip
    weights: Mapping[Link, Point]
    hidden: frozenset[Link]
    frames: Mapping[str, Box]
    boxes: tuple[Box, ...] = field(default=(), repr=False)  # of all labels


def size_of(label: Label | None, size: float) -> tuple[float, float]:
    if label is None:
        return 0.0, 0.0
    drawn = outline(label, size)
    return drawn.width, drawn.height


def fits_inside(label: Label) -> bool:
    width, _ = size_of(label, NAME)
    return width <= INSIDE


def place(diagram: Diagram, layout: Layout, courses: Mapping[Link, Course], reserve: bool = True) -> Placed:
    return _Placing(diagram, layout, courses, reserve).placed()


def frames(diagram: Diagram, layout: Layout) -> dict[str, Box]:
    """The boxes around the circles of a vector function, with room for biases and names."""
    before, after = extents(diagram, layout.direction)
    along, across = (max(before, FRAME) + 4, max(after, FRAME) + 4), FRAME
    names = {c.key: size_of(c.name, NAME) for c in diagram.circles()}
    found = {}
    for box in diagram.boxes:
        left, top, right, bottom = union(around(layout.at[key], DIAMETER, DIAMETER) for key in box.around)
        if layout.direction == "right":
            wide = max(across, max(names[key][0] for key in box.around) / 2 - RADIUS + 6)
            found[box.node] = (left - wide, top - along[0], right + wide, bottom + along[1])
        else:
            found[box.node] = (left - along[0], top - across, right + along[1], bottom + across)
    return found


def title_of(box: Frame, frame: Box, layout: Layout) -> tuple[Point, Box]:
    """The middle of a frame's title, above it or beside it, and its box."""
    width, height = size_of(box.title, WEIGHT)
    if layout.direction == "right":
        middle = (frame[0] + frame[2]) / 2, frame[1] - 6 - height / 2
    else:
        middle = frame[2] + 6 + width / 2, (frame[1] + frame[3]) / 2
    return middle, around(middle, width, height)


def bias_label(layout: Layout, start: Point, label: Label) -> Point:
    """The middle of a bias's label, behind its arrow."""
    width, height = size_of(label, WEIGHT)
    return plus(start, layout.side, -(CLEAR + (height if layout.direction == "right" else width) / 2))


def extents(diagram: Diagram, direction: str = "right") -> tuple[float, float]:
    """What biases take before a circle, along its column, and names after it."""
    place = 1 if direction == "right" else 0
    biases = [max(size_of(b.label, WEIGHT)[place], RESERVE[place]) for b in diagram.biases]
    names = [size_of(c.name or c.inside, NAME)[place] for c in diagram.circles() if c.name or _outside(c)]
    before = STUB + TIP + CLEAR + max(biases) if biases else 0.0
    return before, CLEAR + 4 + max(names) if names else 0.0


def _outside(circle: Circle) -> bool:
    return circle.inside is not None and not fits_inside(circle.inside)


class _Placing:
    def __init__(self, diagram: Diagram, layout: Layout, courses: Mapping[Link, Course], reserve: bool):
        self.diagram, self.layout, self.reserve = diagram, layout, reserve
        self.lines = {link: sampled(course.curve) for link, course in courses.items()}
        self.spans = {link: bounds(line) for link, line in self.lines.items()}
        self.centers = [*layout.at.values(), *(point for point, _ in layout.dots)]
        self.frames = frames(diagram, layout)
        self.taken = [title_of(box, self.frames[box.node], layout)[1] for box in diagram.boxes]

    def placed(self) -> Placed:
        biases = {bias.target: self._bias(bias) for bias in self.diagram.biases}
        names = {c.key: self._name(c) for c in self.diagram.circles() if c.name is not None or _outside(c)}
        weights, hidden = self._weights()
        return Placed(names, biases, weights, hidden, self.frames, tuple(self.taken))

    # -------------------------------------------------------------------------------------------------- names and biases

    def _bias(self, bias: Bias) -> tuple[Point, Point]:
        """An arrow of its own, from before the circle."""
        center, side = self.layout.at[bias.target], self.layout.side
        tip = plus(center, side, -(RADIUS + TIP))
        start = plus(tip, side, -STUB)
        width, height = self._sized(bias.label)
        extent = height if self.layout.direction == "right" else width
        room = around(plus(start, side, -(CLEAR + extent / 2)), width, height)
        self.taken += [room, union([around(start, 8, 8), around(tip, 8, 8)])]
        return start, tip

    def _sized(self, label: Label | None, size: float = WEIGHT) -> tuple[float, float]:
        width, height = size_of(label, size)
        return (max(width, RESERVE[0]), max(height, RESERVE[1])) if self.reserve else (width, height)

    def _name(self, circle: Circle) -> tuple[Label, Point] | None:
        for label in (circle.name or circle.inside, circle.short):
            if label is not None:
                width, height = size_of(label, NAME)
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
        frame = self.frames.get(circle.key[0])
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
        for arrow in self.diagram.arrows:
            if arrow.label is not None:
                link = (arrow.source, arrow.target)
                width, height = self._sized(arrow.label)
                options[link] = [
                    (p, box) for p in self._candidates(link) if not self._hits(box := around(p, width, height, CLEAR), link)
                ]
        found: dict[Link, Point] = {}
        hidden = set()
        for link in sorted(options, key=lambda one: len(options[one])):
            free = next(((p, box) for p, box in options[link] if not any(overlap(box, b) for b in self.taken)), None)
            if free is None:
                hidden.add(link)
                continue
            found[link] = free[0]
            self.taken.append(free[1])
        return found, frozenset(hidden)

    def _candidates(self, link: Link) -> list[Point]:
        places = (*PLACES, *ON_THE_WAY) if link in self.layout.ways else PLACES
        return [along(self.lines[link], share) for share in places]

    def _hits(self, box: Box, own: Link | None) -> bool:
        """Whether a box touches a circle, an arrow that is not its own, the border of a frame, or a label."""
        return (
            any(touches_circle(box, center, RADIUS + 1) for center in self.centers)
            or any(overlap(box, self.spans[k]) and crosses(line, box) for k, line in self.lines.items() if k != own)
            or any(overlap(box, b) for b in self.taken)
            or any(overlap(box, frame) and not _within(box, frame) for frame in self.frames.values())
        )


def _within(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
