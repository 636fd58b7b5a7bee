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
            yield Label(f" {sign} {first.text}", f" {SIGNS[sign]} {first.latex}")
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
    row: Label | None = None
    for equation in equations:
        complete = _join_labels([*equation.pieces()])
        alone = len(equation.sides) == 1
        if row is not None and alone and _width_of(row) + SPACE + _width_of(complete) <= room:
            row = Label(f"{row.text}   {complete.text}", rf"{row.latex} \qquad {complete.latex}")
            continue
        if row is not None:
            yield Row(row)
        row = complete if alone else None
        if not alone:
            yield from _rows_of_equation(equation, room)
    if row is not None:
        yield Row(row)


def _rows_of_equation(equation: Equation, room: float) -> Iterator[Row]:
    """Whole where there is room; else from the left side on, what does not fit in rows behind it."""
    indent, row = 0.0, equation.left
    for piece in [*equation.pieces()][1:]:
        longer = _join_labels([row, piece])
        if indent + _width_of(longer) > room and row is not equation.left and row.text:
            yield Row(row, indent)
            indent, row = _width_of(equation.left) + SIZE / 2, Label(piece.text, "{}" + (piece.latex or ""))
        else:
            row = longer
    yield Row(row, indent)


def _join_labels(labels: Sequence[Label]) -> Label:
    return Label("".join(label.text for label in labels), "".join(label.latex or "" for label in labels))


def _width_of(label: Label) -> float:
    return size_of(label, SIZE)[0]


def _height_of_row(row: Row) -> float:
    return max(ROW, size_of(row.label, SIZE)[1] + 8.0)
