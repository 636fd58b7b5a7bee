"""`flowc verify`: what it compares, what it says, and that it notices a backend that is wrong."""

from __future__ import annotations

import json
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from flowc import backends
from flowc.backends.backend import Printed
from flowc.backends.numpy.backend import NumpyBackend
from flowc.doors.cli import verify_progress
from flowc.nets.verifying import verification
from tests.doors.command import BAD, EXAMPLES, in_process

NET = """\
input x[2]
target y
node h[3] : tanh
output f
x -> h : ~ [[0.5, -1], [0.25, 2], [-0.5, 1]]
h -> f : ~ 0.5
1 -> f : ~ -1
loss mse(f, y)
data {
  x[1] x[2] | y
  0.5  1    | 1
  -1   0.25 | 0
  2    1    | 0.5
}
"""


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.fixture
def diagram(tmp_path):
    def write(text: str = NET):
        path = tmp_path / "net.flow"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def add(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    """A backend, as an installed package adds it."""
    monkeypatch.setattr(backends, "_added", lambda: {kind.name: SimpleNamespace(load=lambda: kind)})


class Wrong(NumpyBackend):
    """Its modules take the sine for the hyperbolic tangent."""

    name = "wrong"

    def emit_values(self, *arguments: Any) -> str:
        return super().emit_values(*arguments).replace("np.tanh(", "np.sin(")


class Breaking(NumpyBackend):
    name = "breaking"

    def emit(self, *arguments: Any) -> Printed:
        return Printed(super().emit(*arguments).text.replace("def forward(", "def onward("))


class OtherLanguage(NumpyBackend):
    name, language = "other", "javascript"

    def emit(self, *arguments: Any) -> Printed:
        return Printed("function forward(x) { return x; }")


def test_all_agree(run, diagram):
    status, out, err = run("verify", diagram(), "--seconds", "0")
    assert (status, err) == (0, "")
    assert out.startswith("net: all agree on 3 tokens of the table of net.flow\n")
    for what in ("second reading", "50 digits", "finite differences", "numpy, ", "torch, ", "numpy, float32"):
        assert f"\n{what}" in out


def test_sums_in_which_much_cancels_may_differ_by_the_rounding_of_what_does(run, diagram):
    cancelling = NET.replace("1 -> f : ~ -1", "x[1] -> f : 1e6\nz -> f : -1e6\nb -> f : ~ -1").replace(
        "output f", "output f\nz = 1.0000001*x[1]\nb = 0.1*x[2]"
    )
    status, out, _ = run("verify", diagram(cancelling), "--seconds", "0", "--backend", "numpy")
    assert status == 0 and "\n50 digits" in out


def test_random_numbers_where_there_are_no_data(run, diagram):
    status, out, _ = run("verify", diagram(NET.partition("data")[0]), "--seconds", "0", "--backend", "numpy")
    assert status == 0 and out.startswith("net: all agree on 1 draw of random numbers\n")
    assert "torch" not in out


def test_an_example_with_files(run):
    status, out, _ = run("verify", EXAMPLES / "evolved.flow", "--seconds", "0", "--backend", "numpy")
    assert status == 0 and "8 tokens of the table of evolved.flow" in out


def test_a_backend_that_is_wrong_is_caught_with_node_token_and_way(run, diagram, monkeypatch):
    add(monkeypatch, Wrong)
    status, out, _ = run("verify", diagram(), "--seconds", "0")
    assert status == 1 and out.startswith("net: not all agree on ")
    line = next(line for line in out.splitlines() if line.startswith("wrong nodes explicit values: "))
    assert "h[2] for token 3 is " in line and "where rounding explains " in line
    assert "fault of flowc's own" not in out


def test_a_backend_of_flowcs_own_that_is_wrong_is_to_be_reported(run, diagram, monkeypatch):
    monkeypatch.setattr(NumpyBackend, "emit_values", Wrong.emit_values)
    status, out, _ = run("verify", diagram(), "--seconds", "0", "--backend", "numpy")
    assert status == 1 and "this is a fault of flowc's own; please report it with the diagram" in out


def test_a_file_that_does_not_run_is_a_difference(run, diagram, monkeypatch):
    add(monkeypatch, Breaking)
    status, out, _ = run("verify", diagram(), "--seconds", "0", "--backend", "breaking")
    assert status == 1 and "breaking nodes explicit file: it does not run, KeyError: 'forward'" in out


def test_files_in_another_language_are_left_alone(run, diagram, monkeypatch):
    add(monkeypatch, OtherLanguage)
    status, out, _ = run("verify", diagram(), "--seconds", "0", "--backend", "other")
    assert status == 0 and "file" not in out


def test_a_chain_whose_files_have_numbers_beside_them(run, diagram):
    names = ["x", *(f"h{k}" for k in range(600))]
    lines = [f"{b} = tanh({a} + 0.5)" for a, b in pairwise(names)]
    text = "input x\noutput f\n" + "\n".join(lines) + f"\nf = {names[-1]}\n"
    status, out, _ = run("verify", diagram(text), "--seconds", "0", "--backend", "numpy")
    assert status == 0, out


def test_a_diagram_that_is_everywhere_near_a_threshold_is_compared_all_the_same(run, diagram):
    status, out, _ = run("verify", diagram("input x\noutput f\nf = step(x - x)\n"), "--seconds", "0", "--backend", "numpy")
    assert status == 0 and "net: all agree on 1 draw" in out


def test_a_threshold_is_said_to_be_one(run, diagram):
    text = (
        "input x, y\ntarget t\noutput f : step\nx, y -> f : ~ 0.1\n1 -> f : ~ -0.30000000000000004\n"
        "loss perceptron(f, t)\ndata {\nx y | t\n1 2 | 1\n}\n"
    )
    status, out, _ = run("verify", diagram(text), "--seconds", "0", "--backend", "numpy")
    assert status == 0
    assert "at a threshold: `f` for token 1 of the table of net.flow; the last digit decides, and " in out


def test_a_slope_alone_at_a_threshold_is_named_by_what_it_is_the_slope_of(run, diagram):
    """The backward pass asks on which side of 0 a square root's argument lies: in a step that has no name of its own."""
    net = "input x\ntarget t\noutput f\nweight w ~ 1\nf = sqrt(log(1 + exp(w*x)))\nloss mse(f, t)\n"
    text = net + "data {\nx | t\n1 | 0\n-800 | 0\n}\n"
    status, out, _ = run("verify", diagram(text), "--seconds", "0", "--backend", "numpy")
    assert status == 0 and "at a threshold: `f` for token 2 of the table of net.flow" in out
    assert "1 results" not in out


@pytest.mark.parametrize(
    "text",
    [
        "input x\noutput f\nweight w ~ 1\nf = w*x\nloss 3\n",
        "input x\noutput f\nf = " + "+".join(["x"] * 3000) + "\n",
    ],
    ids=["a loss that is a number", "a long sum in single precision"],
)
def test_what_is_odd_is_no_fault(run, diagram, text):
    status, out, _ = run("verify", diagram(text), "--seconds", "0")
    assert status == 0 and "all agree on" in out, out


def test_what_is_infinite_within_a_formula_is_named(run, diagram):
    text = "input x\noutput f\nf = 1/(1 + exp(x))\ndata {\nx\n1000\n}\n"
    status, out, err = run("verify", diagram(text), "--seconds", "0")
    assert (status, out) == (2, "") and "`f_1` is not finite on the table of net.flow, so that nothing can be compared" in err


def test_differences_of_a_large_loss_are_as_coarse_as_it_is(run, diagram):
    text = (
        "input x, z\ntarget y\noutput f\nweight w, v ~ 1\nf = w*x + v*z\nloss mse(f, y) + 1e20\n"
        "data {\nx z | y\n1 2 | 1\n-1 1 | 3\n}\n"
    )
    status, out, _ = run("verify", diagram(text), "--seconds", "0")
    assert status == 0, out


def test_other_data_are_compared_where_the_diagrams_own_cannot_be_read(run, diagram, tmp_path):
    (tmp_path / "other.csv").write_text("x[1],x[2],y\n1,2,3\n")
    path = diagram(NET[: NET.index("data")] + 'data "missing.csv"\n')
    status, out, _ = run("verify", path, "--data", tmp_path / "other.csv", "--seconds", "0")
    assert status == 0 and "all agree on 1 token of " in out
    assert "not compared: learning, since the diagram's own data cannot be used: missing.csv: no such file" in out


def test_json_has_every_number(run, diagram, monkeypatch):
    add(monkeypatch, Wrong)
    status, out, _ = run("verify", diagram(), "--seconds", "0", "--format", "json")
    said = json.loads(out)
    assert status == 1 and said["agrees"] is False and said["rounds"] == ["3 tokens of the table of net.flow"]
    assert said["compared"]["second reading"]["largest"]["difference"] < 1e-12
    wrong = said["differences"][0]
    assert wrong["way"].startswith("wrong ") and wrong["difference"] > wrong["rounding"] > 0


def test_the_same_seed_draws_the_same_numbers(run, diagram):
    found = [run("verify", diagram(), "--seconds", "0", "--seed", "7", "--format", "json")[1] for _ in range(2)]
    assert found[0] == found[1]


def test_what_is_not_installed_is_said(run, diagram, monkeypatch):
    monkeypatch.setattr(verification, "find_spec", lambda name: None)
    compile_ = backends.find

    def find(name):
        if name == "torch":
            raise ModuleNotFoundError("no torch")
        return compile_(name)

    monkeypatch.setattr(backends, "find", find)
    status, out, _ = run("verify", diagram(), "--seconds", "0")
    assert status == 0
    assert "not compared: torch, is not installed\n" in out
    assert "not compared: 50 digits, for which mpmath is not installed: `pip install flowc[verify]`\n" in out


def test_a_function_that_was_added_is_not_read_again(run, diagram, monkeypatch):
    monkeypatch.setattr(verification, "KNOWN", frozenset())
    status, out, _ = run("verify", diagram(), "--seconds", "0", "--backend", "numpy")
    assert status == 0 and "not compared: the second reading, which has no function `identity`" in out


def test_a_terminal_is_shown_a_bar_unless_it_is_to_be_quiet(capsys, monkeypatch):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(verify_progress, "is_terminal", lambda stream: True)
    for quiet in (True, False):
        with verify_progress.progress(3, quiet) as tell:
            tell("second reading")
        assert ("0 of 3 s" in capsys.readouterr().err) is not quiet


@pytest.mark.parametrize(
    ("text", "arguments", "status", "said"),
    [
        (BAD, (), 1, "error[unknown-node]"),
        (NET, ("--seconds", "soon"), 2, "`soon` is not a number of seconds, as 60"),
        (NET, ("--backend", "nunpy"), 2, "there is no backend `nunpy`; did you mean `numpy`?"),
        (NET, ("--data", "none.csv"), 2, "no such file"),
        ("input x\noutput f\nf = log(x)\ndata {\nx\n0\n}\n", (), 2, "`f` is not finite on the table of net.flow"),
        ("input x\noutput f\nf = log(-x^2 - 1)\n", ("--seconds", "0"), 2, "no numbers were found for net"),
    ],
)
def test_what_cannot_be_verified(run, diagram, text, arguments, status, said):
    found, out, err = run("verify", diagram(text), *arguments)
    assert (found, out) == (status, "") and said in err
