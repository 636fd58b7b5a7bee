"""The command in the header: it makes the file again, and tells nothing about the machine."""

import ast
import shlex

import pytest

from flowc.backends.backend import Options
from flowc.doors.header import command
from tests.doors.command import GOOD, in_process


def test_only_what_differs_from_the_defaults_in_one_order():
    assert command("a.flow", "numpy", Options()) == "flowc compile a.flow"
    options = Options(form="module", style="nodes", gradient="autograd", dtype="float64", part="forward")
    assert command("a.flow", "torch", options, {"D": 5, "M": 2}, "a.py") == (
        "flowc compile a.flow --backend torch --form module --style nodes --gradient autograd --dtype float64 "
        "--set D=5 --set M=2 --part forward -o a.py"
    )


def test_paths_are_as_typed_but_never_of_the_machine():
    assert command("b/../a.flow", "numpy", Options()) == "flowc compile b/../a.flow"
    assert command("/home/someone/a.flow", "numpy", Options(), output="/tmp/x.py") == "flowc compile a.flow -o x.py"
    assert command("-", "numpy", Options()) == "flowc compile -"
    assert command("-a.flow", "numpy", Options(), output="-b.py") == "flowc compile ./-a.flow -o ./-b.py"


@pytest.mark.parametrize("name", ["a b.flow", "$(touch x).flow", "a;b.flow", "-n.flow", "#.flow", "%s.flow"])
def test_any_name_is_quoted_and_makes_the_same_file(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(GOOD)
    first = in_process(capsys, "compile", f"./{name}")
    assert first[0] == 0
    text = ast.get_docstring(ast.parse(first[1]))
    again = next(line.strip() for line in text.splitlines() if "flowc compile" in line)
    assert in_process(capsys, *shlex.split(again)[1:]) == first
