"""A picture: marks in their places, in the words of a diagram and without ink. Inks are `svg.py` and `tikz.py`."""

from __future__ import annotations

from flowc.drawing.geometry import Box, Curve, Point
from flowc.drawing.label import Label
from flowc.records import Record


class Disk(Record):
    center: Point
    radius: float
    look: str  # a name of the theme: of the fill, and with "-line" of the outline
    width: float = 2.0
    dashed: bool = False


class Panel(Record):
    """A rectangle with round corners."""

    box: Box
    corner: float
    look: str
    width: float = 1.5
    dashed: bool = False


class Stroke(Record):
    """A line or curve; `casing`: a wider line of the page's colour under it."""

    curve: Curve
    look: str
    width: float
    dashed: bool = False
    casing: bool = False
    faint: bool = False


class Polyline(Record):
    points: tuple[Point, ...]
    look: str
    width: float


class Wedge(Record):
    """A filled polygon: an arrow's head."""

    corners: tuple[Point, ...]
    look: str
    faint: bool = False


class Lettering(Record):
    """A label, the box of its ink around `middle`; `halo`: the page's colour behind it."""

    label: Label
    middle: Point
    size: float
    look: str = "text"
    halo: bool = False


class CodeText(Record):
    """A line of code, from the middle of its left edge, in letters of which each takes `advance`."""

    text: str
    left: Point
    size: float
    advance: float
    look: str = "text"


Mark = Disk | Panel | Stroke | Polyline | Wedge | Lettering | CodeText


class Group(Record):
    """Marks that belong together: an arrow, a circle. `kind` and `name` become class and id, `says` the tooltip."""

    kind: str
    name: str
    says: str
    marks: tuple[Mark, ...]
    at: Point | None = None  # of a circle: its middle, for those who annotate


class Picture(Record):
    """`size`: width and height; marks are within. `alt`: one sentence; `description`: all there is to know. `step`: which
    of several steps it is, and what is computed in it; the last sentence of `alt`."""

    name: str
    size: tuple[float, float]
    groups: tuple[Group, ...]
    alt: str
    description: str
    warnings: tuple[str, ...] = ()
    step: str = ""
