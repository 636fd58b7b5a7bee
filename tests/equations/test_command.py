"""`flowc equations`, as its users call it."""

import pytest

import flowc
from flowc.__main__ import main
from tests.doors.command import EXAMPLES, in_process


def said(capsys, *arguments):
    return in_process(capsys, "equations", *arguments)


def test_text_on_standard_output(capsys):
    status, out, err = said(capsys, EXAMPLES / "xor.flow")
    assert (status, err) == (0, "")
    assert out == flowc.load(EXAMPLES / "xor.flow").equations("text")


@pytest.mark.parametrize(
    "name, begins", [("a.tex", "% needs"), ("a.md", "# xor"), ("a.txt", "xor: "), ("a.mml", "<math ")]
)
def test_the_ending_says_the_format(tmp_path, name, begins):
    if name == "a.mml":
        pytest.importorskip("latex2mathml")
    assert main(["equations", str(EXAMPLES / "xor.flow"), "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_numbers_are_those_of_run(capsys):
    _, first, err = said(capsys, EXAMPLES / "net232.flow", "--numbers", "--part", "forward")
    assert "weights are drawn, with the seed 0" in err
    flow = flowc.load(EXAMPLES / "net232.flow")
    assert first == flow.equations("text", part="forward", weights=flow.compile().init(0))
    _, other, _ = said(capsys, EXAMPLES / "net232.flow", "--numbers", "--seed", "3", "--part", "forward")
    assert other == flow.equations("text", part="forward", weights=flow.compile().init(3)) != first


def test_learnt_weights(capsys, tmp_path):
    pytest.importorskip("safetensors")
    weights = tmp_path / "w.safetensors"
    assert main(["train", str(EXAMPLES / "worked_example.flow"), "-o", str(weights)]) == 0
    capsys.readouterr()
    _, out, err = said(capsys, EXAMPLES / "worked_example.flow", "--numbers", "--weights", weights)
    assert "ξₕ₁ = 0.1498 i₁ + 0.1996 i₂ + 0.35" in out
    assert err == ""


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--seed", "1"], "`--seed` says which numbers; it goes with `--numbers`"),
        (["--weights", "w.safetensors"], "`--weights` says which numbers; it goes with `--numbers`"),
        (["--standalone"], "`--standalone` goes with `--format latex`"),
        (["--ascii", "--format", "latex"], "`--ascii` goes with `--format text`"),
        (["--part", "update"], "xor has no equations for `--part update`: it has no loss, or nothing in it learns"),
        (["-o", "a.md", "--format", "latex"], "`a.md` has the name of a markdown file"),
        (["--form", "matrix"], "invalid choice: 'matrix'"),
        (["--digits", "0"], "`0` is not a whole number from 1 on"),
    ],
)
def test_what_cannot_be_is_said(capsys, arguments, words):
    status, out, err = said(capsys, EXAMPLES / "xor.flow", *arguments)
    assert (status, out) == (2, "")
    assert words in err


def test_problems_of_the_diagram(capsys, tmp_path):
    (tmp_path / "a.flow").write_text("input x\noutput f\nf = 2*y\n")
    status, out, err = said(capsys, tmp_path / "a.flow")
    assert (status, out) == (1, "")
    assert "unknown" in err


def test_the_diagram_is_not_written_over(capsys, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("input x\noutput f\nf = 2*x\n")
    status, _, err = said(capsys, path, "-o", path)
    assert status == 2
    assert "is the diagram itself" in err


def test_a_size_changes(capsys):
    _, out, _ = said(capsys, EXAMPLES / "perceptron.flow", "--set", "V=2", "--part", "loss")
    assert "Σⱼ₌₁² ξⱼ (fⱼ − yⱼ)" in out


def test_numbers_are_as_written(capsys, tmp_path):
    """No fraction of large numbers, no point behind whole ones: only what is small has the digits to be a third."""
    path = tmp_path / "large.flow"
    path.write_text("input x\noutput f\nf = 999999999999999*x + 2000000*x^2 + 0.6666666666666666*x^3 - 12345678.333333333\n")
    _, out, _ = said(capsys, path, "--part", "forward")
    assert "f = 999999999999999 x + 2000000 x² + 2 x³/3 − 12345678.333333332\n" in out
