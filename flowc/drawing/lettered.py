"""The marks of labels: letters, or the empty box of what is to be filled in."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.drawing.geometry import Point, around, plus
from flowc.drawing.label import BLANK, Label
from flowc.drawing.lettering import WEIGHT, size_of
from flowc.drawing.picture import Lettering, Panel
from flowc.drawing.rooms import LINE
from flowc.drawing.state import LabelLine


def lettered(label: Label, middle: Point, size: float, look: str = "text", halo: bool = False) -> Lettering | Panel:
    if label == BLANK:
        return Panel(around(middle, *size_of(label, size)), 2, "blank", 1.0)
    return Lettering(label, middle, size, look, halo)


def stacked(lines: Sequence[LabelLine], middle: Point, halo: bool) -> tuple[Lettering | Panel, ...]:
    """Lines of labels on an arrow, one below the other."""
    top = -LINE * (len(lines) - 1) / 2
    return tuple(lettered(label, plus(middle, (0, 1), top + k * LINE), WEIGHT, look, halo) for k, (label, look) in enumerate(lines))
