"""Random diagrams: each is drawn, whatever it is, and its labels touch nothing."""

from itertools import combinations
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

import flowc
from flowc.drawing.arrange import arrange
from flowc.drawing.draw import Drawing, diagram_of, draw
from flowc.drawing.geometry import crosses, overlap, sampled, touches_circle
from flowc.drawing.layout import RADIUS
from flowc.drawing.svg import as_svg
from flowc.drawing.tikz import as_tikz
from flowc.testing import strategies
from tests.agreement.profile import examples

from .test_identifiers import assert_told_apart
from .test_rules import labels

HOW = st.builds(
    Drawing,
    direction=st.sampled_from(["right", "up"]),
    loss=st.booleans(),
    vectors=st.sampled_from(["column", "circle", "box"]),
    many=st.integers(5, 9),
)


@examples(60)
@given(strategies.diagrams(), HOW)
def test_any_diagram(diagram, how):
    network = flowc.loads(diagram.text).network
    arranged = arrange(diagram_of(network, how), how.direction)
    found = list(labels(arranged))
    assert not any(overlap(a, b) for (a, _), (b, _) in combinations(found, 2))
    lines = {link: sampled(course.curve) for link, course in arranged.courses.items()}
    for box, own in found:
        assert not any(touches_circle(box, center, RADIUS) for center in arranged.layout.at.values())
        assert not any(link != own and crosses(line, box) for link, line in lines.items())
    picture = draw(network, how)
    ElementTree.fromstring(as_svg(picture, "auto"))
    assert as_tikz(picture).count(r"\begin{tikzpicture}") == 1
    assert_told_apart(picture)
