"""What is computed in a step: the lines of its trace, in its alt text and under its picture."""

import re

import pytest

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.geometry import around, overlap
from flowc.drawing.lettering import size_of
from flowc.drawing.picture import Lettering

from .diagrams import EXAMPLES

BY_NAME = {path.stem: path for path in EXAMPLES}


def steps_of(name, **options):
    return drawn(flowc.load(BY_NAME[name]), {"show": "steps", "loss": True, **options})[0]


def said(picture):
    return picture.alt.partition(" Step ")[2]


def test_the_lectures_example():
    assert [said(picture) for picture in steps_of("xor", row=2)] == [
        "1 of 4: x₁ = 0; x₂ = 1.",
        "2 of 4: ξ₁ = 0.5 − x₁ − x₂ = 0.5 − 0 − 1 = −0.5; h₁ = step(ξ₁) = step(−0.5) = 0.",
        "3 of 4: ξ₂ = −1.5 + x₁ + x₂ = −1.5 + 0 + 1 = −0.5; h₂ = step(ξ₂) = step(−0.5) = 0.",
        "4 of 4: ξ₃ = 0.5 − h₁ − h₂ = 0.5 − 0 − 0 = 0.5; f = step(ξ₃) = step(0.5) = 1.",
    ]


def test_backward():
    """Mazur 2015: ∂E/∂o1 = 0.74136507, δ of o1 = 0.138498562; every line can be recomputed from its own numbers."""
    steps = [said(picture) for picture in steps_of("worked_example")]
    assert steps[8] == "9 of 17: ∂L/∂L = 1."
    (o1,) = (step for step in steps if "∂L/∂o₁ =" in step)
    assert "∂L/∂o₁ = 2·(o₁ − t₁)·∂L/∂loss₁ = 2·(0.751365 − 0.01)·0.5 = 0.7414; δ" in o1
    assert "·logistic′(ξ" in o1 and "= 0.7414·0.1868 = 0.1385." in o1
    assert "∂L/∂i₁ = w₁·δ" in steps[-1]


def test_a_softmax_has_its_exponentials_and_their_sum():
    (step,) = (said(p) for p in steps_of("softmax") if said(p).startswith("3 of"))
    assert re.search(r"e_dog = exp\(ξ_dog\) = exp\(0\) = 1; s = e_cat \+ e_dog \+ e_bird = 1 \+ 1 \+ 1 = 3; p_dog = e_dog/s = 1/3 = 0\.3333", step), step


@pytest.mark.parametrize("name", ["xor", "worked_example", "softmax", "iris", "xor_learnt"])
def test_captions_stand_under_the_picture_and_it_does_not_jump(name):
    bare, steps = steps_of(name), steps_of(name, captions=True)
    assert len({picture.size for picture in steps}) == 1
    for without, picture in zip(bare, steps, strict=True):
        assert picture.groups[: len(without.groups)] == without.groups
        caption = picture.groups[-1]
        assert caption.kind == "caption"
        boxes = [around(mark.middle, *size_of(mark.label, mark.size)) for mark in caption.marks if isinstance(mark, Lettering)]
        for k, box in enumerate(boxes):
            assert box[0] >= 0 and box[1] >= without.size[1] - 14 and box[2] <= picture.size[0] and box[3] <= picture.size[1]
            assert not any(overlap(box, other) for other in boxes[:k])
    assert any(len(picture.groups[-1].marks) > 1 for picture in steps)


def test_they_are_left_away_unless_asked_for():
    assert not any(group.kind == "caption" for picture in steps_of("xor") for group in picture.groups)


def test_an_authors_own_sentence_stays(tmp_path):
    assert steps_of("xor", alt="Exclusive or.")[1].alt.startswith("Exclusive or. Step 2 of 4: ξ₁ = ")


def test_captions_are_of_steps():
    with pytest.raises(ValueError, match="captions are of steps"):
        flowc.render(BY_NAME["xor"], captions=True)


def test_of_many_elements_some_have_no_caption():
    """A vector of which the trace leaves elements out: no sentence is false."""
    text = "input x[70]\noutput f[2]\nx[i] -> f[j] : 0.5\n"
    steps = drawn(flowc.loads(text), {"show": "steps", "values": {"x": [1.0] * 70}})[0]
    assert "f" in said(steps[1]) and "more" in said(steps[1])


def test_an_exercise_does_not_say_what_it_hides():
    steps = drawn(flowc.load(BY_NAME["xor"]), {"show": "steps", "row": 2, "blank": "h1"})[0]
    assert [said(picture) for picture in steps] == [f"{k} of 4." for k in (1, 2, 3, 4)]
    with pytest.raises(ValueError, match="captions say what an exercise hides"):
        drawn(flowc.load(BY_NAME["xor"]), {"show": "steps", "row": 2, "hide": "values", "captions": True})


def test_brackets_within_brackets_take_no_time():
    """To set those that grow within one another takes twice as long for each."""
    from time import process_time

    text = "input x\ntarget y\noutput f\nweight w ~ 0.5\nf = sqrt(1 + gelu(1 + sqrt(1 + exp(tanh(1 + w*x)/(1 + x^2))/(2 + x))))\nloss mse(f, y)\n"
    start = process_time()
    steps = drawn(flowc.loads(text), {"show": "steps", "values": {"x": 1.0, "y": 0.0}, "captions": True, "loss": True})[0]
    assert len(steps) > 5 and process_time() - start < 15
