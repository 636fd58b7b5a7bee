"""What stands in a circle: a symbol, ξ above the curve of g, or numbers."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.drawing import glyphs
from flowc.drawing.diagram import Circle, Diagram
from flowc.drawing.geometry import Point, plus
from flowc.drawing.label import Label
from flowc.drawing.layout import RADIUS
from flowc.drawing.lettered import lettered
from flowc.drawing.lettering import NAME, SYMBOL, WEIGHT, size_of
from flowc.drawing.picture import Lettering, Mark, Polyline, Stroke
from flowc.drawing.state import Pair, State

GLYPH = (36.0, 17.0)  # width and height of an activation's curve
INSIDE = 1.65 * RADIUS  # the width of what stands in the middle of a circle
SMALLEST = 14.0  # letters in a circle, px
HALF = 1.45 * RADIUS  # the width of what stands in half a circle


def fits_inside(label: Label) -> bool:
    return size_of(label, NAME)[0] <= INSIDE


def columns_of_plain_excitations(diagram: Diagram) -> frozenset[int]:
    """Those in which ξ stands without its index, as one of them has no room for it."""
    return frozenset(c.column for c in diagram.circles() if c.split and c.excitation is not None and not _has_room(c.excitation))


def _has_room(excitation: Label) -> bool:
    """Indices do not get smaller than they can be read."""
    return size_of(excitation, SMALLEST)[0] <= HALF


def marks_inside(circle: Circle, center: Point, label: Label | None, state: State, plain: bool, size: float) -> Iterator[Mark]:
    """`label`: in the middle, where there are no numbers, in letters of `size`; `plain`: ξ without its index."""
    above, below = state.circles.get(circle.key, (None, None))
    if above is not None or below is not None:
        yield from _numbers_in_halves(circle, center, label, (above, below), state)
    elif circle.split:
        yield from _symbol_and_curve(circle, center, plain)
    elif label is not None:
        yield Lettering(label, center, fit_size(label, size, INSIDE))


def _halves(center: Point) -> tuple[Point, Point]:
    """The middles of both."""
    return plus(center, (0, 1), -0.46 * RADIUS), plus(center, (0, 1), 0.44 * RADIUS)


def _numbers_in_halves(circle: Circle, center: Point, label: Label | None, pair: Pair, state: State) -> Iterator[Mark]:
    above, below = pair
    up, down = _halves(center)
    if above is not None and below is None:
        yield _number_mark(state.label_of(above), center)
    elif above is not None and (circle.split or label is None or circle.excitation is not None or is_boxed(circle) or state.together):
        yield _divider_stroke(center)
        yield _number_mark(state.label_of(above), up)
    elif label is not None:
        yield Lettering(label, up, fit_size(label, SYMBOL, HALF))
    if below is not None:
        yield _number_mark(state.label_of(below), down, "gradient" if state.together else "text")


def _symbol_and_curve(circle: Circle, center: Point, plain: bool) -> Iterator[Mark]:
    up, down = _halves(center)
    yield _divider_stroke(center)
    if circle.excitation is not None:
        label = Label("ξ", r"\xi") if plain else circle.excitation
        yield Lettering(label, up, fit_size(label, SYMBOL, HALF))
    for line in glyphs.curve(circle.function, circle.parameters):
        points = tuple((down[0] + x * GLYPH[0] / 2, down[1] - y * GLYPH[1] / 2) for x, y in line)
        yield Polyline(points, "text", 2.2)


def is_boxed(circle: Circle) -> bool:
    """Whether it has a name beside it, and the sign of an operation in it."""
    return circle.name is not None and circle.inside is not None and circle.role != "loss" and not circle.split


def _number_mark(label: Label, middle: Point, look: str = "text") -> Mark:
    return lettered(label, middle, fit_size(label, WEIGHT, HALF), look)


def fit_size(label: Label, size: float, room: float) -> float:
    """The size of letters, smaller where the label has no room."""
    width, _ = size_of(label, size)
    return round(size * min(1.0, room / max(width, 1.0)), 1)


def _divider_stroke(center: Point) -> Stroke:
    return Stroke((plus(center, (1, 0), -RADIUS + 1), plus(center, (1, 0), RADIUS - 1)), "muted", 1.0)
