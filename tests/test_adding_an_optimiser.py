"""docs/adding-an-optimiser.md, followed to the letter in a copy of flowc: one record, and everything else follows."""

import pytest

from tests.copies import copied_with_diagram, page, python

PAGE = page("adding-an-optimiser.md")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of flowc with the page's record, and its diagram."""
    return copied_with_diagram(tmp_path_factory.mktemp("copy"), PAGE)


LEARNT = """
from math import sqrt
import flowc
from flowc.testing import assert_loops_agree

x, y, w, b, v, u = [1, 2, 4], [3, 5, 9], 0.5, 0.0, 0.0, 0.0
for _ in range(20):
    d = [2 * (w * a + b - c) / 3 for a, c in zip(x, y)]
    g, h = sum(k * a for k, a in zip(d, x)), sum(d)
    v, u = v + g**2, u + h**2
    w, b = w - 0.5 * g / (sqrt(v) + 1e-6), b - 0.5 * h / (sqrt(u) + 1e-6)
for backend in ("numpy", "torch"):
    found = flowc.load("line.flow").train(backend=backend).weights
    assert abs(found["w"] - w) < 1e-12 and abs(found["b"] - b) < 1e-12, (found, w, b)
again = flowc.loads(open("line.flow").read().partition("train")[0]).train(method="adagrad", rate=0.5, steps=20, eps=1e-6)
assert abs(again.weights["w"] - w) < 1e-12
assert assert_loops_agree(open("line.flow").read(), methods=["adagrad"]).compared > 4
"""


def test_it_learns_and_every_printed_loop_learns_the_same(copy):
    python(copy, "-c", LEARNT)


COMMANDS = """
from flowc.__main__ import main

assert main(["train", "line.flow", "--quiet"]) == 0
assert main(["train", "line.flow", "--quiet", "--method", "adagard"]) == 2
assert main(["fmt", "--check", "line.flow"]) == 0
assert main(["verify", "line.flow", "--seconds", "0"]) == 0
assert main(["equations", "line.flow"]) == 0
assert main(["equations", "line.flow", "--format", "latex", "--part", "update"]) == 0
for more in ([], ["--backend", "torch"], ["--backend", "torch", "--form", "module"]):
    assert main(["compile", "line.flow", "--train", *more]) == 0
assert main(["compile", "line.flow", "--train", "--backend", "torch", "--optimizer"]) == 2
"""


def test_the_commands_know_it(copy):
    said = python(copy, "-c", COMMANDS)
    assert "did you mean `adagrad`" in said
    assert "v ← v + g²" in said and r"\sqrt{v} + \epsilon" in said
    assert said.count("of AdaGrad") >= 3 and "v = v + g**2" in said and "np.sqrt(v)" in said and "torch.sqrt(v)" in said
    assert "not of `adagrad`; without it they are written out" in said


def test_the_documentation_knows_it(copy):
    assert "`adagrad`" in python(copy, "docs/make_functions.py")


def test_the_property_tests_know_it(copy):
    drawn = "from flowc.testing.strategies import Random, make\nprint(*(make(Random(k)).text for k in range(400)))"
    assert "train adagrad" in python(copy, "-c", drawn)
