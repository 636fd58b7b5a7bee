"""`flowc test` and the plugin for pytest: diagrams are tried on their tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowc.learning.table import holds
from tests.doors.command import in_process

pytest_plugins = "pytester"

EXAMPLES = Path(__file__).parents[2] / "examples"
XOR = (EXAMPLES / "xor.flow").read_text(encoding="utf-8")
GATES = ("xor", "xor_arrows", "and", "or", "reflex_arc", "step", "sign", "relu")


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, "test", *(a if isinstance(a, Path) else str(a) for a in arguments))


@pytest.mark.parametrize("name", GATES)
def test_the_tables_of_the_lecture(run, name: str) -> None:
    status, out, err = run(EXAMPLES / f"{name}.flow")
    assert status == 0 and "rows hold on numpy and torch" in out and err == ""


@pytest.mark.parametrize(("row", "old", "new"), [(1, "0  0  | 0", "0  0  | 1"), (4, "1  1  | 0", "1  1  | 0.5")])
def test_one_number_changed(run, tmp_path, row: int, old: str, new: str) -> None:
    path = tmp_path / "xor.flow"
    assert old in XOR
    path.write_text(XOR.replace(old, new))
    status, out, _ = run(path)
    x1, x2 = new.split()[:2]
    assert status == 1 and out == (
        f"{path}: 1 of 4 rows failed on numpy and torch\n"
        f"  row {row}, x1={x1} x2={x2}: f is {old[-1]}, expected {new.split()[-1]}\n"
    )


@pytest.mark.parametrize(("cell", "value", "held"), [
    ("1", 1.0, True), ("1", 1 + 1e-12, False), ("0", -0.0, True), ("-3", -3.0, True), ("-3", -2.9999, False),
    ("0.75", 0.7549, True), ("0.75", 0.7551, False), ("0.75", 0.745, True), ("0.75", 0.7449, False),
    ("1.0", 1.04, True), ("1.0", 1.06, False), ("-0.5", -0.54, True), ("1.5e-3", 0.00154, True),
    ("1.5e-3", 0.00156, False), ("2e3", 2400.0, True), ("2e3", 2600.0, False), ("+1", 1.0, True),
    ("0.5", float("nan"), False), ("0.5", float("inf"), False), ("0.125", 0.125, True),
])  # fmt: skip
def test_a_cell_holds_to_its_digits(cell: str, value: float, held: bool) -> None:
    assert holds(cell, value) == held


def test_classes_of_an_output(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    text = (
        "index class = cat, dog\ninput x\noutput p[class] : softmax\nx -> p : [1, -1]\ndata {{ x p\n2 cat\n-1 {} }}\n"
    )
    path.write_text(text.format("dog"))
    assert run(path)[0] == 0
    path.write_text(text.format("cat"))
    assert "row 2, x=-1: p is dog, expected cat" in run(path)[1]


def test_several_files(run, tmp_path) -> None:
    wrong, odd = tmp_path / "wrong.flow", tmp_path / "odd.flow"
    wrong.write_text(XOR.replace("0  0  | 0", "0  0  | 1"))
    odd.write_text("input x\noutput f\ny -> f : 1\n")
    status, out, err = run(EXAMPLES / "xor.flow", EXAMPLES / "iris.flow", wrong)
    assert status == 1 and err == "1 passed, 1 failed, 1 not tested\n"
    assert "iris.flow: not tested, no table has a column for an output\n" in out
    assert run(odd)[0] == 1 and run(EXAMPLES / "xor.flow", tmp_path / "none.flow")[0] == 2
    status, out, _ = run(EXAMPLES / "xor.flow", wrong, "--format", "json")
    found = json.loads(out)
    assert status == 1 and [f["outcome"] for f in found] == ["passed", "failed"]
    assert found[1]["failures"] == [{"row": 1, "given": "x1=0 x2=0", "wrong": ["f is 0, expected 1"]}]
    assert (found[0]["rows"], found[0]["backends"], found[0]["missing"]) == (4, ["numpy", "torch"], [])


def test_one_backend(run) -> None:
    assert "4 rows hold on torch" in run(EXAMPLES / "xor.flow", "--backend", "torch")[1]
    assert run(EXAMPLES / "xor.flow", "--backend", "jax")[0] == 2


def test_what_is_not_finite(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x\noutput f\nf = log(x)\ndata { x f\n1 0\n0 1 }\n")
    status, out, _ = run(path)
    assert status == 1 and "f is -inf for token 2 of 2" in out


# --------------------------------------------------------------------------------------------------------------- plugin


@pytest.fixture
def lectures(pytester):
    pytester.makefile(
        ".flow", xor=XOR, wrong=XOR.replace("0  1  | 1", "0  1  | 0"), plain="input x\noutput f\nx -> f : 1\n"
    )
    pytester.makefile(".flow", odd="input x\noutput f\ny -> f : 1\n")
    return pytester


def test_rows_are_tests(lectures) -> None:
    result = lectures.runpytest_inprocess("-v", "-rs")
    result.assert_outcomes(passed=7, failed=2, skipped=1)
    text = result.stdout.str()
    assert "row 2, x1=0 x2=1: f is 1, expected 0" in text and "Traceback" not in text
    assert "odd.flow:3:1: error[unknown-node]" in text and "not tested: no table has a column for an output" in text


def test_one_row_alone_and_none(lectures) -> None:
    result = lectures.runpytest_inprocess("xor.flow::row 3")
    result.assert_outcomes(passed=1)
    lectures.makeini("[pytest]\nflow = false\n")
    assert lectures.runpytest_inprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_plugin_is_light() -> None:
    """Pytest imports it in every project of an environment."""
    import subprocess
    import sys

    code = "import sys, flowc.doors.pytest_plugin; print(*(m for m in ('numpy', 'lark', 'networkx', 'torch') if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
