"""The code beside a picture: the printed function, and in each step the lines that compute what it shows."""

import pytest

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.picture import CodeText, Wedge
from flowc.nets.step_code import StepCode
from tests.examples.variants import flowc as command

from .diagrams import EXAMPLES
from .latex import compile_latex, read_pages

BY_NAME = {path.stem: path for path in EXAMPLES}


def marked(picture):
    """The lines of code that are marked, and all lines."""
    groups = {group.kind: group.marks for group in picture.groups}
    lines = [mark for mark in groups["code"] if isinstance(mark, CodeText)]
    bars = [mark for mark in groups["lit"] if isinstance(mark, Wedge)]
    middles = [(bar.corners[0][1] + bar.corners[2][1]) / 2 for bar in bars]
    return [line.text for line in lines if any(abs(line.left[1] - y) < 1 for y in middles)], [line.text for line in lines]


def steps_of(name, **options):
    return drawn(flowc.load(BY_NAME[name]), {"show": "steps", "listing": True, **options})[0]


def test_forward():
    steps = [marked(picture)[0] for picture in steps_of("xor", row=2)]
    assert [[line.partition("  #")[0] for line in lines] for lines in steps] == [
        [],
        ["xi1 = 0.5 - x1 - x2", "h1 = step(xi1)"],
        ["xi2 = -1.5 + x1 + x2", "h2 = step(xi2)"],
        ["xi3 = 0.5 - h1 - h2", "f = step(xi3)"],
    ]


def test_backward():
    """δ of the node, and the gradients of the weights on the arrows into it."""
    steps = steps_of("worked_example", loss=True)
    assert marked(steps[7])[0] == ["L = 0.5 * np.sum((o1 - t1) ** 2) + 0.5 * np.sum((o2 - t2) ** 2)"]
    assert marked(steps[11])[0] == ["d_o2 = o2 - t2", "d_xi_o2 = d_o2 * o2 * (1 - o2)", "d_w7 = (d_xi_o2 * h1).sum()", "d_w8 = (d_xi_o2 * h2).sum()"]


@pytest.mark.parametrize("name", ["worked_example", "xor_learnt", "softmax", "iris", "autoencoder"])
def test_it_is_the_printed_function_and_every_line_of_it_belongs_to_a_step(name):
    flow = flowc.load(BY_NAME[name])
    steps = steps_of(name, loss=True)
    _, printed, _ = command("compile", str(BY_NAME[name]), "--part", "gradients")
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    assert marked(steps[0])[1] == lines
    code = StepCode(flow.network, backward=True)
    computing = [line.text.strip() for line in code._lines if line.symbol is not None]
    assert {*computing} == {line for picture in steps for line in marked(picture)[0]}
    assert len(computing) >= 5


def test_it_stands_beside_the_picture_and_nothing_jumps():
    bare, steps = drawn(flowc.load(BY_NAME["xor"]), {"show": "steps"})[0], steps_of("xor")
    assert len({picture.size for picture in steps}) == 1
    for without, picture in zip(bare, steps, strict=True):
        assert picture.groups[: len(without.groups)] == without.groups
        for line in (mark for group in picture.groups if group.kind == "code" for mark in group.marks):
            assert line.left[0] > without.size[0] and line.left[0] + len(line.text) * line.advance <= picture.size[0]
            assert line.left[1] + line.size / 2 <= picture.size[1]


def test_code_comes_out_of_latex_as_it_is(tmp_path):
    text = flowc.render(BY_NAME["xor"], "tikz", show="steps", listing=True)
    document = f"\\documentclass{{article}}\n\\usepackage{{amsmath,tikz}}\n\\begin{{document}}\n\\small{text}\\end{{document}}\n"
    (page,) = read_pages(compile_latex(tmp_path, document))
    for line in ("def forward(x1, x2):", '"""The output f of every token."""', "xi2 = -1.5 + x1 + x2  # xor.flow:8", "f = step(xi3)"):
        assert line.replace(" ", "") in page.replace(" ", "").replace("−", "-").replace("”", '"'), page


def test_a_listing_is_of_steps_and_of_no_exercise():
    with pytest.raises(ValueError, match="a listing is of steps"):
        flowc.render(BY_NAME["xor"], listing=True)
    with pytest.raises(ValueError, match="a listing says what an exercise hides"):
        steps_of("xor", blank="h1")
