"""From places to a picture: the marks of every arrow, circle and label, in the order that they are painted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from flowc.drawing.alt import labelled
from flowc.drawing.arrange import CROWDED, Arranged
from flowc.drawing.arrows import backwards, bar, head
from flowc.drawing.diagram import Arrow, Bias, Circle, Key
from flowc.drawing.geometry import Box, Point, around, bounds, plus, sampled, union
from flowc.drawing.identifiers import told_apart
from flowc.drawing.inside import columns_of_plain_excitations, marks_inside
from flowc.drawing.layout import RADIUS
from flowc.drawing.legend import explained, legend
from flowc.drawing.lettered import lettered, stacked
from flowc.drawing.lettering import outline
from flowc.drawing.picture import Disk, Group, Lettering, Mark, Panel, Picture, Stroke, Wedge
from flowc.drawing.rooms import size_of_lines
from flowc.drawing.shift import moved
from flowc.drawing.state import STRUCTURE, State

MARGIN = 14.0
OUTLINES = {"output": 3.5}  # widths


@dataclass(frozen=True, slots=True)
class Text:
    """What is said of a picture, and the lines of its legend; None: those that it needs."""

    alt: str = ""
    description: str = ""
    legend: bool | None = None


def compose(arranged: Arranged, state: State = STRUCTURE, text: Text = Text(), name: str = "") -> Picture:
    """The picture, its upper left corner at (0, 0)."""
    composer = _Composer(arranged, state)
    groups = [*composer.groups()]
    box = composer.bounds()
    if lines := explained(arranged, state, text.legend):
        group, box = legend(lines, box, arranged.diagram.density)
        groups.append(group)
    left, top = box[0] - MARGIN, box[1] - MARGIN
    marks = tuple(moved(group, (-left, -top)) for group in told_apart(groups))
    size = float(ceil(box[2] + MARGIN - left)), float(ceil(box[3] + MARGIN - top))
    warnings = (*composer.warnings(), *_foreign_labels(marks))
    return Picture(name or arranged.diagram.name, size, marks, text.alt, text.description, warnings)


class _Composer:
    def __init__(self, arranged: Arranged, state: State):
        self.diagram, self.layout, self.placed = arranged.diagram, arranged.layout, arranged.placed
        self.courses, self.bare, self.state = arranged.courses, arranged.bare, state
        self.plain = columns_of_plain_excitations(arranged.diagram)
        self.crowded = len(self.diagram.arrows) > CROWDED

    def groups(self) -> Iterator[Group]:
        for box in (box for box in self.diagram.boxes if box.framed):
            frame = self.placed.frames[box.node]
            yield Group("frame", box.node, f"{box.title.text} over {len(box.around)} nodes", (Panel(frame, 16, "frame"),))
        for arrow in self.diagram.arrows:
            yield self._arrow(arrow)
        for bias in self.diagram.biases:
            yield self._bias(bias)
        yield from self._weights()
        for circle in self.diagram.circles():
            yield self._circle(circle)
        for point, dots in self.layout.dots:
            yield Group("dots", "", f"{dots.count} more", tuple(self._dots(point, dots.across)))
        yield from self._names()

    # ------------------------------------------------------------------------------------------------------------- arrows

    def _arrow(self, arrow: Arrow) -> Group:
        link = (arrow.source, arrow.target)
        look = self._look(arrow)
        back = link in self.state.backward
        curve = backwards(self.courses[link].curve) if back else self.courses[link].curve
        corners, line = bar(curve, back) if arrow.inhibits else head(curve, back)
        dashed = look == "minus" and (self.bare or arrow.label is None)
        stroke = Stroke(line, look, self._width(arrow.value), dashed, casing=True, faint=self.crowded)
        says = f"from {self.diagram.name_of(arrow.source)} to {self.diagram.name_of(arrow.target)}{labelled(arrow)}"
        return Group("arrow", f"{_identifier_of(arrow.source)}-{_identifier_of(arrow.target)}", says, (stroke, Wedge(corners, look, self.crowded)))

    def _look(self, arrow: Arrow | Bias) -> str:
        if arrow.value is not None:
            return "plus" if arrow.value > 0 else "minus" if arrow.value < 0 else "arrow"
        return "shared" if self.bare and arrow.weight is not None and arrow.weight[0] in self.diagram.shared else "arrow"

    def _width(self, value: float | None) -> float:
        if self.crowded:
            return 0.8
        if value is None:
            return 1.2 if self.bare else 1.6
        return round(min(1.0 + 0.7 * abs(value), 6.0), 2)

    def _bias(self, bias: Bias) -> Group:
        placed = self.placed.biases[bias.target]
        back = (bias.target, bias.target) in self.state.backward
        corners, line = (bar if bias.inhibits else head)((placed.start, placed.tip), back)
        look = self._look(bias)
        lines = self.state.on_bias(bias) if placed.free else ()
        text = stacked(lines, placed.middle(size_of_lines(lines)), halo=False)
        marks: tuple[Mark, ...] = (Stroke(line, look, self._width(bias.value)), Wedge(corners, look), *text)
        return Group("bias", f"bias-{_identifier_of(bias.target)}", f"bias of {self.diagram.name_of(bias.target)}{labelled(bias)}", marks)

    def _weights(self) -> Iterator[Group]:
        for arrow in self.diagram.arrows:
            link = (arrow.source, arrow.target)
            if link in self.placed.weights and (lines := self.state.on_arrow(arrow)):
                marks = stacked(lines, self.placed.weights[link], halo=True)
                yield Group("weight", f"weight-{_identifier_of(link[0])}-{_identifier_of(link[1])}", "", marks)

    # ------------------------------------------------------------------------------------------------------------ circles

    def _circle(self, circle: Circle) -> Group:
        center = self.layout.at[circle.key]
        look = "active" if circle.key in self.state.active else circle.role
        if circle.square:
            rim: Mark = Panel(around(center, 2 * RADIUS, 2 * RADIUS), 10, look, OUTLINES.get(circle.role, 2.0), circle.role == "target")
        else:
            rim = Disk(center, RADIUS, look, OUTLINES.get(circle.role, 2.0), dashed=circle.role == "target")
        label = circle.inside if circle.key not in self.placed.names or circle.name is not None else None
        marks = marks_inside(circle, center, label, self.state, circle.column in self.plain, self.diagram.density.name)
        return Group("node", _identifier_of(circle.key), circle.says, (rim, *marks), center)

    def _names(self) -> Iterator[Group]:
        for circle in self.diagram.circles():
            placed = self.placed.names.get(circle.key)
            if placed is not None:
                yield Group("name", f"name-{_identifier_of(circle.key)}", "", (lettered(*placed, self.diagram.density.name),))
        for box in self.diagram.boxes:
            middle = self.placed.titles[box.node]
            kind, look = ("function", "frame-line") if box.framed else ("caption", "muted")
            yield Group("name", f"{kind}-{box.node}", "", (Lettering(box.title, middle, self.diagram.density.title, look),))

    def _dots(self, point: Point, across: bool) -> Iterator[Mark]:
        way = self.layout.forward if across else self.layout.side
        for k in (-1, 0, 1):
            yield Disk(plus(point, way, 13.0 * k), 3.0, "dots", 0.0)

    def warnings(self) -> tuple[str, ...]:
        names = [(c, self.placed.names[c.key]) for c in self.diagram.circles() if c.key in self.placed.names]
        lost = [c for c, placed in names if placed is None or placed[0] not in (c.name, c.inside)]
        crossed = [key for key, placed in self.placed.biases.items() if not placed.free]
        return (
            *(f"there is no place for the name or label of {self.diagram.name_of(c.key)}" for c in lost),
            *(f"there is no place for the bias of {self.diagram.name_of(key)}" for key in crossed),
        )

    def _frames(self) -> list[Box]:
        return [self.placed.frames[box.node] for box in self.diagram.boxes if box.framed]

    def bounds(self) -> Box:
        circles = [around(p, 2 * RADIUS + 4, 2 * RADIUS + 4) for p in self.layout.at.values()]
        lines = [bounds(sampled(course.curve)) for course in self.courses.values()]
        return union([*circles, *lines, *self.placed.boxes, *self._frames()])


def _foreign_labels(groups: Sequence[Group]) -> Iterator[str]:
    """Labels with signs that no font here has."""
    marks = (mark for group in groups for mark in group.marks if isinstance(mark, Lettering))
    for label, size in dict.fromkeys((mark.label, mark.size) for mark in marks):
        if signs := outline(label, size).foreign:
            yield f"`{label.text}` is set in the viewer's font: none here has {' '.join(dict.fromkeys(signs))}"


def _identifier_of(key: Key) -> str:
    return key[0] + "".join(f"_{k + 1}" for k in key[1])
