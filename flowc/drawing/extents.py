"""The room that names, biases, titles and frames take around circles, before anything is placed."""

from __future__ import annotations

from flowc.drawing.arrows import TIP
from flowc.drawing.diagram import Circle, Diagram, Key
from flowc.drawing.geometry import Box, around, union
from flowc.drawing.inside import fits_inside
from flowc.drawing.layout import DIAMETER, RADIUS, Layout
from flowc.drawing.lettering import size_of
from flowc.drawing.rooms import Rooms

STUB = 15.0  # the length of a bias's arrow
CLEAR = 3.0  # around a label
APART = 6.0  # between the name of a circle and the bias of the next: they are not one word
FRAME = 12.0  # from circles to the box around them


def frames(diagram: Diagram, layout: Layout, rooms: Rooms) -> dict[str, Box]:
    """The boxes around the circles of a vector function, with room for biases and names."""
    before, after = extents(diagram, rooms, layout.direction)
    along, across = (max(before, FRAME) + 4, max(after, FRAME) + 4), FRAME
    names = {c.key: size_of(c.name, diagram.density.name) for c in diagram.circles()}
    boxes = {}
    for box in diagram.boxes:
        left, top, right, bottom = union(around(layout.at[key], DIAMETER, DIAMETER) for key in box.around)
        if layout.direction == "right":
            wide = max(across, max(names[key][0] for key in box.around) / 2 - RADIUS + 6)
            boxes[box.node] = (left - wide, top - along[0], right + wide, bottom + along[1])
        else:
            boxes[box.node] = (left - along[0], top - across, right + along[1], bottom + across)
    return boxes


def titles(diagram: Diagram, direction: str) -> tuple[float, float]:
    """What the title and border of a box take before its first circle and after its last, along the column."""
    if not diagram.boxes:
        return 0.0, 0.0
    sizes = [size_of(box.title, diagram.density.title) for box in diagram.boxes]
    if direction == "right":
        return max(height for _, height in sizes) + 12, 8.0
    return 8.0, max(width for width, _ in sizes) + 16


def extents(diagram: Diagram, rooms: Rooms, direction: str) -> tuple[float, float]:
    """What biases take before a circle, along its column, and names after it."""
    place = 1 if direction == "right" else 0
    biases = [size[place] for size in rooms.biases.values()]
    outside = standing_outside(diagram)
    names = [size_of(c.name or c.inside, diagram.density.name)[place] for c in diagram.circles() if c.name or c.key in outside]
    before = STUB + TIP + CLEAR + max(biases) if biases else 0.0
    return before, CLEAR + 4 + max(names) + (APART if biases else 0.0) if names else 0.0


def standing_outside(diagram: Diagram) -> frozenset[Key]:
    """The circles beside which stands what would be in them: all of a column, where one is too small."""
    keys: set[Key] = set()
    for column in diagram.columns:
        named = [c for c in column if isinstance(c, Circle) and c.name is None and c.inside is not None]
        if any(c.inside is not None and not fits_inside(c.inside) for c in named):
            keys |= {c.key for c in named if c.short is not None or c.inside is not None and not fits_inside(c.inside)}
    return frozenset(keys)
