"""docs/adding-a-primitive.md, followed to the letter in a copy of flowc: one class, and a word for each library."""

import pytest

from tests.copies import COPIED, add_function, block, copied, page, python

PAGE = page("adding-a-primitive.md")
PARTS = (*COPIED, "tests/__init__.py", "tests/program", "tests/backends")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of flowc with the page's changes, its record before that of `softmax`, and its diagram."""
    folder = copied(tmp_path_factory.mktemp("copy"), PAGE, PARTS)
    add_function(folder, block(PAGE, "python record"))
    (folder / "erf.flow").write_text(block(PAGE, "flow new"), encoding="utf-8")
    return folder


VALUES = """
import math
import numpy as np
import flowc

data = {"x": np.array([-1.0, 0.25, 0.5, 2.0]), "y": np.array([0.5, 1.0, 0.0, 0.25])}
for backend in ("numpy", "torch"):
    net = flowc.load("erf.flow").compile(backend=backend, dtype="float64")
    w = net.init(seed=0)
    expected = [math.erf(2 * x - 1) for x in data["x"]]
    assert np.allclose(net.forward(w, data)["f"], expected, rtol=0, atol=1e-15)
    slope = net.gradients(w, data)
    for name in w:
        h = 1e-6
        up, down = net.loss(w | {name: w[name] + h}, data), net.loss(w | {name: w[name] - h}, data)
        assert abs(slope[name] - (up - down) / (2 * h)) < 1e-8
"""


def test_value_and_gradient_in_numpy_and_torch(copy):
    python(copy, "-c", VALUES)


PRINTED = {
    "numpy": ([], "    from math import erf as of_number"),
    "plain": (["--style", "fast", "--lower", "scalar"], "from math import erf"),
    "torch": (["--backend", "torch", "--gradient", "autograd"], "torch.erf("),
    "explicit": (["--backend", "torch", "--gradient", "explicit"], "torch.erf("),
}


@pytest.mark.parametrize("printer", PRINTED)
def test_the_printed_file_passes_its_own_test(copy, printer):
    options, word = PRINTED[printer]
    made = f"printed_by_{printer}.py"
    python(copy, "-m", "flowc", "compile", "erf.flow", *options, "--dtype", "float64", "-o", made)
    assert word in (copy / made).read_text()
    python(copy, made, "--selftest")


def test_c_calls_its_own(copy):
    assert " = erf(" in python(copy, "-m", "flowc", "compile", "erf.flow", "--backend", "c")


def test_the_tests_of_operations_and_of_printers_know_it(copy):
    python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/program/test_operations.py", "tests/backends/test_spellings.py")


def test_equations_and_traces_know_it(copy):
    written = python(copy, "-m", "flowc", "equations", "erf.flow")
    assert "f = erf(ξ)" in written and "erf(ξ) = " not in written
    assert "d_xi_f*x = -2.2568*0.5" in python(copy, "-m", "flowc", "trace", "erf.flow", "x=0.5", "y=1")
