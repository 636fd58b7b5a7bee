"""SVG's ids and TikZ's names: no two alike in one picture, whatever the parts are called."""

import re

import pytest

import flowc
from flowc.drawing.draw import Drawing, draw
from flowc.drawing.svg import as_svg
from flowc.drawing.tikz import as_tikz

# Elements and parts of a formula beside nodes of such names; names that a file has for itself, or puts before others;
# signs and what is written for them; a frame around a circle of its own name.
CLASHES = {
    "elements": "input x[2], x_1\nnode h[2], h_1\nx, x_1 -> h, h_1 : ~\n1 -> h, h_1 : ~\noutput f\nh, h_1 -> f : ~\n",
    "parts": "input x[2], y[2]\nnode f[2]\noutput g\nf = tanh(x)*y + exp(x)\ng = sum(f)*x[1]\n",
    "the file's": "input title, desc, legend, name, bias, weight, function\noutput f, g\n"
    "title, desc, legend, name, bias, weight, function -> f, g : ~\n1 -> f, g : ~\n",
    "signs": "input ж, u436, Ж\noutput f\nж, u436, Ж -> f : ~\n",
    "frames": "input x\nnode h[2] : softmax\noutput f\nx -> h : ~\nh -> f : ~\n",
}


def assert_told_apart(picture):
    ids = re.findall(r'\bid="([^"]*)"', as_svg(picture))
    names = re.findall(r"\\node\[.*?\] \(([^)]*)\) at", as_tikz(picture))
    for found in (ids, names):
        assert len(found) == len({*found}), sorted({one for one in found if found.count(one) > 1})


@pytest.mark.parametrize("vectors", ["column", "circle"])
@pytest.mark.parametrize("text", CLASHES.values(), ids=CLASHES)
def test_no_two_groups_have_one_name(text, vectors):
    assert_told_apart(draw(flowc.loads(text).network, Drawing(vectors=vectors, legend=True)))


def test_only_what_clashes_is_renamed_and_circles_keep_their_names():
    groups = draw(flowc.loads(CLASHES["the file's"]).network, Drawing()).groups
    circles = [group.name for group in groups if group.kind == "node"]
    assert circles == ["title-2", "desc-2", "legend", "name", "bias", "weight", "function", "f", "g"]
    assert {"title-f", "bias-f", "bias-f-2", "weight-bias-f"} <= {group.name for group in groups}
