"""The plugin for pytest: rows of tables are tests, what fails is said in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import flowc

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[2]
XOR = (ROOT / "examples/xor.flow").read_text(encoding="utf-8")


@pytest.fixture(scope="module", autouse=True)
def loaded():
    """Runs in this process forget what they import, and numpy cannot be imported twice."""
    assert flowc.load(ROOT / "examples/xor.flow").test() == []


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Each run would import hypothesis for a summary."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest")


@pytest.fixture
def lectures(pytester):
    """A course's repository."""
    pytester.makefile(
        ".flow", xor=XOR, wrong=XOR.replace("0  1  | 1", "0  1  | 0"), plain="input x\noutput f\nx -> f : 1\n",
        odd="input x\noutput f\ny -> f : 1\n",
    )  # fmt: skip
    return pytester


def test_rows_are_tests(lectures) -> None:
    result = lectures.runpytest_inprocess("-v", "-rs")
    result.assert_outcomes(passed=7, failed=2, skipped=1)
    text = result.stdout.str()
    assert "xor.flow::row 1 PASSED" in text and "wrong.flow::row 2 FAILED" in text
    assert "odd.flow::diagram FAILED" in text
    assert "odd.flow:3:1: error[unknown-node]" in text and "not tested: no data say what an output should be" in text


def test_what_fails_is_said_in_words_alone(lectures) -> None:
    result = lectures.runpytest_inprocess("wrong.flow")
    said = result.stdout.lines[result.stdout.lines.index(next(n for n in result.stdout.lines if "FAILURES" in n)) :]
    assert said[1].strip(" _") == "wrong.flow: row 2"
    assert said[2:4] == ["row 2, x1=0 x2=1: f is 1, expected 0", said[3]] and said[3].startswith("=")
    assert "FAILED wrong.flow::row 2" in result.stdout.str() and "Traceback" not in result.stdout.str()


def test_one_row_alone_and_none(lectures) -> None:
    lectures.runpytest_inprocess("xor.flow::row 3").assert_outcomes(passed=1)
    lectures.runpytest_inprocess("-k", "xor and row").assert_outcomes(passed=4, deselected=6)
    assert lectures.runpytest_inprocess("-p", "no:flowc").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    for off in ("false", "off"):
        lectures.makeini(f"[pytest]\nflow = {off}\n")
        assert lectures.runpytest_inprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_other_files_beside(lectures) -> None:
    lectures.makepyfile("def test_one(): pass")
    lectures.makefile(".js.flow", types="declare export function f(x: number): number;")
    lectures.runpytest_inprocess("--deselect", "wrong.flow", "--deselect", "odd.flow").assert_outcomes(
        passed=5, skipped=1, deselected=5
    )


def test_in_several_processes(lectures) -> None:
    lectures.makeconftest("import sys\nsys.modules['torch'] = None  # is not installed")
    lectures.runpytest_inprocess("-n", "2", "xor.flow", "wrong.flow").assert_outcomes(passed=7, failed=1)


def test_collecting_computes_nothing(lectures) -> None:
    """Neither torch nor a backend is needed to list the rows."""
    lectures.makeconftest(
        "import flowc.nets.tables as t\ndef stop(*_): raise AssertionError('computed')\nt.Tables._make_net = stop\n"
    )
    result = lectures.runpytest_subprocess("--collect-only", "-q", "xor.flow")
    assert [line for line in result.stdout.lines if "::" in line] == [f"xor.flow::row {k}" for k in (1, 2, 3, 4)]


def test_data_in_a_file(pytester) -> None:
    pytester.makefile(
        ".flow", net='input x\noutput f\nf = 2*x\ndata "a.csv"\n', lost='input x\noutput f\nf = 2*x\ndata "b.csv"\n'
    )
    pytester.makefile(".csv", a="x,f\n1,2\n2,5\n")
    result = pytester.runpytest_inprocess("-v")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    assert "a.csv, row 3, x=2: f is 4, expected 5" in result.stdout.str()
    pytester.makefile(".csv", a="x,f\n1,2\n2,five\n")
    result = pytester.runpytest_inprocess("net.flow")
    result.assert_outcomes(failed=1)
    assert "a.csv, row 3, column `f`: `five` is not a number" in result.stdout.str()


def test_very_many_rows_are_one_test(pytester) -> None:
    pytester.makefile(".flow", net='input x\noutput f\nf = 2*x\ndata "a.csv"\n')
    pytester.makefile(".csv", a="x,f\n" + "".join(f"{k},{2 * k + (k > 1990)}\n" for k in range(2005)))
    result = pytester.runpytest_inprocess("-v")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "net.flow::a.csv FAILED" in text and "a.csv, row 1993, x=1991: f is 3982, expected 3983" in text
    assert "… and 4 more" in text


def test_from_another_folder(pytester, monkeypatch) -> None:
    folder = pytester.mkdir("lectures")
    (folder / "net.flow").write_text('input x\noutput f\nf = log(x)\ndata "a.csv"\n')
    (folder / "a.csv").write_text("x,f\n1,0\n0,1\n")
    result = pytester.runpytest_inprocess("lectures")
    result.assert_outcomes(passed=1, failed=1)
    assert f"a.csv, row 3, x=0: {Path('lectures/net.flow')}:3: f is -inf" in result.stdout.str()


def test_warnings_of_diagrams_are_no_errors(pytester) -> None:
    pytester.makefile(".flow", net="input x, unused\noutput f\nx -> f : 1\ndata { x unused | f\n1 2 | 1\n }\n")
    pytester.runpytest_inprocess("-W", "error").assert_outcomes(passed=1)


def test_the_plugin_is_light() -> None:
    """Pytest imports it in every project of an environment."""
    code = "import sys, pytest; old = {*sys.modules}; import flowc.doors.pytest_plugin; print(*sorted({*sys.modules} - old))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert found.split() == ["flowc", "flowc.doors", "flowc.doors.pytest_plugin"]


def test_flowc_needs_no_pytest() -> None:
    code = (
        "import sys; sys.modules['pytest'] = None\n"
        "from flowc.__main__ import main\n"
        "sys.exit(main(['test', 'examples/xor.flow', '--backend', 'numpy']))"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)


def test_our_own_diagrams_are_left_alone() -> None:
    """Many of them are wrong on purpose."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "tests/bad", "examples"]
    result = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, result.stdout
