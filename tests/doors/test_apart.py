"""No verb writes over a file that it reads or that its diagram names: each output option that a parser has is tried."""

import argparse
import os
from itertools import combinations

import numpy as np
import pytest

from flowc.doors.cli import declared_files
from flowc.doors.cli.commands import VERBS, module_of
from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.path_types import Input, Output
from flowc.learning.weights import write_weights
from tests.doors.command import in_process, parser_of, process

FILES = {
    "net.flow": (
        'nodes "nodes.csv"\nedges "edges.csv"\ntarget y\nloss mse(f, y)\ndata train "train.csv"\ndata test "rows.csv"\n'
        "train gd(rate=0.1, steps=2)\n"
    ),
    "nodes.csv": "name,role,activation\nx,input,\nf,output,tanh\n",
    "edges.csv": "source,target,weight,learnt\nx,f,0.5,yes\n1,f,-1,no\n",
    "train.csv": "x,y\n1,0\n2,1\n",
    "rows.csv": "x,y\n3,1\n",
    "data.csv": "x,y\n4,1\n",
    "held.csv": "x,y\n5,1\n",
}
# How a verb that writes files is called, and for each of its outputs the end of a name.
CALLS = {
    "compile": (["net.flow"], {"output": ".py"}),
    "run": (["net.flow"], {"output": ".csv"}),
    "trace": (["net.flow"], {"output": ".md"}),
    "equations": (["net.flow", "--numbers"], {"output": ".md"}),
    "draw": (["net.flow"], {"output": ".svg"}),
    "plot": (["net.flow", "--loss", "w_edges[1]"], {"output": ".svg"}),
    "train": (["net.flow"], {"output": ".safetensors", "log": ".csv", "plot": ".svg", "checkpoint": ".safetensors"}),
}
INPUTS = {"data": "data.csv", "weights": "weights.safetensors", "held_out": "held.csv", "resume": "resume.safetensors"}
OPERANDS = ("file", "files")
WORDS = {"PLACE", "FORMAT", "NAME", "FORM", "STYLE", "HOW", "DTYPE", "PART", "DEVICE", "TEXT", "NODE", "WEIGHT", "NUMBER", "CODE"}


def arguments(verb: str, kind: type) -> list[argparse.Action]:
    return [action for action in parser_of(verb)._actions if isinstance(action.type, kind)]


OUTPUTS = [(verb, action.dest) for verb in VERBS for action in arguments(verb, Output)]


def word(verb: str, dest: str) -> str:
    return next(action.option_strings[-1] for action in parser_of(verb)._actions if action.dest == dest)


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "weights.safetensors").write_bytes(write_weights({"w_edges": np.array([0.25])}, {}))
    return tmp_path


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def call(verb: str, dest: str, output: object) -> list[object]:
    return [verb, *CALLS[verb][0], word(verb, dest), output]


def inputs(verb: str, dest: str) -> dict[str, list[str]]:
    """The files that a command may read beside those of the diagram, each with the words that name it; without the one
    in which this output may go on."""
    continued = next(a.type.continues for a in arguments(verb, Output) if a.dest == dest)
    options = [a.dest for a in arguments(verb, Input) if a.dest not in (*OPERANDS, continued)]
    return {INPUTS[option]: [word(verb, option), INPUTS[option]] for option in options}


def test_every_argument_says_whether_it_is_a_file() -> None:
    """A new option that takes a file is of the type `Input` or `Output`; another takes some other word."""
    for verb in VERBS:
        for action in parser_of(verb)._actions:
            takes_text = action.type is None and action.nargs != 0 and not action.choices
            if takes_text and action.dest not in ("names", "values", "method"):
                assert str(action.metavar) in WORDS or "|" in str(action.metavar), (verb, action.dest)
            if isinstance(action.type, Input) and action.dest not in OPERANDS:
                assert action.dest in INPUTS, (verb, action.dest)


def test_every_output_is_tried_here() -> None:
    assert {(verb, dest) for verb, (_, ends) in CALLS.items() for dest in ends} == set(OUTPUTS)


@pytest.mark.parametrize(("verb", "dest"), OUTPUTS)
def test_nothing_that_is_read_or_named_is_written_over(run, folder, verb: str, dest: str) -> None:
    end = CALLS[verb][1][dest]
    assert run("train", "net.flow", "--quiet", "--checkpoint", "resume.safetensors")[0] == 0
    before = contents(folder)
    os.mkdir("links")
    read: dict[str, list[str]] = {name: [] for name in FILES if name not in ("data.csv", "held.csv")}
    for name, more in {**read, **inputs(verb, dest)}.items():
        os.symlink(folder / name, f"links/soft{end}")
        os.link(name, f"links/hard{end}")
        for output in (name, f"./{name}", folder / name, f"links/../{name}", f"links/soft{end}", f"links/hard{end}"):
            status, out, err = run(*call(verb, dest, output), *more)
            assert (status, out) == (2, "") and contents(folder) == before, (output, err)
            if str(output).endswith(end):
                assert "name another file" in err
        os.unlink(f"links/soft{end}")
        os.unlink(f"links/hard{end}")
    status, _, err = run(*call(verb, dest, f"links/new{end}"))
    assert status == 0 and contents(folder) == before and os.listdir("links") == [f"new{end}"], err


@pytest.mark.parametrize(("verb", "dest"), OUTPUTS)
def test_a_named_file_that_is_not_there_is_not_made(run, folder, verb: str, dest: str) -> None:
    end = CALLS[verb][1][dest]
    (folder / "rows.csv").unlink()
    for named, output in ((f"more{end}", f"more{end}"), (f"sub/../more{end}", f"./more{end}"), (f"More{end}", f"mORE{end}")):
        (folder / "net.flow").write_text(FILES["net.flow"].replace("rows.csv", named))
        status, out, err = run(*call(verb, dest, output))
        assert (status, out) == (2, "") and not (folder / output).exists()
        assert err.endswith(f"`{output}` is a file that the diagram names; name another file for the output\n"), err


