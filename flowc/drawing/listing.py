"""The code beside a picture, with the lines marked that belong to its step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.drawing.lettering import SMALL
from flowc.drawing.picture import CodeText, Group, Picture, Wedge

ADVANCE = 0.6 * SMALL  # of a letter; all are as wide as one another
LINE, MARGIN, GAP = 1.4 * SMALL, 14.0, 22.0


def with_listing(pictures: Sequence[Picture], code: Sequence[str], lit: Sequence[frozenset[int]]) -> tuple[Picture, ...]:
    """`lit`: of each picture the lines that are marked, from 0."""
    longest = max(len(line) for line in code)
    wide, high = longest * ADVANCE + 2 * GAP, len(code) * LINE + 2 * MARGIN
    return tuple(_add_listing(picture, code, lines, (wide, high)) for picture, lines in zip(pictures, lit, strict=True))


def _add_listing(picture: Picture, code: Sequence[str], lit: frozenset[int], size: tuple[float, float]) -> Picture:
    left, right = picture.size[0] + GAP, picture.size[0] + size[0] - GAP / 2
    texts = []
    for k, line in enumerate(code):
        indent = len(line) - len(line.lstrip())
        if line.strip():
            texts.append(CodeText(line.strip(), (left + indent * ADVANCE, MARGIN + (k + 0.5) * LINE), SMALL, ADVANCE))
    bars = tuple(_bar(left - GAP / 2, right, MARGIN + k * LINE) for k in sorted(lit))
    groups = Group("lit", "", "", bars), Group("code", "code", "", tuple(texts))
    full = float(round(picture.size[0] + size[0])), float(round(max(picture.size[1], size[1])))
    return replace(picture, size=full, groups=(*picture.groups, *groups))


def _bar(left: float, right: float, top: float) -> Wedge:
    return Wedge(((left, top), (right, top), (right, top + LINE), (left, top + LINE)), "active")
