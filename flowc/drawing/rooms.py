"""The room that labels on arrows take in all states of a picture, so that nothing moves from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flowc.drawing.diagram import Diagram, Key
from flowc.drawing.layout import Link
from flowc.drawing.lettering import WEIGHT, size_of
from flowc.drawing.state import STRUCTURE, LabelLine, State
from flowc.records import Record

LINE = 20.0  # between two lines on an arrow
RESERVE = (58.0, 17.0)  # what a number takes, in whatever state of the picture: `−0.0123`

Size = tuple[float, float]  # width and height


class Rooms(Record):
    """`arrows`: those that have a label in some state."""

    arrows: Mapping[Link, Size]
    biases: Mapping[Key, Size]


def rooms(diagram: Diagram, states: Sequence[State] = (STRUCTURE,)) -> Rooms:
    labelled = [arrow for arrow in diagram.arrows if arrow.label is not None]
    return Rooms(
        {(a.source, a.target): _largest(size_of_lines(state.on_arrow(a)) for state in states) for a in labelled},
        {
            b.target: _largest(size_of_lines(state.on_bias(b)) for state in states) if b.label is not None else (0.0, 0.0)
            for b in diagram.biases
        },
    )


def _largest(sizes: Iterable[Size]) -> Size:
    pairs = [RESERVE, *sizes]
    return max(width for width, _ in pairs), max(height for _, height in pairs)


def size_of_lines(lines: Sequence[LabelLine]) -> Size:
    """Of one or two lines on an arrow."""
    sizes = [size_of(label, WEIGHT) for label, _ in lines]
    height = max((height for _, height in sizes), default=0.0)
    return max((width for width, _ in sizes), default=0.0), height + LINE * max(len(sizes) - 1, 0)
