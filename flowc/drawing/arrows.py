"""The course of arrows: from rim to rim, straight or round what is in the way; heads spread over the rim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import atan2, cos, radians, sin

from flowc.drawing.diagram import Arrow, Diagram, Key
from flowc.drawing.geometry import Curve, Point, distance, plus, towards
from flowc.drawing.layout import RADIUS, Layout, Link
from flowc.records import Record

TIP = 3.0  # from the rim to the head's tip
HEAD, WIDE = 11.0, 8.0  # a head's length and width
THICK, BROAD = 3.0, 18.0  # of the bar of an arrow that inhibits
APART = 10.0  # between neighbouring tips
WIDEST = radians(66)  # from straight ahead; the rest of the rim is the bias's and the name's


class Course(Record):
    """`curve` runs from the rim of its source to the tip, just off the rim of its target."""

    link: Link
    curve: Curve

    @property
    def tip(self) -> Point:
        return self.curve[-1]


def courses(diagram: Diagram, layout: Layout) -> dict[Link, Course]:
    """The course of every arrow, each link once."""
    into: dict[Key, list[Arrow]] = defaultdict(list)
    out: dict[Key, list[Arrow]] = defaultdict(list)
    for arrow in diagram.arrows:
        into[arrow.target].append(arrow)
        out[arrow.source].append(arrow)
    ends = {key: _spread_angles(layout, key, arrows) for key, arrows in into.items()}
    square = frozenset(c.key for c in diagram.circles() if c.square)
    drawn = {}
    for arrow in diagram.arrows:
        link = (arrow.source, arrow.target)
        drawn[link] = Course(link, _curve_of_link(layout, link, ends[arrow.target][link], square))
    return drawn


def _spread_angles(layout: Layout, key: Key, arrows: Sequence[Arrow]) -> dict[Link, float]:
    """The angle at which each arrow meets the rim, from straight behind, no two tips too near."""
    directions = {}
    for arrow in arrows:
        link = (arrow.source, arrow.target)
        directions[link] = _angle_behind(layout, layout.at[key], _point_before(layout, link))
    links = sorted(directions, key=lambda link: (directions[link], link))
    least = min(APART / RADIUS, 2 * WIDEST / max(len(links) - 1, 1))
    angles = _move_apart([min(max(directions[link], -WIDEST), WIDEST) for link in links], least)
    return dict(zip(links, angles))


def _point_before(layout: Layout, link: Link) -> Point:
    """Where an arrow comes from when it reaches its target."""
    return layout.ways[link][-1] if layout.ways.get(link) else layout.at[link[0]]


def _angle_behind(layout: Layout, center: Point, source: Point) -> float:
    """Of the way from a circle back to a source: 0 straight behind, positive to the side."""
    away = (source[0] - center[0], source[1] - center[1])
    behind = -(away[0] * layout.forward[0] + away[1] * layout.forward[1])
    aside = away[0] * layout.side[0] + away[1] * layout.side[1]
    return atan2(aside, behind)


def _move_apart(angles: list[float], least: float) -> list[float]:
    """The same angles in order, neighbours at least so far apart, none beyond the widest, each moved little."""
    spaced = list(angles)
    for _ in range(60):
        for k in range(len(spaced) - 1):
            lack = least - (spaced[k + 1] - spaced[k])
            if lack > 1e-6:
                spaced[k] -= lack / 2
                spaced[k + 1] += lack / 2
        spaced = [min(max(a, -WIDEST), WIDEST) for a in spaced]
    return spaced


def _rim_point(layout: Layout, center: Point, angle: float, radius: float, ahead: float) -> Point:
    """A point of the rim: before the circle (ahead 1) or behind it (-1), turned to the side by the angle."""
    point = plus(center, layout.forward, ahead * radius * cos(angle))
    return plus(point, layout.side, radius * sin(angle))


def _curve_of_link(layout: Layout, link: Link, angle: float, square: frozenset[Key]) -> Curve:
    source, target = layout.at[link[0]], layout.at[link[1]]
    end = _rim_point(layout, target, angle, _reach_of_rim(angle, link[1] in square) + TIP, -1.0)
    ways = layout.ways.get(link, ())
    if not ways:
        out = towards(source, end)
        return plus(source, out, _reach_of_rim(atan2(out[1], out[0]), link[0] in square)), end
    leave = _angle_ahead(layout, source, ways[0])
    start = _rim_point(layout, source, leave, _reach_of_rim(leave, link[0] in square), 1.0)
    curve: list[Point] = [start]
    out = towards(source, start)
    for way in ways:
        before, after = plus(way, layout.forward, -RADIUS), plus(way, layout.forward, RADIUS)
        reach = 0.45 * distance(curve[-1], before)
        curve += [plus(curve[-1], out, reach), plus(before, layout.forward, -reach), before]
        curve += [before, after, after]
        out = layout.forward
    reach = 0.45 * distance(curve[-1], end)
    return (*curve, plus(curve[-1], out, reach), plus(end, towards(target, end), reach), end)


def _reach_of_rim(angle: float, square: bool) -> float:
    """From the middle to the rim: of a circle, or of the square that a loss is."""
    return RADIUS / max(abs(cos(angle)), abs(sin(angle))) if square else RADIUS


def _angle_ahead(layout: Layout, center: Point, point: Point) -> float:
    away = (point[0] - center[0], point[1] - center[1])
    ahead = away[0] * layout.forward[0] + away[1] * layout.forward[1]
    aside = away[0] * layout.side[0] + away[1] * layout.side[1]
    return min(max(atan2(aside, ahead), -WIDEST), WIDEST)


def head(curve: Curve, backwards: bool = False) -> tuple[tuple[Point, Point, Point], Curve]:
    """The triangle at the end of a curve, and the curve up to its base."""
    line = curve[::-1] if backwards else curve
    tip, before = line[-1], line[-2]
    way = towards(before, tip)
    base, across = plus(tip, way, -HEAD), (-way[1], way[0])
    corners = (tip, plus(base, across, WIDE / 2), plus(base, across, -WIDE / 2))
    return corners, (*line[:-1], plus(tip, way, -0.8 * HEAD))


def bar(curve: Curve, backwards: bool = False) -> tuple[tuple[Point, ...], Curve]:
    """The bar at the end of a curve that inhibits, and the curve up to it."""
    line = curve[::-1] if backwards else curve
    tip, before = line[-1], line[-2]
    way = towards(before, tip)
    base, across = plus(tip, way, -THICK), (-way[1], way[0])
    ends = (plus(tip, across, BROAD / 2), plus(tip, across, -BROAD / 2), plus(base, across, -BROAD / 2), plus(base, across, BROAD / 2))
    return ends, (*line[:-1], base)


def backwards(curve: Curve, forward_tip: float = TIP) -> Curve:
    """The same course the other way: its tip off the rim where it began."""
    first, second, *_ = curve
    last, before = curve[-1], curve[-2]
    start = plus(first, towards(first, second), forward_tip)
    end = plus(last, towards(before, last), forward_tip)
    return (start, *curve[1:-1], end)
