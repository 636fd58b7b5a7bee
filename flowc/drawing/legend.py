"""The legend: what a picture does not say by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowc.drawing.arrange import Arranged
from flowc.drawing.density import Density
from flowc.drawing.geometry import Box
from flowc.drawing.label import Label
from flowc.drawing.lettering import size_of
from flowc.drawing.picture import Group, Lettering
from flowc.drawing.state import State


def explained(arranged: Arranged, state: State, wanted: bool | None) -> list[Label]:
    """Its lines. wanted: all that there are, or none; None: those that are needed."""
    numbers = state.legend[:1] if arranged.bare else state.legend
    return [] if wanted is False else [*numbers, *_of_arrows(arranged, state, bool(wanted))]


def _of_arrows(arranged: Arranged, state: State, wanted: bool) -> Iterator[Label]:
    diagram, bare = arranged.diagram, arranged.bare
    indexed = any(a.label is not None and a.weight is not None and len(a.weight[1]) > 1 for a in diagram.arrows)
    if indexed and (state.empty or wanted):
        yield Label("wⱼₖ: from k to j", r"w_{jk}\colon\ \text{from } k \text{ to } j")
    if bare:
        yield Label("no room for labels on the arrows")
    if any(a.value is not None for a in diagram.arrows) and (bare or wanted):
        yield Label(f"the wider, the larger the weight; {'dashed' if bare else 'orange'}: negative")
    if bare and diagram.shared:
        yield Label(f"shared weights: {', '.join(sorted(diagram.shared))}")
    yield from map(Label, diagram.notes)


def legend(lines: Sequence[Label], box: Box, density: Density) -> tuple[Group, Box]:
    """The lines under a picture, from its left edge, and the box of both."""
    marks, bottom, right = [], box[3] + 10, box[2]
    for line in lines:
        width = size_of(line, density.legend)[0]
        marks.append(Lettering(line, (box[0] + width / 2, bottom + density.line / 2), density.legend, "muted"))
        bottom, right = bottom + density.line, max(right, box[0] + width)
    return Group("legend", "legend", "", tuple(marks)), (box[0], box[1], right, bottom)
