"""Marks moved: the same picture elsewhere."""

from __future__ import annotations

from dataclasses import replace

from flowc.drawing.geometry import Curve, Point, plus
from flowc.drawing.picture import CodeText, Disk, Group, Lettering, Mark, Panel, Polyline, Stroke, Wedge


def moved(group: Group, by: Point) -> Group:
    return replace(group, marks=tuple(_shift_mark(mark, by) for mark in group.marks), at=plus(group.at, by) if group.at else None)


def _shift_mark(mark: Mark, by: Point) -> Mark:
    match mark:
        case Disk(center=center):
            return replace(mark, center=plus(center, by))
        case Panel(box=(west, top, east, bottom)):
            return replace(mark, box=(*plus((west, top), by), *plus((east, bottom), by)))
        case Stroke(curve=curve):
            return replace(mark, curve=_shift_points(curve, by))
        case Polyline(points=points):
            return replace(mark, points=_shift_points(points, by))
        case Wedge(corners=corners):
            return replace(mark, corners=_shift_points(corners, by))
        case Lettering(middle=middle):
            return replace(mark, middle=plus(middle, by))
        case CodeText(left=left):
            return replace(mark, left=plus(left, by))


def _shift_points(points: Curve, by: Point) -> Curve:
    return tuple(plus(p, by) for p in points)
