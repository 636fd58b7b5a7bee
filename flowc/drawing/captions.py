"""What is computed in a step, under its picture: equations in rows of its width, with as much room in every step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flowc.drawing.label import Label
from flowc.drawing.lettering import SYMBOL, size_of
from flowc.drawing.picture import Group, Lettering, Picture
from flowc.records import Record

ROW, BETWEEN = 26.0, 12.0  # the least height of a row; above the first
SPACE = 30.0  # between equations in one row
SIZE = SYMBOL
LONG = 400  # signs of LaTeX, which are wider than a picture
BESIDE = 0.3 * SIZE  # what a sign of operation has around it
MARGIN = 14.0


class Equation(Record):
    """`left` and what it is equal to, in parts, the terms of sums, of which some may stand in the next row. `sign`: before the last side."""

    left: Label
    sides: tuple[tuple[Label, ...], ...]
    sign: str = "="

    @property
    def text(self) -> str:
        signs = ["="] * (len(self.sides) - 1) + [self.sign]
        return self.left.text + "".join(f" {sign} {''.join(part.text for part in side)}" for sign, side in zip(signs, self.sides))

    def pieces(self) -> Iterator[Label]:
        """The left side, and each part with the sign that leads to it."""
        yield self.left
        for k, side in enumerate(self.sides):
            sign = self.sign if k == len(self.sides) - 1 else "="
            first, *others = side
            yield Label(f" {sign} {first.text}", f" {SIGNS[sign]} {first.latex}" if first.latex is not None else None)
            yield from others


SIGNS = {"=": "=", "≈": r"\approx"}


class Row(Record):
    label: Label
    indent: float = 0.0


def with_captions(pictures: Sequence[Picture], captions: Sequence[Sequence[Equation]]) -> tuple[Picture, ...]:
    """The pictures with the equations of each under it."""
    room = max((picture.size[0] for picture in pictures), default=0.0) - 2 * MARGIN
    rows = [[*_break_rows(equations, room)] for equations in captions]
    height = max((BETWEEN + sum(map(_height_of_row, caption)) for caption in rows), default=0.0)
    width = max((row.indent + _width_of(row.label) for caption in rows for row in caption), default=0.0) + 2 * MARGIN
    return tuple(_add_rows(picture, caption, (width, height)) for picture, caption in zip(pictures, rows, strict=True))


def _add_rows(picture: Picture, rows: Sequence[Row], least: tuple[float, float]) -> Picture:
    marks, top = [], picture.size[1] - MARGIN + BETWEEN
    for row in rows:
        height = _height_of_row(row)
        middle = MARGIN + row.indent + _width_of(row.label) / 2, top + height / 2
        marks.append(Lettering(row.label, middle, SIZE))
        top += height
    size = max(picture.size[0], float(round(least[0]))), picture.size[1] + float(round(least[1]))
    return replace(picture, size=size, groups=(*picture.groups, Group("caption", "caption", "", tuple(marks))))


def _break_rows(equations: Sequence[Equation], room: float) -> Iterator[Row]:
    """Numbers that are given beside one another, as many as there is room for; other equations from a row of their own on."""
    row: list[Label] = []
    for equation in equations:
        alone = len(equation.sides) == 1
        pieces = [*equation.pieces()]
        if row and not (alone and _width_of_pieces([*row, *pieces]) + SPACE <= room):
            yield Row(_join_labels(row))
            row = []
        if alone:
            row += [Label("   ", r" \qquad "), *pieces] if row else pieces
        else:
            yield from _rows_of_equation(pieces, room)
    if row:
        yield Row(_join_labels(row))


def _rows_of_equation(pieces: Sequence[Label], room: float) -> Iterator[Row]:
    """Whole where there is room; else from the left side on, what does not fit in rows behind it."""
    complete = _join_labels(pieces)
    if len(complete.latex or "") < LONG and _width_of(complete) <= room:
        yield Row(complete)
        return
    row, indent = [pieces[0]], 0.0
    for piece in pieces[1:]:
        if len(row) > 1 and indent + _width_of_pieces([*row, piece]) > room:
            yield Row(_join_labels(row), indent)
            row, indent = [Label("", "{}")], _width_of(pieces[0]) + SIZE / 2
        row.append(piece)
    yield Row(_join_labels(row), indent)


def _width_of_pieces(pieces: Sequence[Label]) -> float:
    """Each is set once, in whatever row it stands at last."""
    return sum(_width_of(piece) + BESIDE for piece in pieces)


def _join_labels(labels: Sequence[Label]) -> Label:
    """Mathematics, if all are."""
    text, latex = "".join(label.text for label in labels), [label.latex for label in labels]
    return Label(text, "".join(part for part in latex if part) if None not in latex else None)


def _width_of(label: Label) -> float:
    return size_of(label, SIZE)[0]


def _height_of_row(row: Row) -> float:
    return max(ROW, size_of(row.label, SIZE)[1] + 8.0)
