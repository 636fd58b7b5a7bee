"""Exercises: what is left blank or hidden stands nowhere in the file, whatever the format."""

import math
import re

import pytest

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.picture import Lettering, Panel, Stroke

NET = """
flow exam "An exam"
input x1, x2
target y
node h1, h2 : tanh
output f
x1 -> h1 : a ~ 0.8125
x2 -> h1 : c ~ -0.6875
x1, x2 -> h2 : 0.5625
h1, h2 -> f : v ~ 0.4375
1 -> h1 : b ~ 0.3125
loss mse(f, y)
"""
TOKEN = {"x1": 1, "x2": 2, "y": 0.5}


@pytest.fixture(scope="module")
def flow():
    return flowc.loads(NET)


def picture_of(flow, **options):
    (picture,), _ = drawn(flow, options)
    return picture


def words(picture):
    """All that is said in a picture: labels, tooltips, alt text and description."""
    labels = [m.label.text for g in picture.groups for m in g.marks if isinstance(m, Lettering)]
    return " | ".join([*labels, *(g.says for g in picture.groups), picture.alt, picture.description])


def looks_of_arrows(picture):
    return {(m.look, m.width) for g in picture.groups if g.kind in ("arrow", "bias") for m in g.marks if isinstance(m, Stroke)}


def test_a_blank_weight_is_nowhere(flow):
    said = words(picture_of(flow, arrows="numbers", digits=6))
    assert "0.8125" in said and "0.3125" in said
    picture = picture_of(flow, arrows="numbers", digits=6, blank="a,b")
    assert "0.8125" not in words(picture) and "0.3125" not in words(picture) and "0.6875" in words(picture)
    assert sum(isinstance(m, Panel) and m.look == "blank" for g in picture.groups for m in g.marks) == 2
    assert "to be filled in" in picture.description
    for form in ("svg", "tikz"):
        text = flowc.render(flow, form, arrows="numbers", digits=6, blank="a,b")
        assert "0.8125" not in text and "0.3125" not in text and "0.6875" in text


def test_a_blank_node_has_its_name_and_boxes(flow):
    xi = 0.8125 - 2 * 0.6875 + 0.3125
    numbers = [f"{n:.6g}".replace("-", "−") for n in (xi, math.tanh(xi), 0.4375 * math.tanh(xi))]
    said = words(picture_of(flow, values=TOKEN, digits=6))
    assert all(f" {number} |" in said for number in numbers)
    picture = picture_of(flow, values=TOKEN, digits=6, blank=["h1", "h1->f"])
    assert not any(number in words(picture) for number in numbers)
    assert "h₁" in words(picture)


def test_hidden_weights_leave_no_colour_and_no_width(flow):
    assert len(looks_of_arrows(picture_of(flow, arrows="numbers"))) > 2
    picture = picture_of(flow, arrows="numbers", hide="weights")
    assert len(looks_of_arrows(picture)) == 1
    assert not any(number in words(picture) for number in ("0.812", "0.562", "0.438", "room"))


@pytest.mark.parametrize("show", ["values", "gradients", "backprop"])
def test_hidden_values_are_those_of_all_but_inputs_and_targets(flow, show):
    picture = picture_of(flow, show=show, values=TOKEN, loss=True, hide=("values",), digits=5, legend=False)
    assert show == "gradients" or "input = 2 |" in words(picture).replace(";", " |")
    numbers = {*re.findall(r"\d+(?:\.\d+)?", words(picture))}
    assert numbers <= {"1", "2", "3", "4", "6", "0.5", "0.8125", "0.6875", "0.5625", "0.4375", "0.3125"}


@pytest.mark.parametrize(
    ("blank", "said"),
    [
        ("q", "no `q` in the picture"),
        ("x1->h3", "did you mean `x1->h2`"),
        ("h1", "`h1` has no number"),
        (3, "`blank` takes names"),
    ],
)
def test_what_cannot_be_blank(flow, blank, said):
    with pytest.raises(ValueError, match=said):
        flowc.render(flow, blank=blank)


