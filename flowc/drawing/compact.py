"""A diagram for half a slide: a name in each circle, large; functions over columns; no excitations, no labels on arrows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flowc.drawing.density import COMPACT
from flowc.drawing.diagram import Box, Circle, Diagram, Dots
from flowc.drawing.label import with_function, words
from flowc.maths.functions import lookup

LEFT_OUT = "excitations, weights and biases have no labels"


def compact(diagram: Diagram) -> Diagram:
    labels = [*(arrow.label for arrow in diagram.arrows), *(bias.label for bias in diagram.biases)]
    labelled = any(label is not None for label in labels) or any(c.split for c in diagram.circles())
    return replace(
        diagram,
        columns=tuple(tuple(_named(item) if isinstance(item, Circle) else item for item in column) for column in diagram.columns),
        arrows=tuple(replace(arrow, label=None) for arrow in diagram.arrows),
        biases=tuple(replace(bias, label=None) for bias in diagram.biases),
        boxes=(*(_with_function(box, diagram) for box in diagram.boxes), *_captions(diagram)),
        notes=(*diagram.notes, LEFT_OUT) if labelled else diagram.notes,
        density=COMPACT,
    )


def _named(circle: Circle) -> Circle:
    """With its name in it, unless the sign of an operation stands there."""
    function = lookup(circle.function)
    summed = circle.split or function is not None and function.kind == "vector"  # its excitation stands in it
    if circle.name is None or circle.inside is not None and not summed:
        return circle
    return replace(circle, name=None, inside=circle.name, excitation=None, split=False)


def _with_function(box: Box, diagram: Diagram) -> Box:
    """A caption that says what its circles compute."""
    functions = {c.function for c in diagram.circles() if c.key in box.around and c.split}
    return box if box.framed or len(functions) != 1 else replace(box, title=with_function(box.title.text, functions.pop()))


def _captions(diagram: Diagram) -> Iterator[Box]:
    """The function of all that a column computes, over it."""
    named = {key for box in diagram.boxes for key in box.around}
    for column in diagram.columns:
        circles = [c for c in column if isinstance(c, Circle) and c.split]
        functions = {c.function for c in circles}
        if len(functions) == 1 and not named & {c.key for c in circles} and _is_elementwise(*functions) and _adjoin(column, circles):
            yield Box(circles[0].key[0], words(circles[0].function), tuple(c.key for c in circles), framed=False)


def _is_elementwise(name: str) -> bool:
    function = lookup(name)
    return function is not None and function.kind == "elementwise"


def _adjoin(column: Sequence[Circle | Dots], circles: Sequence[Circle]) -> bool:
    """Whether nothing else stands between them."""
    places = [k for k, item in enumerate(column) if item in circles]
    return not any(isinstance(item, Circle) and item not in circles for item in column[places[0] : places[-1] + 1])
