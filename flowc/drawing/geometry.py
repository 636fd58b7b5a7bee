"""Points, boxes and curves. y grows downwards, lengths are px."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Curve = tuple[Point, ...]  # a start, and for each piece two control points and an end; or two points, a straight line


def plus(a: Point, b: Point, times: float = 1.0) -> Point:
    return a[0] + times * b[0], a[1] + times * b[1]


def towards(a: Point, b: Point) -> Point:
    """The direction from a to b, of length 1."""
    length = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length


def distance(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def around(center: Point, width: float, height: float, margin: float = 0.0) -> Box:
    return (
        center[0] - width / 2 - margin, center[1] - height / 2 - margin,
        center[0] + width / 2 + margin, center[1] + height / 2 + margin,
    )  # fmt: skip


def union(boxes: Iterable[Box]) -> Box:
    every = list(boxes)
    return min(b[0] for b in every), min(b[1] for b in every), max(b[2] for b in every), max(b[3] for b in every)


def bounds(points: Iterable[Point]) -> Box:
    every = list(points)
    xs, ys = [p[0] for p in every], [p[1] for p in every]
    return min(xs), min(ys), max(xs), max(ys)


def widened(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def overlap(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def overlaps_any(box: Box, others: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    for other_left, other_top, other_right, other_bottom in others:
        if left <= other_right and other_left <= right and top <= other_bottom and other_top <= bottom:
            return True
    return False


def touches_circle(box: Box, center: Point, radius: float) -> bool:
    near = min(max(center[0], box[0]), box[2]), min(max(center[1], box[1]), box[3])
    return distance(near, center) < radius


def touches_any_circle(box: Box, centers: Iterable[Point], radius: float) -> bool:
    left, top, right, bottom = widened(box, radius + 1)  # most are outside, and this is quick to see
    for center in centers:
        if left < center[0] < right and top < center[1] < bottom and touches_circle(box, center, radius):
            return True
    return False


def crosses(line: Sequence[Point], box: Box) -> bool:
    """Whether a line through points meets a box."""
    left, top, right, bottom = box
    x, y = line[0]
    for point in line[1:]:
        to_x, to_y = point
        apart = x < left and to_x < left or x > right and to_x > right  # most are, and this is quick to see
        if not apart and not (y < top and to_y < top or y > bottom and to_y > bottom) and _segment_meets((x, y), point, box):
            return True
        x, y = point
    return False


def _segment_meets(a: Point, b: Point, box: Box) -> bool:
    """By the part of the segment that each pair of sides leaves (Liang and Barsky 1984)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step = b[axis] - a[axis]
        low, high = box[axis] - a[axis], box[axis + 2] - a[axis]
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        enter, leave = sorted((low / step, high / step))
        first, last = max(first, enter), min(last, leave)
    return first <= last


def nearest(line: Sequence[Point], point: Point) -> float:
    """How near a line through points comes to a point."""
    return min(_to_segment(a, b, point) for a, b in pairwise(line))


def _to_segment(a: Point, b: Point, p: Point) -> float:
    length = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    t = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length if length else 0.0
    return distance(plus(a, (b[0] - a[0], b[1] - a[1]), min(max(t, 0.0), 1.0)), p)


def sampled(curve: Curve, parts: int = 12) -> tuple[Point, ...]:
    """Points along a curve."""
    if len(curve) == 2:
        return curve
    points = [curve[0]]
    for k in range(0, len(curve) - 1, 3):
        a, b, c, d = curve[k : k + 4]
        points += [_bezier_point(a, b, c, d, step / parts) for step in range(1, parts + 1)]
    return tuple(points)


def _bezier_point(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    s = 1 - t
    x, y = (s**3 * a[k] + 3 * s * s * t * b[k] + 3 * s * t * t * c[k] + t**3 * d[k] for k in (0, 1))
    return x, y


def along(line: Sequence[Point], shares: Iterable[float]) -> list[Point]:
    """The points of a line through points after these shares of its length."""
    lengths = [distance(a, b) for a, b in pairwise(line)]
    length = sum(lengths)
    return [_after(line, lengths, share * length) for share in shares]


def _after(line: Sequence[Point], lengths: Sequence[float], left: float) -> Point:
    for k, length in enumerate(lengths):
        if left <= length:
            return plus(line[k], towards(line[k], line[k + 1]), left)
        left -= length
    return line[-1]
