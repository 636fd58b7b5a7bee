"""The rules of a beautiful diagram, on every example and on diagrams that no example is like."""

from itertools import combinations, pairwise
from math import isclose

import pytest

import flowc
from flowc.drawing.arrange import MOST_LABELS, arrange
from flowc.drawing.arrows import TIP
from flowc.drawing.diagram import Circle
from flowc.drawing.draw import Drawing, diagram_of
from flowc.drawing.geometry import around, crosses, distance, overlap, sampled, touches_circle
from flowc.drawing.layout import DIAMETER, RADIUS
from flowc.drawing.lettering import NAME, WEIGHT, size_of
from flowc.drawing.themes import ROLES, THEMES

from .diagrams import EXAMPLES, HOSTILE, irregular, layered

FLOWS = {path.stem: flowc.load(path) for path in EXAMPLES}
FLOWS |= {"forty": irregular(40, 1), "sixty": irregular(60, 2), "layered": layered(4, 6), "hostile": flowc.loads(HOSTILE)}


@pytest.fixture(scope="module", params=[(n, d, o) for n in FLOWS for d in ("right", "up") for o in (False, True)], ids=str)
def arranged(request):
    name, direction, loss = request.param
    how = Drawing(direction=direction, loss=loss)
    return arrange(diagram_of(FLOWS[name].network, how), direction)


def labels(a):
    """What is written beside circles and on arrows: its box, and the arrow that it is on."""
    for placed in a.placed.names.values():
        if placed is not None:
            yield around(placed[1], *size_of(placed[0], NAME)), None
    for bias in (b for b in a.diagram.biases if a.placed.biases[b.target].free):
        yield around(a.placed.biases[bias.target].middle(size_of(bias.label, WEIGHT)), *size_of(bias.label, WEIGHT)), None
    for box in a.diagram.boxes:
        yield around(a.placed.titles[box.node], *size_of(box.title, WEIGHT)), None
    for arrow in a.diagram.arrows:
        link = (arrow.source, arrow.target)
        if link in a.placed.weights:
            yield around(a.placed.weights[link], *size_of(arrow.label, WEIGHT)), link


def test_labels_touch_nothing(arranged):
    found = list(labels(arranged))
    lines = {link: sampled(course.curve) for link, course in arranged.courses.items()}
    for (a, _), (b, _) in combinations(found, 2):
        assert not overlap(a, b)
    for box, own in found:
        assert not any(touches_circle(box, center, RADIUS) for center in arranged.layout.at.values())
        assert [link for link, line in lines.items() if link != own and crosses(line, box)] == []


def test_every_weight_has_its_label_or_none_has(arranged):
    labelled = [a for a in arranged.diagram.arrows if a.label is not None]
    assert len(arranged.placed.weights) == len(labelled)
    assert not (arranged.bare and labelled)


def test_arrows_end_off_the_rim_and_begin_on_it(arranged):
    square = {c.key for c in arranged.diagram.circles() if c.role == "loss"}

    def far(point, key):
        """From the middle of a circle; of a square the distance in which its rim is one, too."""
        x, y = (a - b for a, b in zip(point, arranged.layout.at[key]))
        return max(abs(x), abs(y)) if key in square else distance(point, arranged.layout.at[key])

    for (source, target), course in arranged.courses.items():
        assert isclose(far(course.curve[0], source), RADIUS, abs_tol=0.01)
        assert RADIUS + 0.7 * TIP - 0.01 <= far(course.tip, target) <= RADIUS + TIP + 0.01


def test_arrows_touch_no_other_circle(arranged):
    for (source, target), course in arranged.courses.items():
        line = sampled(course.curve, 24)
        others = [p for key, p in arranged.layout.at.items() if key not in (source, target)]
        assert all(min(distance(q, p) for q in line) > RADIUS for p in others)


def test_circles_do_not_overlap(arranged):
    assert all(distance(a, b) > 1.5 * DIAMETER for a, b in combinations(arranged.layout.at.values(), 2))


def test_columns_are_straight_in_the_diagrams_order_and_at_one_pitch(arranged):
    forward, side = arranged.layout.forward, arranged.layout.side
    before = float("-inf")
    for column in arranged.diagram.columns:
        points = [arranged.layout.at[c.key] for c in column if isinstance(c, Circle)]
        if not points:
            continue
        ahead = {round(p[0] * forward[0] + p[1] * forward[1], 3) for p in points}
        assert len(ahead) == 1
        assert before < min(ahead)
        before = min(ahead)
        places = [p[0] * side[0] + p[1] * side[1] for p in points]
        assert places == sorted(places)
        assert all(b - a >= arranged.layout.spacing.pitch - 0.01 for a, b in pairwise(places))


def test_distances_are_those_of_published_diagrams(arranged):
    """Of circles in a column 1.7 to 2 diameters, a little more for names of two stories; of columns 2.8 and more."""
    assert all(2.8 <= gap / DIAMETER for gap in arranged.layout.spacing.gaps)
    assert 1.7 <= arranged.layout.spacing.pitch / DIAMETER
    if arranged.layout.direction == "right":
        assert arranged.layout.spacing.pitch / DIAMETER <= 2.3


def test_tips_are_spread_over_the_rim(arranged):
    tips = {}
    for (_, target), course in arranged.courses.items():
        tips.setdefault(target, []).append(course.tip)
    for points in tips.values():
        if len(points) <= 8:
            assert all(distance(a, b) > 6 for a, b in combinations(points, 2))


def test_crowded_pictures_have_no_labels_on_arrows(arranged):
    if len(arranged.diagram.arrows) > MOST_LABELS:
        assert not arranged.placed.weights


# -------------------------------------------------------------------------------------------------------------- colours


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_contrast(name):
    """4.5 to 1 for letters, 3 to 1 for lines, as WCAG 2.2 asks."""
    theme = THEMES[name]
    for ground in ("page", "active", *ROLES):
        assert contrast(theme["text"], theme[ground]) >= 4.5
    for line in ("arrow", "plus", "minus", "shared", "dots", *(f"{role}-line" for role in ROLES)):
        assert contrast(theme[line], theme["page"]) >= 3
    assert contrast(theme["muted"], theme["page"]) >= 4.5
    assert {*theme} == {*THEMES["light"]}


STRAIGHT = {
    "half adder": "input a, b\nnode u : step\noutput s, c : step\na, b -> u : 1\na, b -> s : 1\nu -> s : -2\nu -> c : 1",
    "unrolled": "input h0, x1, x2, x3\nnode h1, h2, h3\noutput y\nx1 -> h1 : 1; x2 -> h2 : 1; x3 -> h3 : 1\nh0 -> h1 -> h2 -> h3 -> y : 2",
    "round a box": "input x\nnode h\noutput y\nx -> h -> y : 2\nx -> y : 1",
}


@pytest.mark.parametrize("name", STRAIGHT)
@pytest.mark.parametrize("direction", ["right", "up"])
def test_a_circle_in_the_way_stands_aside(name, direction):
    arranged = arrange(diagram_of(flowc.loads(STRAIGHT[name]).network, Drawing(direction=direction)), direction)
    assert not arranged.layout.ways
    assert all(len(course.curve) == 2 for course in arranged.courses.values())


def test_no_arrow_is_straightened_across_another():
    """Two arrows go round the product, and cross nothing, rather than straight across those into it."""
    flow = flowc.loads("input a, b\noutput y\nweight u, v, w\ny = u*a + v*b + w*a*b")
    arranged = arrange(diagram_of(flow.network, Drawing()), "right")
    assert len(arranged.layout.ways) == 2
