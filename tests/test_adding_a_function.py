"""docs/adding-a-function.md, followed to the letter in a copy of flowc: one record, and everything else follows."""

import pytest

from tests.copies import add_function, block, copied, page, python

PAGE = page("adding-a-function.md")
DIAGRAM = block(PAGE, "flow new")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of flowc with the page's record before that of `softmax`, and the page's diagram."""
    folder = copied(tmp_path_factory.mktemp("copy"), PAGE)
    add_function(folder, block(PAGE, "python record"))
    (folder / "bump.flow").write_text(DIAGRAM, encoding="utf-8")
    return folder


VALUES = """
import numpy as np
import flowc

data = {"x": np.array([-1.0, 0.25, 0.5, 2.0]), "y": np.array([0.5, 1.0, 0.0, 0.25])}
for backend in ("numpy", "torch"):
    net = flowc.load("bump.flow").compile(backend=backend, dtype="float64")
    w = net.init(seed=0)
    xi = 2 * data["x"] - 1
    assert np.allclose(net.forward(w, data)["f"], np.exp(-(xi**2)), rtol=0, atol=1e-15)
    slope = net.gradients(w, data)
    for name in w:
        h = 1e-6
        up, down = net.loss(w | {name: w[name] + h}, data), net.loss(w | {name: w[name] - h}, data)
        assert abs(slope[name] - (up - down) / (2 * h)) < 1e-8
"""


FILES = """
import runpy, sys
from flowc.__main__ import main

assert main(["compile", "bump.flow", "--gradient", "autograd"]) == 2
for backend, gradient in (("numpy", "explicit"), ("torch", "explicit"), ("torch", "autograd")):
    made = f"{backend}_{gradient}.py"
    options = ["--backend", backend, "--gradient", gradient, "--dtype", "float64", "-o", made]
    assert main(["compile", "bump.flow", *options]) == 0
    sys.argv = [made, "--selftest"]
    print(made)
    runpy.run_path(made, run_name="__main__")
"""


def test_value_and_gradient_in_numpy_and_torch_and_the_printed_files_pass_their_own_tests(copy):
    """In one process, which reads torch once."""
    told = python(copy, "-c", VALUES + FILES)
    for made in ("numpy_explicit.py", "torch_explicit.py", "torch_autograd.py"):
        assert f"{made}\nok\n" in told
        assert "def gaussian(xi):" in (copy / made).read_text()


COMMANDS = """
from flowc.__main__ import main

assert main(["functions"]) == 0
assert main(["check", "misspelt.flow"]) == 1
assert main(["fmt", "alias.flow"]) == 0
"""


def test_the_commands_know_it(copy):
    (copy / "misspelt.flow").write_text(DIAGRAM.replace("gaussian", "gausian"))
    (copy / "alias.flow").write_text(DIAGRAM.replace("gaussian", "bump"))
    told = python(copy, "-c", COMMANDS)
    assert "gaussian" in told.partition("misspelt.flow")[0]
    assert "did you mean `gaussian`" in told
    assert "output f : gaussian" in (copy / "alias.flow").read_text()


def test_the_documentation_knows_it(copy):
    assert "`gaussian(xi)`" in python(copy, "docs/make_functions.py")


STRATEGIES = """
from flowc.testing.functions import activations
assert "gaussian" in activations(False)
"""


def test_the_property_tests_know_it(copy):
    python(copy, "-c", STRATEGIES)