def test_elements_of_vectors():
    flow = flowc.loads("input x[2]\noutput f[2]\nx -> f : W ~ 0.625")
    text = flowc.render(flow, arrows="numbers", blank="W[1,2], W[2,1]")
    assert text.count("to be filled in") >= 2 and text.count("<title>0.625</title>") == 2


EXAM = """
flow exam "An exam"
input x1, x2
target y
node h1, h2 : tanh
output f
x1 -> h1 : a ~ {a}
x2 -> h1 : c ~ -0.6875
x1, x2 -> h2 : {k}
h1, h2 -> f : v ~ 0.4375
1 -> h1 : b ~ {b}
loss mse(f, y)
"""
ANSWERS = {"a": 0.8125, "k": 0.5625, "b": 0.3125}
OTHERS = {"a": -32109.25, "k": 0, "b": -1e-7}
EVERYTHING = "x1,x2,h1,h2,f,loss,y,a,b,c,v,x1->h2,x2->h2,h1->f,h2->f"


@pytest.mark.parametrize("format", ["svg", "tikz", "html"])
@pytest.mark.parametrize(
    "options",
    [
        {"show": "structure", "arrows": "both", "blank": "a,b,x1->h2,x2->h2"},
        {"show": "structure", "arrows": "numbers", "hide": "weights", "loss": True},
        *({"show": show, "blank": EVERYTHING, "loss": True, "digits": 6} for show in ("values", "gradients", "backprop", "steps")),
        *({"show": show, "hide": "weights,values", "loss": True} for show in ("values", "gradients", "backprop", "steps")),
    ],
    ids=lambda options: f"{options['show']}-{'blank' if 'blank' in options else 'hide'}",
)
def test_other_answers_make_the_same_file_byte_by_byte(options, format):
    """Neither places, sizes and ids nor words tell them."""
    token = {} if options["show"] == "structure" else {"values": TOKEN}
    handed_out = flowc.render(flowc.loads(EXAM.format(**ANSWERS)), format, **options, **token)
    for name in ANSWERS:
        other = flowc.loads(EXAM.format(**{**ANSWERS, name: OTHERS[name]}))
        assert flowc.render(other, format, **options, **token) == handed_out, name


@pytest.mark.parametrize("options", [{"blank": "w"}, {"blank": "x->f"}, {"hide": "weights"}])
def test_the_label_of_a_blank_weight_is_not_read_aloud(options):
    flow = flowc.loads('weight w "slope" ~ 0.5, b "start" ~ 1\ninput x "in"\noutput f\nf = w*x + b')
    assert "w is labelled: slope" in picture_of(flow).description
    picture = picture_of(flow, **options)
    assert "slope" not in words(picture) and "x is labelled: in" in picture.description
    assert ("b is labelled: start" in picture.description) is ("blank" in options)


@pytest.mark.parametrize("option", ["blank", "hide"])
def test_no_name_is_not_nothing_to_hide(flow, option):
    with pytest.raises(ValueError, match=f"`{option}` takes names, not"):
        flowc.render(flow, **{option: " , "})
    assert flowc.render(flow, **{option: ()}) == flowc.render(flow)


def test_a_blank_number_keeps_the_name_of_its_weight(flow):
    said = words(picture_of(flow, arrows="both", blank="a,b"))
    assert "a = □" in said and "b = □" in said and "c = −0.688" in said and "0.812" not in said


def test_a_weight_that_is_a_circle_of_the_loss_is_blank_there_too():
    flow = flowc.loads("input x\ntarget y\noutput f\nx -> f : V ~ 0.8125\nloss sse(f, y) + 0.1*V^2")
    options = {"loss": True, "show": "values", "values": {"x": 1, "y": 2}, "digits": 6}
    assert "0.8125" in words(picture_of(flow, **options))
    number = lambda **more: [w for w in words(picture_of(flow, **options, **more)).replace("|", " ").split() if w.strip(",;.") == "0.8125"]
    assert len(number(blank="V")) < len(number())
    assert number(blank="V,f,x->f") == [] and number(hide="weights,values") == []
