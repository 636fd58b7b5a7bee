"""Compact pictures: on half a slide every letter is at least 0.6 times the body's, and what is left out is said."""

import pytest

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.compact import LEFT_OUT
from flowc.drawing.picture import Lettering

from .test_nothing_covers import assert_nothing_covered

HALF, HEIGHT, BODY = 75.0, 68.0, 3.88  # mm: half of a 16:9 slide of beamer without its margins, and its 11 pt
SHARE = 0.59


def net(*sizes):
    names = ["x", *(f"h{k}" for k in range(1, len(sizes) - 1)), "p"]
    kinds = ["input x", *(f"node {name}" for name in names[1:-1]), "output p"]
    ends = ["", *[" : tanh"] * (len(sizes) - 2), " : softmax"]
    lines = [f"{kind}[{size}]{end}" for kind, size, end in zip(kinds, sizes, ends)]
    return flowc.loads("\n".join([*lines, f"{' -> '.join(names)} : ~", f"1 -> {', '.join(names[1:])} : ~"]))


def smallest_share(picture):
    """Of the body's letters, where the picture is as large as half a slide allows."""
    width, height = picture.size
    scale = min(HALF / width, HEIGHT / height)
    return min(m.size for g in picture.groups for m in g.marks if isinstance(m, Lettering)) * scale / BODY


@pytest.mark.parametrize("direction", ["right", "up"])
@pytest.mark.parametrize("sizes", [(2, 3, 2), (4, 4), (3, 5, 5, 2), (6, 8, 4)])
def test_every_letter_can_be_read(sizes, direction):
    (picture,), _ = drawn(net(*sizes), {"compact": True, "direction": direction})
    assert smallest_share(picture) >= SHARE
    assert not picture.warnings


def test_names_are_in_circles_functions_over_columns_and_the_rest_is_said_to_be_missing():
    (picture,), _ = drawn(net(2, 3, 2), {"compact": True})
    said = {g.name: [m.label.text for m in g.marks if isinstance(m, Lettering)] for g in picture.groups}
    assert said["h1_1"] == ["h⁽¹⁾₁"] and said["p_2"] == ["p₂"]
    assert said["caption-h1"] == ["tanh"] and said["function-p"] == ["softmax"]
    assert LEFT_OUT in said["legend"]
    assert not any(g.kind == "weight" for g in picture.groups)


def test_a_caption_says_the_function_too():
    flow = flowc.loads('input x\nnode h[2] "hidden" : relu\noutput f\nx -> h -> f : ~')
    (picture,), _ = drawn(flow, {"compact": True})
    assert ["hidden (relu)"] in [[m.label.text for m in g.marks if isinstance(m, Lettering)] for g in picture.groups]


def test_operations_keep_their_signs():
    (picture,), _ = drawn(flowc.loads("input a, b\noutput f\nf = a*b"), {"compact": True})
    said = [m.label.text for g in picture.groups for m in g.marks if isinstance(m, Lettering)]
    assert "×" in said and "f" in said


@pytest.mark.parametrize("options", [{"show": "values", "values": {"x": [0, 0]}}, {"arrows": "both"}])
def test_numbers_have_no_room(options):
    with pytest.raises(ValueError, match="no labels on arrows and no numbers"):
        flowc.render(net(2, 3, 2), compact=True, **options)


@pytest.mark.parametrize("direction", ["right", "up"])
def test_long_captions_cover_nothing_and_keep_their_function(direction):
    flow = flowc.loads(
        'input a "the first of two", b\nnode layer[2] "a layer that is hidden well" : tanh\noutput result[3] "results" : softmax\n'
        "a, b -> layer : [[0.5, -1], [2, 0]]\nlayer -> result : W ~ normal(0, 1)\n1 -> result : c ~ 0.1"
    )
    (picture,), _ = drawn(flow, {"compact": True, "direction": direction})
    assert_nothing_covered(picture)
    assert picture.warnings == ()
    assert "a layer that is… (tanh)" in [m.label.text for g in picture.groups for m in g.marks if isinstance(m, Lettering)]
