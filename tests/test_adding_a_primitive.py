"""docs/adding-a-primitive.md, followed to the letter in a copy of flowc: one class, and a word for each library."""

import re
import shutil
from pathlib import Path

import pytest

from tests.test_adding_a_function import add_record, python

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/adding-a-primitive.md").read_text(encoding="utf-8")
CHANGES = re.findall(r"```diff (\S+)\n(.*?)```", PAGE, re.DOTALL)
RECORD = re.search(r"```python record\n(.*?)```", PAGE, re.DOTALL)[1]
DIAGRAM = re.search(r"```flow new\n(.*?)```", PAGE, re.DOTALL)[1]


def side(change, sign):
    """The lines before or after a change."""
    return "".join(line[1:] or "\n" for line in change.splitlines(keepends=True) if line[0] in (" ", sign))


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of flowc with the page's changes, its record before that of `softmax`, and its diagram."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("flowc", "grammar", "docs", "tests/__init__.py", "tests/program", "tests/backends"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, change in CHANGES:
        path = folder / name
        text, before = path.read_text(encoding="utf-8"), side(change, "-")
        assert text.count(before) == 1, (name, before)
        path.write_text(text.replace(before, side(change, "+")), encoding="utf-8")
    add_record(folder, RECORD)
    (folder / "erf.flow").write_text(DIAGRAM, encoding="utf-8")
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


def test_the_tests_of_operations_and_of_printers_know_it(copy):
    python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/program/test_operations.py", "tests/backends/test_spellings.py")


def test_equations_and_traces_know_it(copy):
    written = python(copy, "-m", "flowc", "equations", "erf.flow")
    assert "f = erf(ξ)" in written and "erf(ξ) = " not in written
    assert "d_xi_f*x = -2.2568*0.5" in python(copy, "-m", "flowc", "trace", "erf.flow", "x=0.5", "y=1")
