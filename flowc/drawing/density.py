"""How large letters are, and how near circles stand: as usual, or for half a slide."""

from __future__ import annotations

from flowc.drawing.lettering import NAME, SMALL, WEIGHT
from flowc.records import Record


class Density(Record):
    """Letters in px: of names, of titles over columns, of the legend, and from one line of that to the next. Distances in diameters,
    the least: of circles in a column, of columns with labels on the arrows between them, of columns without. `rise`: the share
    of a column's length that the next is away, so that arrows are not too steep."""

    name: float
    title: float
    legend: float
    line: float
    pitch: float
    near: float
    close: float
    rise: float


USUAL = Density(NAME, WEIGHT, SMALL, 22.0, pitch=1.8, near=2.9, close=2.8, rise=0.42)
COMPACT = Density(34.0, 30.0, 30.0, 37.0, pitch=1.3, near=2.2, close=2.2, rise=0.25)
