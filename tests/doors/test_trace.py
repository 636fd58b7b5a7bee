"""`flowc trace`: one token of a diagram, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.learning.weights import write_weights
from tests.doors.command import in_process

EXAMPLES = Path(__file__).parents[2] / "examples"
XOR = EXAMPLES / "xor.flow"
MAZUR = EXAMPLES / "worked_example.flow"
NET = EXAMPLES / "net232.flow"

XOR_TEXT = """\
xor: The exclusive or of two bits
row 2 of the table of xor.flow

forward
  x1  = 0
  x2  = 1
  xi1 = 0.5 - x1 - x2  = 0.5 - 0 - 1  = -0.5
  h1  = step(xi1)      = step(-0.5)   = 0
  xi2 = -1.5 + x1 + x2 = -1.5 + 0 + 1 = -0.5
  h2  = step(xi2)      = step(-0.5)   = 0
  xi3 = 0.5 - h1 - h2  = 0.5 - 0 - 0  = 0.5
  f   = step(xi3)      = step(0.5)    = 1

where
  step  The unit step u: 1 where xi >= 0, else 0
"""


@pytest.fixture
def trace(capsys):
    return lambda *arguments: in_process(capsys, "trace", *(a if isinstance(a, Path) else str(a) for a in arguments))


def test_a_row_of_the_table(trace) -> None:
    assert trace(XOR, "--row", 2) == (0, XOR_TEXT, "")
    assert trace(XOR, "--row", 2, "--backend", "torch") == (0, XOR_TEXT, "")


def test_without_a_row_the_first_is_taken_and_said(trace) -> None:
    status, out, _ = trace(XOR)
    assert status == 0 and out.splitlines()[1] == "row 1 of the table of xor.flow"
    assert "  xi1 = 0.5 - x1 - x2  = 0.5 - 0 - 0  = 0.5\n" in out


def test_values(trace) -> None:
    status, out, _ = trace(XOR, "x2=1", "x1=0")
    assert status == 0 and out.partition("\n\n")[2] == XOR_TEXT.partition("\n\n")[2]
    status, out, _ = trace(EXAMPLES / "softmax.flow", "x=2,1", "y=dog")
    assert status == 0 and "-y[dog]*log(p[dog])" in out


def test_values_without_a_target_are_the_forward_pass(trace) -> None:
    status, out, _ = trace(MAZUR, "i1=0.05", "i2=0.1")
    assert status == 0 and "o2" in out and "loss" not in out.partition("\n\n")[2]


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "json"])
@pytest.mark.parametrize(("rate", "dtype"), [("1e300", "float64"), ("1.7e308", "float64"), ("1e25", "float32"), ("1e300", "float32")])
def test_a_step_to_a_loss_that_is_no_number_is_shown(trace, tmp_path, rate: str, dtype: str, form: str) -> None:
    """Also where the weights that it leads to are numbers."""
    diagram = tmp_path / "far.flow"
    diagram.write_text("input x\ntarget y\noutput f\nx -> f : w ~ 1\nloss mse(f, y)\ndata { x | y\n1 | 2 }\n")
    status, text, err = trace(diagram, "--rate", rate, "--dtype", dtype, "--format", form)
    assert status == 0 and "Warning" not in err
    assert {"text": "loss' = inf", "markdown": "| `loss'` |  |  | inf |", "latex": r"{\mathcal{L}}' &= inf", "json": '"inf"'}[form] in text


def test_what_is_infinite_within_a_formula_is_shown_as_that(trace, tmp_path) -> None:
    """Python's own exp refuses 1000, a net's does not."""
    path = tmp_path / "a.flow"
    path.write_text("input x\noutput f, g\nf = 1/(1 + exp(x))\ng = 1/(2 + x^200)\n")
    status, out, _ = trace(path, "x=1000")
    assert status == 0 and "nan" not in out and "≈" not in out
    assert "f_1    = exp(xi_f_1) = exp(1000) = inf" in out and "= 1/f_2       = 1/inf     = 0" in out


def test_the_rate(trace) -> None:
    assert "each weight less 0.5 times its gradient; that rate is the diagram's\n" in trace(MAZUR)[1]
    assert "less 0.25 times its gradient; that rate is the command line's\n" in trace(MAZUR, "--rate", 0.25)[1]
    for dtype in ("float32", "float64"):  # farther than its numbers reach
        assert "loss' = " in trace(MAZUR, "--rate", "1.7e308", "--dtype", dtype)[1]
    assert "less 0.1 times its gradient; that rate is flowc's own, since" in trace(NET)[1]


def test_the_rate_of_a_method_that_is_more_than_its_rate(trace, tmp_path) -> None:
    path = tmp_path / "a.flow"
    path.write_text("input x\noutput f\nx -> f : w ~ 1\nloss f^2\ntrain adam(rate=0.01, warmup=2)\n")
    status, out, _ = trace(path, "x=1")
    assert status == 0 and "less 0.005 times its gradient; that rate is the diagram's; the rest of `adam`" in out


def test_more_digits(trace) -> None:
    assert "  loss' = 0.2910\n" in trace(MAZUR)[1]
    assert "  loss' = 0.291027774\n" in trace(MAZUR, "--digits", 9)[1]


def test_all_elements_and_terms(trace) -> None:
    values = [EXAMPLES / "perceptron.flow", "x=1,1", "y=8"]
    short, whole = trace(*values)[1], trace(*values, "--all")[1]
    assert "(17 more" in short and "… " in short and "f[10]" not in short
    assert "more" not in whole and "  d_W[20,2] = d_xi_f[20]*x[2]" in whole


@pytest.mark.parametrize("form, ending", [("markdown", ".md"), ("latex", ".tex"), ("json", ".json"), ("text", ".txt")])
def test_files_by_their_names(trace, tmp_path, form, ending) -> None:
    out = tmp_path / f"xor{ending}"
    assert trace(XOR, "--row", 2, "-o", out) == (0, "", "")
    written = out.read_text(encoding="utf-8")
    assert trace(XOR, "--row", 2, "--format", form) == (0, written, "")
    other = "json" if form == "latex" else "latex"
    status, _, err = trace(XOR, "--format", other, "-o", out)
    assert (status, "has the name of a" in err) == ((0, False) if form == "text" else (2, True))


def test_the_page_shows_the_latex(trace) -> None:
    """A console block of the page cannot hold a line that ends in a backslash."""
    status, out, _ = trace(EXAMPLES / "step.flow", "x=0.5", "--format", "latex")
    assert status == 0 and f"\n```text\n{out}```\n" in (EXAMPLES.parent / "docs/trace.md").read_text(encoding="utf-8")


def test_json(trace) -> None:
    found = json.loads(trace(MAZUR, "--format", "json")[1])
    assert found["rate"] == 0.5 and [s["name"] for s in found["sections"]][-1] == "step"


def test_weights_of_a_file(trace, tmp_path) -> None:
    weights = {"W_h_x": np.zeros((3, 2)), "b_h": np.zeros(3), "W_f_h": np.ones((2, 3)), "b_f": np.array([1.0, 2])}
    path = tmp_path / "w.safetensors"
    path.write_bytes(write_weights(weights, {}))
    status, out, err = trace(NET, "--weights", path, "x=1,2")
    assert (status, err) == (0, "") and "1*0.5 + 1*0.5 + 1*0.5 + 2" in out and "= 3.5\n" in out


def test_drawn_weights_are_said_to_be(trace) -> None:
    _, one, err = trace(NET)
    assert "drawn, with the seed 0" in err
    assert trace(NET, "--seed", 1)[1] != one


def test_data_of_a_file(trace, tmp_path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("x1,x2\n0,0\n0,1\n")
    status, out, _ = trace(XOR, "--data", path, "--row", 2)
    assert status == 0 and out.partition("\n\n")[2] == XOR_TEXT.partition("\n\n")[2]


def test_another_size(trace) -> None:
    status, out, _ = trace(EXAMPLES / "perceptron.flow", "--set", "V=2", "x=1,1", "y=2")
    assert status == 0 and "d_xi_f[2] = f[2] - y[2]" in out


def test_a_diagram_without_inputs(trace, tmp_path) -> None:
    path = tmp_path / "a.flow"
    path.write_text("output f\nweight w ~ 2\nf = 3*w\nloss f^2\n")
    status, out, _ = trace(path)
    assert status == 0 and "d_w = 3*d_f" in out


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([XOR, "--row", "9"], "there is no row 9; the table of xor.flow has 4"),
        ([XOR, "--row", "-1"], "`-1` is no row; they count from 1, as `--row 2`"),
        ([XOR, "x1=0"], "x2"),
        ([XOR, "x1=0", "x2=a"], "`a` is not a number"),
        ([XOR, "--digits", "0"], "is not a whole number from 1 on"),
        ([XOR, "--digits", "16"], "at most 15 digits"),
        ([XOR, "--rate", "-1"], "`-1` is not a rate, as 0.1"),
        ([XOR, "--rate", "1_0"], "`1_0` is not a rate, as 0.1"),
        ([XOR, "--format", "pdf"], "invalid choice"),
        ([XOR, "-o", XOR], "is the diagram itself"),
        ([EXAMPLES / "layers.flow"], "layers has no data; give values, as `x=0,0,0,0`, or `--data FILE`"),
        ([XOR, "--weights", "nowhere.safetensors"], "cannot read `nowhere.safetensors`"),
        ([XOR, "--backend", "jax"], "jax"),
        ([EXAMPLES / "nothing.flow"], "cannot read"),
    ],
)
def test_wrong_usage(trace, arguments, said) -> None:
    status, out, err = trace(*arguments)
    assert (status, out) == (2, "") and said in err


def test_a_wrong_diagram(trace, tmp_path) -> None:
    path = tmp_path / "a.flow"
    path.write_text("input x\noutput f\nf = 2*y\n")
    status, out, err = trace(path, "x=1")
    assert (status, out) == (1, "") and "error[unknown-node]" in err


def test_a_number_that_is_not_finite(trace, tmp_path) -> None:
    path = tmp_path / "a.flow"
    path.write_text("input x\noutput f\nf = log(x)\n")
    status, out, err = trace(path, "x=0")
    assert (status, out) == (1, "") and "a.flow:3: f is -inf" in err


# ---------------------------------------------------------------------------------------------------------------- parts

SECTIONS = {"forward": ["forward"], "loss": ["loss"], "backward": ["backward", "weights"], "update": ["step"]}


@pytest.mark.parametrize("part", SECTIONS)
def test_a_part_has_the_lines_that_it_has_among_all(trace, part) -> None:
    every = json.loads(trace(MAZUR, "--format", "json")[1])
    alone = json.loads(trace(MAZUR, "--format", "json", "--part", part)[1])
    assert [s["name"] for s in alone["sections"]] == SECTIONS[part]
    assert alone["sections"] == [s for s in every["sections"] if s["name"] in SECTIONS[part]]
    assert ("rate" in alone) == (part == "update")
    text = trace(MAZUR, "--part", part)[1]
    assert set(text.splitlines()) <= set(trace(MAZUR)[1].splitlines())
    assert ("logistic  1 / (1 + exp" in text) == (part == "forward")


@pytest.mark.parametrize("arguments, sentence", [
    ((XOR, "--part", "backward"), "the trace of xor has nothing in `backward`: it has no loss"),
    ((MAZUR, "--part", "loss", "i1=0", "i2=0", "t1=0"), "the trace of worked_example has nothing in `loss`: the loss needs `t1` and `t2`"),
    ((MAZUR, "--gradients", "partial"), "`--gradients` goes with `--format latex`; other formats write `d_NAME`"),
])  # fmt: skip
def test_what_a_trace_has_not_is_said(trace, arguments, sentence) -> None:
    status, out, err = trace(*arguments)
    assert status == 2 and out == "" and sentence in err


def test_gradients_written_out(trace) -> None:
    assert r"\delta_{o_{1}}" in trace(MAZUR, "--format", "latex")[1]
    text = trace(MAZUR, "--format", "latex", "--gradients", "partial")[1]
    assert r"\partial \xi_{o_{1}}" in text and "delta" not in text


# ----------------------------------------------------------------------------------------------------------- from Python


def test_the_python_api_prints_what_the_command_line_does(trace) -> None:
    for form in ("text", "markdown", "latex", "json"):
        assert flowc.load(XOR).trace(row=2).print(form) == trace(XOR, "--row", 2, "--format", form)[1]
    mazur = flowc.load(MAZUR)
    assert mazur.trace(part="update", digits=6).print() == trace(MAZUR, "--part", "update", "--digits", 6)[1]
    assert "that rate is the call's\n" in mazur.trace(rate=0.25).print()
    learnt = {name: 2 * w for name, w in mazur.compile().init().items()}
    assert "xi_h1 = w1*i1 + w2*i2 + b1 = 0.3*0.05 + 0.4*0.1 + 0.35" in str(mazur.trace(weights=learnt))


def test_a_matrix_is_given_by_its_elements() -> None:
    flow = flowc.loads('index k = a, b\ninput x[k, 0..2]\noutput f\nf = sum(x)\n')
    text = str(flow.trace({"x": [[1, 2, 3], [4, 5, 6]]}))
    assert "  x[a,0] = 1\n" in text and "  x[b,2] = 6\n" in text


def test_a_notebook_shows_tables() -> None:
    shown = flowc.load(XOR).trace({"x1": 0, "x2": 1})
    data, _ = shown._repr_mimebundle_()
    assert data["text/markdown"] == shown.print("markdown") and data["text/plain"] == repr(shown) == str(shown)
    assert shown._repr_mimebundle_(include=["text/plain"])[0].keys() == {"text/plain"}


@pytest.mark.parametrize("options, error, sentence", [
    ({"part": "all of it"}, ValueError, "part is one of 'forward', 'loss', 'backward', 'update', 'all', not 'all of it'"),
    ({"gradients": "d"}, ValueError, "gradients is one of 'delta', 'partial', not 'd'"),
    ({"digits": 0}, ValueError, "digits is a whole number from 1 to 15, not 0"),
    ({"rate": -1}, ValueError, "rate is a positive number, not -1"),
    ({"row": 5}, ValueError, "there is no row 5; the table of xor.flow has 4"),
    ({"row": 0}, ValueError, "`row` is a whole number from 1 on, not 0"),
    ({"row": 1, "values": {"x1": 0, "x2": 1}}, ValueError, "`values` and `row` say the same in two ways; give one"),
    ({"values": {"x1": 0}}, ValueError, "the input `x2` has no value"),
    ({"part": "update"}, ValueError, "the trace of xor has nothing in `update`: it has no loss"),
])  # fmt: skip
def test_the_python_api_says_what_is_wrong(options, error, sentence) -> None:
    with pytest.raises(error) as raised:
        flowc.load(XOR).trace(**options)
    assert sentence in str(raised.value)
