"""The command in the header: it makes the file again, and tells nothing about the machine."""

import ast
import shlex

import pytest

from flowc.backends.backend import Options
from flowc.backends.code.names import may_stand
from flowc.doors.cli.path_types import path_of_word
from flowc.nets.command_line import command_line
from tests.doors.command import GOOD, in_process


def test_only_what_differs_from_the_defaults_in_one_order():
    assert command_line("a.flow", "numpy", Options()) == "flowc compile a.flow"
    options = Options(form="module", style="nodes", gradient="autograd", dtype="float64", part="forward")
    assert command_line("a.flow", "torch", options, {"D": 5, "M": 2}, "a.py") == (
        "flowc compile a.flow --backend torch --form module --style nodes --gradient autograd --dtype float64 "
        "--set D=5 --set M=2 --part forward -o a.py"
    )


def test_paths_are_as_typed_but_never_of_the_machine():
    assert command_line("b/../a.flow", "numpy", Options()) == "flowc compile b/../a.flow"
    assert command_line("/home/someone/a.flow", "numpy", Options(), output="/tmp/x.py") == "flowc compile a.flow -o x.py"
    assert command_line("-", "numpy", Options()) == "flowc compile -"
    assert command_line("-a.flow", "numpy", Options(), output="-b.py") == "flowc compile ./-a.flow -o ./-b.py"


def test_names_that_no_comment_can_hold_are_references():
    assert command_line("ξ.flow", "numpy", Options(), {"ξ": 5}) == "flowc compile file:%CE%BE.flow --set %CE%BE=5"
    assert command_line("file:a.flow", "numpy", Options()) == "flowc compile ./file:a.flow"
    assert [path_of_word(word) for word in ("file:%CE%BE.flow", "file:///a%20b", "./file:a", "a%20b")] == (
        ["ξ.flow", "/a b", "./file:a", "a%20b"]
    )


def test_a_size_by_a_name_that_is_not_ascii(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.flow").write_text("index x̂ = 4\ninput x[x̂]\noutput f\nx -> f : ~\n", encoding="utf-8")
    first = in_process(capsys, "compile", "a.flow", "--set", "x̂=5")
    assert first[0] == 0 and in_process(capsys, "compile", "a.flow", "--set", "x%CC%82=5") == first
    assert "--set x%CC%82=5" in first[1]


NAMES = [
    "a b.flow", "a  b.flow", " a.flow", "a.flow ", "$(touch x).flow", "a;b.flow", "-n.flow", "#.flow", "%s.flow", "a%20b.flow",
    "it's.flow", 'q"q.flow', 'q"""q.flow', "\\N{BULLET}.flow", "ends\\", 'ends"', "new\nline.flow", "tab\t.flow", "ξ.flow", "e\u0301.flow",
    "\u202e.flow", "\u200b.flow", "\xa0.flow", "\udcff.flow", "file:a.flow", "~", "{}", "x" * 200,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_quoted_and_makes_the_same_file(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(GOOD)
    first = in_process(capsys, "compile", f"./{name}")
    assert first[0] == 0 and all(c.isascii() or may_stand(c) for c in first[1])
    text = ast.get_docstring(ast.parse(first[1]))
    lines = text.replace("\\\n", " ").splitlines()  # a long command is continued
    again = next(line.strip() for line in lines if "flowc compile" in line)
    assert in_process(capsys, *shlex.split(again)[1:]) == first