@pytest.mark.parametrize(("verb", "dest"), OUTPUTS)
def test_only_fmt_writes_diagrams(run, folder, verb: str, dest: str) -> None:
    (folder / "other.flow").write_text("input x\n")
    os.symlink("other.flow", f"link{CALLS[verb][1][dest]}")
    before = contents(folder)
    for output in ("other.flow", "new.flow", "NEW.FLOW", f"link{CALLS[verb][1][dest]}"):
        for more in ([], ["--format", "svg"] if verb in ("draw", "plot") else []):
            status, out, err = run(*call(verb, dest, output), *more)
            assert (status, out) == (2, "") and "name of a diagram" in err and contents(folder) == before


@pytest.mark.parametrize(("verb", "dest"), OUTPUTS)
def test_an_output_has_a_place_before_any_work(run, folder, verb: str, dest: str, monkeypatch) -> None:
    end = CALLS[verb][1][dest]
    monkeypatch.setattr(module_of(verb), "run", lambda chosen: pytest.fail("work was begun"))
    for output, words in (
        (f"nowhere/a{end}", "cannot write"), ("net.flow/a" + end, "cannot write"), (".", "it is a folder"), ("", "no name"),
        ("x" * 300 + end, "too long"), ("a\0" + end, "no file can have this name"),
    ):  # fmt: skip
        status, out, err = run(*call(verb, dest, output))
        assert (status, out) == (2, "") and words in err, err


@pytest.mark.parametrize(
    ("verb", "one", "other"),
    [(verb, a, b) for verb, (_, ends) in CALLS.items() for a, b in combinations(sorted(ends), 2)],
)
def test_two_outputs_are_two_files(run, folder, verb: str, one: str, other: str) -> None:
    """By a name of letters alone too: a disk may keep no capitals."""
    ends = CALLS[verb][1]
    (folder / "old").write_text("old")
    for option, kind in ((one, "symlink"), (other, "link")):
        getattr(os, kind)("old", f"{option}{ends[option]}")
    before = contents(folder)
    pairs = [(f"{one}{ends[one]}", f"{other}{ends[other]}"), ("A.csv", "./a.csv")]
    for first, second in pairs:
        status, out, err = run(*call(verb, one, first), word(verb, other), second)
        assert (status, out) == (2, "") and "each output needs its own" in err and contents(folder) == before, err


def test_learnt_weights_and_checkpoints_go_on_in_their_own_files(run, folder) -> None:
    kept = ["--checkpoint", "c.safetensors"]
    assert run("train", "net.flow", "--quiet", "-o", "weights.safetensors", *kept)[0] == 0
    again = ["--weights", "weights.safetensors", "-o", "./weights.safetensors"]
    assert run("train", "net.flow", "--quiet", *again)[0] == 0
    assert run("train", "net.flow", "--quiet", "--resume", "./c.safetensors", *kept)[0] == 0
    for twice in (["--resume", "weights.safetensors"], ["--checkpoint", "weights.safetensors"]):
        assert run("train", "net.flow", "--quiet", *again, *twice)[0] == 2


def test_standard_input_may_be_a_file(folder) -> None:
    for output in ("link.py", "hard.py"):
        (os.link if output == "hard.py" else os.symlink)("net.flow", output)
        with open("net.flow", "rb") as file:
            result = process("compile", "-", "-o", output, data=None, cwd=folder, stdin=file)
        assert result.returncode == 2 and (folder / "net.flow").read_text() == FILES["net.flow"]


def test_standard_output_does_not_go_into_what_is_read(folder) -> None:
    """As `>> net.flow` and `2>> train.csv` would let it; and what stands in a file stays if that is the output, too."""
    (folder / "out.py").write_text("# mine\n")
    before = contents(folder)
    for stream, name in (("stdout", "net.flow"), ("stderr", "net.flow"), ("stdout", "edges.csv"), ("stderr", "train.csv")):
        with open(name, "ab") as file:
            result = process("run", "net.flow", cwd=folder, **{stream: file})
        said = (folder / name).read_bytes().removeprefix(before[name]) if stream == "stderr" else result.stderr
        assert result.returncode == 2 and b"goes into" in said and not result.stdout
        (folder / name).write_bytes(before[name])
    with open("out.py", "ab") as file:
        result = process("compile", "net.flow", "-o", "/dev/stdout", cwd=folder, stdout=file)
    assert result.returncode == 2 and b"`-` is standard output" in result.stderr and contents(folder) == before


def test_steps_and_numbers_beside_a_file_stand_apart_too(run, folder) -> None:
    """Names that follow from the name of an output."""
    (folder / "net.flow").write_text(FILES["net.flow"].replace("rows.csv", "pic-02.csv"))
    os.symlink("edges.csv", "pic-01.svg")
    before = contents(folder)
    status, out, err = run("draw", "net.flow", "--show", "steps", "-o", "pic.svg")
    assert (status, out) == (2, "") and "`pic-01.svg` is a file that the diagram names" in err
    assert contents(folder) == before


def test_outside_of_a_command_nothing_is_refused(folder) -> None:
    declared_files.reads("net.flow", declared_files.DIAGRAM)
    declared_files.writes("net.flow")
    with declared_files.declaring():
        declared_files.reads("net.flow", declared_files.DIAGRAM)
        with pytest.raises(Trouble, match="diagram"):
            declared_files.writes("net.flow")
    declared_files.writes("net.flow")
