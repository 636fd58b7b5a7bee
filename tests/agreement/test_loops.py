"""Every printed loop learns what `flow.train` learns: random diagrams with data and a method, and the faults of before."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import flowc
from flowc.backends.python.training.plan import Plan
from flowc.maths.optimisers import OPTIMISERS
from flowc.nets.verifying.loops import assert_loops_agree
from flowc.testing.make import GATED
from flowc.testing.strategies import Drawn, Random, make
from tests.agreement.lessons import SETTINGS, how, lesson
from tests.agreement.profile import examples


@st.composite
def lessons(draw: st.DrawFn) -> tuple[str, dict[str, bytes]]:
    """A diagram that learns, and the files beside it."""
    pick = Drawn(draw)
    with TemporaryDirectory() as folder:
        path = lesson(pick, make(pick, loss=True, scalars=pick.chance(0.3), without=(*GATED, "data", "train")), Path(folder))
        files = {p.name: p.read_bytes() for p in Path(folder).iterdir()}
    return Path(path).name, files


@examples(20)
@given(lessons())
def test_random_diagrams(drawn: tuple[str, dict[str, bytes]]) -> None:
    name, files = drawn
    with TemporaryDirectory() as folder:
        for file, data in files.items():
            Path(folder, file).write_bytes(data)
        flow = flowc.load(Path(folder, name))
        if any(w.learnt for w in flow.network.weights):
            assert_loops_agree(flow)


def test_every_method_and_setting_is_met() -> None:
    met: Counter[str] = Counter()
    for seed in range(300):
        method, _, settings = how(Random(seed)).partition("(")
        met.update([method, *(s.split("=")[0] for s in settings.removesuffix(")").split(", ") if s)])
    assert all(met[name] > 5 for name in (*OPTIMISERS, *SETTINGS)), met


# ---------------------------------------------------------------------------------------------------------- faults found

ODD_ELEMENTS = """\
index K = cat, "guinea pig"
input x[K], z[-1..0]
target y
output f
weight w[K], v[-1..0] ~ 1
f = w @ x + v @ z
loss mse(f, y)
data {
  x[cat] = linspace(0, 1, 3)
  x["guinea pig"] = 2*x[cat]
  z[-1] = x["guinea pig"] - 0.5
  z[0] = 1
  y = z[-1] + 1
}
train gd(steps=3)
"""
UNFELT = """\
input x[2]
node h[3] : sin
output f
target y
weight W[3, 2] ~
x -> h : W
x -> f : ~
loss mse(f, y)
data {
  x[1] x[2] y
  0.5  -1   1
  2    0.3  -1
}
"""
FOUND = {
    "a weight that the loss does not feel decays": UNFELT + "train adamw(rate=0.01, steps=3)\n",
    "so it does where the gradient decays": UNFELT + "train momentum(weight_decay=0.1, steps=3)\n",
    "and where the step has one line": UNFELT + "train gd(weight_decay=0.1, steps=3)\n",
    "it stays where nothing decays": UNFELT + "train adam(steps=3)\n",
    "a step cuts it off": UNFELT.replace("sin", "step").replace("x -> f : ~", "x, h -> f : ~")
    + "train rmsprop(weight_decay=0.5, steps=3)\n",
    "torch takes no ints for betas": UNFELT + "train adam(beta1=0, beta2=0.5, steps=3)\n",
}


@pytest.mark.parametrize("what", FOUND)
def test_found(what: str) -> None:
    assert assert_loops_agree(FOUND[what]).compared == 14


def test_by_every_method() -> None:
    assert assert_loops_agree(UNFELT, methods=tuple(OPTIMISERS), dtypes=("float64",)).compared == 7 * len(OPTIMISERS)


def test_a_loop_that_learns_something_else_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Plan, "decays", False)
    with pytest.raises(AssertionError, match="optimizer: the numbers of `W` are"):
        assert_loops_agree(FOUND["a weight that the loss does not feel decays"])


def test_elements_whose_names_are_none_of_python() -> None:
    """Columns of formulas: a name with a blank, a number below 0."""
    assert assert_loops_agree(ODD_ELEMENTS).compared
