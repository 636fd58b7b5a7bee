"""What others may add, a method, a loss, a verb: it works, or is refused in words, and never a fault."""

from types import SimpleNamespace

import numpy as np
import pytest

import flowc
from flowc.doors.cli import commands
from flowc.maths.function import Function, Rule
from flowc.maths.functions import FUNCTIONS
from flowc.maths.optimisers import OPTIMISERS, Optimiser, Setting
from flowc.testing import assert_loops_agree
from tests.backends.scripts import agree, executed, script, trained
from tests.doors.command import BAD, in_process

TEXT = """\
input x
target y
output f : logistic
x -> f : w ~ 0.5
1 -> f : b ~ 0.1
loss {loss}
data {{
  x | y
  1 | 0.25
  3 | 1
}}
train {how}
"""
THREE = Optimiser(
    "three", "A method that keeps three arrays of a weight.",
    ("a = a + g", "b = b + a", "c = c + b", "w = w - rate * (a + b + c) / divisor"), ("a", "b", "c"),
    (*OPTIMISERS["gd"].settings, Setting("divisor", 2.0, "what a step is divided by")), "made for this test",
)  # fmt: skip
SCALED = Function(
    "scaled", "loss", "The absolute error times a number.", Rule("mean(scale * abs(f - y))"), r"a |f - y|",
    "made for this test", arguments=("f", "y"), parameters=(("scale", 2.0),),
)  # fmt: skip


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.fixture
def diagram(tmp_path):
    def write(loss="mse(f, y)", how="gd(steps=3)"):
        path = tmp_path / "net.flow"
        path.write_text(TEXT.format(loss=loss, how=how))
        return path

    return write


# -------------------------------------------------------------------------------------------------------------- methods


@pytest.mark.parametrize("form", [[], ["--backend", "torch"], ["--backend", "torch", "--form", "module"]])
def test_the_printed_loop_makes_the_steps_of_a_method_that_was_added(form, diagram, monkeypatch):
    monkeypatch.setitem(OPTIMISERS, "three", THREE)
    path = diagram(how="three(steps=4, divisor=3)")
    text = script(path, "--dtype", "float64", *form)
    assert "4 steps of three." in text
    agree(executed(text), trained(path), 1e-12)


def test_a_method_may_change_weights_that_the_loss_does_not_feel(monkeypatch):
    """As its lines say it, not for its settings; and its last line need not begin with w."""
    lines = ("v = v + g", "w = 0.9 * w - rate * v")
    shrinking = Optimiser("shrinking", "Weights lose a tenth.", lines, ("v",), OPTIMISERS["gd"].settings, "made for this test")
    monkeypatch.setitem(OPTIMISERS, "shrinking", shrinking)
    text = TEXT.format(loss="mse(f, y)", how="shrinking(steps=3)") + "node h : sin\nx -> h : a ~ 1\n"
    assert assert_loops_agree(text, dtypes=("float64",)).compared == 5


def test_torchs_optimisers_are_asked_for_methods_that_they_are(run, diagram, monkeypatch):
    monkeypatch.setitem(OPTIMISERS, "three", THREE)
    path = diagram(how="three(steps=4)")
    status, _, err = run("compile", path, "--train", "--optimizer", "--backend", "torch")
    assert status == 2 and "not of `three`; without it they are written out" in err


# --------------------------------------------------------------------------------------------------------------- losses


@pytest.mark.parametrize("written, scale", [("scaled(f, y)", 2), ("scaled(f, y, 3)", 3), ("scaled(f, y, scale=0.5)", 0.5)])
def test_a_loss_takes_its_parameter(written, scale, diagram, monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "scaled", SCALED)
    flow = flowc.load(diagram(written))
    for backend in ("numpy", "torch"):
        net = flow.compile(backend, dtype="float64")
        data = {"x": np.array([1.0, 3.0]), "y": np.array([0.25, 1.0])}
        values = net.forward(net.init(), data)
        assert np.isclose(net.loss(net.init(), data), scale * np.mean(np.abs(values["f"] - data["y"])))


@pytest.mark.parametrize("written, said", [("scaled(f, y, 3, 4)", "beside its arguments"), ("scaled(f, y, scal=3)", "scale")])
def test_and_no_other(written, said, run, diagram, monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "scaled", SCALED)
    status, out, _ = run("check", diagram(written))
    assert status == 1 and said in out


# ---------------------------------------------------------------------------------------------------------------- verbs


def test_a_verb_need_not_know_what_to_do_with_the_problems_of_a_diagram(run, monkeypatch):
    """They are told, with the exit status that is theirs."""
    verb = SimpleNamespace(configure=lambda parser: None, run=lambda chosen: flowc.loads(BAD))
    monkeypatch.setitem(commands.VERBS, "shout", "does something new")
    monkeypatch.setattr(commands, "import_module", lambda name: verb)
    status, out, err = run("shout")
    assert (status, out) == (1, "") and "error[" in err and "fault" not in err
