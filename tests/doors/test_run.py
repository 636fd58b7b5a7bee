"""`flowc run`: the outputs of a diagram for values, a row, a table or a file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.learning.weights import write_weights
from tests.doors.command import in_process

EXAMPLES = Path(__file__).parents[2] / "examples"
XOR = EXAMPLES / "xor.flow"


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, "run", *(a if isinstance(a, Path) else str(a) for a in arguments))


def test_a_table(run) -> None:
    assert run(XOR) == (0, "x1  x2 | f\n 0   0 | 0\n 0   1 | 1\n 1   0 | 1\n 1   1 | 0\n", "")
    assert run(XOR, "--row", 3) == (0, "x1  x2 | f\n 1   0 | 1\n", "")
    assert run(XOR, "x2=1", "x1=0", "--backend", "torch") == (0, "x1  x2 | f\n 0   1 | 1\n", "")


def test_every_node(run) -> None:
    status, out, _ = run(XOR, "--all", "--format", "csv", "x1=1", "x2=1")
    assert (status, out) == (0, "x1,x2,xi1,h1,xi2,h2,xi3,f\n1,1,-1.5,0,0.5,1,-0.5,0\n")


def test_what_the_api_computes(run, tmp_path) -> None:
    """Vectors, a file of data, learnt weights; every format has all digits but the table."""
    flow = flowc.load(EXAMPLES / "net232.flow")
    net = flow.compile()
    w = net.init(5)
    (tmp_path / "w.safetensors").write_bytes(write_weights(w, {}))
    x = np.random.default_rng(0).normal(size=(7, 2))
    np.savez(tmp_path / "x.npz", x=x)
    np.savetxt(tmp_path / "x.csv", x[:, ::-1], "%.17g", ",", header="x2,x1", comments="")
    expected = net.forward(w, {"x": x})["f"]
    for name in ("x.npz", "x.csv"):
        common = [EXAMPLES / "net232.flow", "--weights", tmp_path / "w.safetensors", "--data", tmp_path / name]
        status, out, err = run(*common, "--format", "json")
        assert (status, err) == (0, "") and json.loads(out)["f"] == expected.tolist()
        rows = [*csv.reader(io.StringIO(run(*common, "--format", "csv")[1]))]
        assert rows[0] == ["x[1]", "x[2]", "f[1]", "f[2]"]
        assert np.array(rows[1:], float).tolist() == np.hstack([x, expected]).tolist()
        assert run(*common, "--format", "npz", "-o", tmp_path / "f.npz") == (0, "", "")
        with np.load(tmp_path / "f.npz") as found:
            assert np.array_equal(found["f"], expected)
    seeded = run(EXAMPLES / "net232.flow", "x=1,2", "--seed", 5, "--format", "json")
    assert json.loads(seeded[1])["f"] == net.forward(w, {"x": [[1.0, 2.0]]})["f"].tolist()
    assert seeded[2] == "weights are drawn, with the seed 5; `--weights FILE` gives learnt ones\n"


def test_long_and_wide_tables_are_cut(run, tmp_path) -> None:
    path = tmp_path / "wide.flow"
    path.write_text(
        "input x[30]\noutput f\nx -> f : 1\ndata { "
        + "; ".join(f"x[{k}] = linspace(0, {k}, 50)" for k in range(1, 31))
        + " }\n"
    )
    out = run(path)[1].splitlines()
    assert len(out) == 42 and max(map(len, out)) < 260
    assert "  …  " in out[0] and out[0].endswith(" f") and set(out[21].replace("|", "").split()) == {"…"}


WRONG = [
    (["x1=1"], "the input `x2` has no value"),
    (["x1=1", "x2=one"], "`x2`: `one` is not a number"),
    (["x1=1", "x2=nan"], "`x2`: `nan` is no number that a diagram can compute with"),
    (["x1=1", "x2="], "`x2`: the cell is empty"),
    (["x1=1", "x1=1", "x2=1"], "`x1` is given twice"),
    (["x1=1", "x3=1"], "xor has no input or target `x3`; did you mean `x2`?"),
    (["x1=1", "f=1"], "xor has no input or target `f`"),
    (["x1"], "`x1` is not of the form `NAME=VALUE`, as `x1=0`"),
    (["x1=1", "x2=1", "--row", "1"], "values and `--row` say the same in two ways; give one"),
    (["x1=1", "x2=1", "--data", "a.csv"], "values and `--data` say the same in two ways; give one"),
    (["--row", "0"], "`0` is not a number from 1 on"),
    (["--row", "5"], "there is no row 5; the table of xor.flow has 4"),
    (["--format", "npz"], "`--format npz` is written to a file; name it, `-o values.npz`"),
    (["--data", "a.csv"], "cannot read `a.csv`"),
    (["--dtype", "bfloat16"], "bfloat16"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_wrong_command_lines(run, arguments: list[str], message: str) -> None:
    status, out, err = run(XOR, *arguments)
    assert (status, out) == (2, "") and message in err


def test_a_diagram_without_data(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x[2], z\noutput f\nx, z -> f : 1\n")
    assert "net has no data; give values, as `x=0,0 z=0`, or `--data FILE`" in run(path)[2]
    assert run(path, "x[1]=1", "x[2]=2", "z=3")[1].endswith("| 6\n")
    assert run(path, "x=1", "z=3")[2] == "flowc: `x` takes 2 numbers, as `x=1,2`; 1 is given\n"


def test_what_is_not_finite_is_told_with_its_line(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x\noutput f\nh = log(x)\nf = 2*h\n")
    status, out, err = run(path, "x=0")
    assert (status, out) == (1, "") and "net.flow:3: h is -inf for token 1 of 1" in err
