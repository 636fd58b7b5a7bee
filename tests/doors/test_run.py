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


def test_values_by_any_name_that_a_column_may_have(run) -> None:
    expected = run(EXAMPLES / "iris.flow", "x=5,3,1,0.2")
    for words in ("sepal_length=5 sepal_width=3 petal_length=1 petal_width=0.2",
                  "x[petal_width]=.2 x[petal_length]=1 x[sepal_width]=3 x[sepal_length]=5",
                  "x=5,3,1,0.2 y=virginica", "x=5,3,1,0.2 class=setosa", "x=5,3,1,0.2 y=0,0,1"):  # fmt: skip
        assert run(EXAMPLES / "iris.flow", *words.split()) == expected
    net = EXAMPLES / "net232.flow"
    assert run(net, "x1=1", "x2=2") == run(net, "x=1,2") == run(net, "x = +1, 2.0") == run(net, "x[1]=1", "x[2]=2")


def test_the_class_of_an_output(run, tmp_path) -> None:
    """In the table for people alone; and no class where several are as likely."""
    path = tmp_path / "net.flow"
    path.write_text(
        "index animal = cat, dog\ninput x\ntarget y[animal]\noutput p[animal] : softmax\nx -> p : [1, -1]\n"
        "loss cross_entropy(p, y)\ndata { x y\n2 cat\n-2 cat\n0 dog }\n"
    )
    assert run(path)[1] == (
        " x |    p[cat]     p[dog]    p\n"
        " 2 |  0.982014  0.0179862  cat\n"
        "-2 | 0.0179862   0.982014  dog\n"
        " 0 |       0.5        0.5    –\n"
    )
    assert run(path, "--format", "csv")[1].splitlines()[0] == "x,p[cat],p[dog]"
    _, out, _ = run(path, "--all", "x=1", "y=dog", "--format", "csv")
    assert out.splitlines()[0] == "x,y[cat],y[dog],xi_p[cat],xi_p[dog],p[cat],p[dog]"


def test_files_are_named_by_their_format(run, tmp_path) -> None:
    for name, start in (("f.csv", b"x1,x2,f\n0,0,0\n"), ("f.json", b"{"), ("f.npz", b"PK"), ("f.txt", b"x1  x2 | f\n")):
        assert run(XOR, "-o", tmp_path / name) == (0, "", "")
        assert (tmp_path / name).read_bytes().startswith(start)
    assert run(XOR, "--format", "csv", "-o", tmp_path / "f.dat")[0] == 0
    assert (tmp_path / "f.dat").read_bytes() == (tmp_path / "f.csv").read_bytes()
    first = (tmp_path / "f.npz").read_bytes()
    assert run(XOR, "-o", tmp_path / "f.npz")[0] == 0 and (tmp_path / "f.npz").read_bytes() == first
    assert run(XOR, "--format", "csv", "-o", "-") == run(XOR, "--format", "csv")


def test_any_name_stands_in_an_npz_file(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x\noutput file, ξ̂\nfile = 2*x\nξ̂ = 3*x\n", encoding="utf-8")
    assert run(path, "x=1", "-o", tmp_path / "f.npz") == (0, "", "")
    with np.load(tmp_path / "f.npz") as found:
        assert {name: float(found[name][0]) for name in found} == {"file": 2.0, "ξ̂": 3.0}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_what_float32_cannot_hold_is_infinite(run, tmp_path, backend: str) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x\noutput f\nweight a ~ 1e308\nf = a*x\n")
    assert run(path, "x=1e300", "--dtype", "float32", "--backend", backend, "--format", "csv")[1].endswith("inf\n")


def test_float32_has_its_own_digits(run) -> None:
    arguments = [EXAMPLES / "logistic.flow", "--dtype", "float32", "--format", "csv"]
    numpy_, torch_ = run(*arguments)[1], run(*arguments, "--backend", "torch")[1]
    assert numpy_.splitlines()[0] == torch_.splitlines()[0]
    assert all(len(cell) < 14 for row in numpy_.splitlines()[1:] for cell in row.split(","))


def test_data_test_where_there_is_no_other(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x\ntarget y\noutput f\nf = 2*x\nloss mse(f, y)\ndata test { x\n1\n2 }\n")
    assert run(path) == (0, "x | f\n1 | 2\n2 | 4\n", "")


def test_targets_may_lack(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text('input x\ntarget y\noutput f\nf = 2*x\nloss mse(f, y)\ndata "a.csv"\n')
    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    assert run(path) == (0, "x | f\n1 | 2\n2 | 4\n", "")


def test_a_diagram_without_inputs(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("output f\n1 -> f : 3\n")
    assert run(path)[:2] == (0, "f\n3\n")


def test_long_and_wide_tables_are_cut(run, tmp_path) -> None:
    path = tmp_path / "wide.flow"
    path.write_text(
        "input x[30]\noutput f\nx -> f : 1\ndata { "
        + "; ".join(f"x[{k}] = linspace(0, {k}, 50)" for k in range(1, 31))
        + " }\n"
    )
    _, text, err = run(path)
    assert err == "40 of 50 rows and 24 of 31 columns are shown; `--format csv` has all\n"
    out = text.splitlines()
    assert len(out) == 42 and max(map(len, out)) < 260
    assert "  …  " in out[0] and out[0].endswith(" f") and set(out[21].replace("|", "").split()) == {"…"}


# ------------------------------------------------------------------------------------------------------------- mistakes

HELP = "; `flowc run --help` shows the options"
XOR_WRONG = [
    ("", f"the following arguments are required: FILE{HELP}"),
    ("nowhere.flow", "cannot read `nowhere.flow`: no such file or directory"),
    (".", "cannot read `.`: it is a folder; name a file in it"),
    ("xor.flow x1=1", "the input `x2` has no value"),
    ("xor.flow x1=1 x2=one", "`x2`: `one` is not a number"),
    ("xor.flow x1=1 x2=nan", "`x2`: `nan` is no number that a diagram can compute with"),
    ("xor.flow x1=1 x2=1e999", "`x2`: `1e999` is no number that a diagram can compute with"),
    ("xor.flow x1=1 x2=1,5", "`x2`: `1,5` is not a number; write a point in place of the comma"),
    ("xor.flow x1=1 x2=1_000", "`x2`: `1_000` is not a number"),
    ("xor.flow x1=1 x2=", "`x2` has no value; it stands after the `=`, as `x2=0`"),
    ("xor.flow x1=1 =1", "`=1` is not of the form `NAME=VALUE`, as `x1=0`"),
    ("xor.flow x1=1 x2", "`x2` is not of the form `NAME=VALUE`, as `x1=0`"),
    ("xor.flow x1=1 x1=1 x2=1", "`x1` is given twice"),
    ("xor.flow x1=1 x3=1", "xor has no input or target `x3`; did you mean `x2`?"),
    ("xor.flow pressure=1", "xor has no input or target `pressure`; there are `x1` and `x2`"),
    ("xor.flow x1=1 f=1", "`f` is computed; values are given for inputs and targets"),
    ("xor.flow x1[1]=1", "`x1` is one number and has no elements; give `x1=0`"),
    ("xor.flow x1=1 x2=1 --row 1", "values and `--row` say the same in two ways; give one"),
    ("xor.flow x1=1 x2=1 --data a.csv", "values and `--data` say the same in two ways; give one"),
    ("xor.flow --row 0", f"argument --row: `0` is no row; they count from 1, as `--row 2`{HELP}"),
    ("xor.flow --row 5", "there is no row 5; the table of xor.flow has 4"),
    ("xor.flow --row two", f"argument --row: `two` is no row; they count from 1, as `--row 2`{HELP}"),
    ("xor.flow --seed 9999999999999999", f"argument --seed: `9999999999999999` has more than 15 digits{HELP}"),
    ("xor.flow --row 9999999999999999", f"argument --row: `9999999999999999` has more than 15 digits{HELP}"),
    ("xor.flow --seed -1", f"argument --seed: `-1` is not a whole number from 0 on{HELP}"),
    ("xor.flow --seed 0.5", f"argument --seed: `0.5` is not a whole number from 0 on{HELP}"),
    ("xor.flow --set D", f"argument --set: `D` is not of the form `NAME=NUMBER`, as `D=5`, a whole number{HELP}"),
    ("xor.flow --set D=1 --set D=2", "`D` is set twice, to 1 and to 2"),
    ("xor.flow --format npz", "`--format npz` is written to a file; name it, `-o values.npz`"),
    ("xor.flow --format npz -o -", "`--format npz` is written to a file; name it, `-o values.npz`"),
    ("xor.flow --format json -o f.csv",
     "`f.csv` has the name of a csv file; leave `--format json` away, or name it otherwise"),
    ("xor.flow -o xor.flow", "`xor.flow` is the diagram itself; name another file for the output"),
    ("xor.flow -o nowhere/f.csv", "cannot write `nowhere/f.csv`: no such file or directory"),
    ("xor.flow -o .", "cannot write `.`: it is a folder; name a file in it"),
    ("xor.flow --data nowhere.csv", "cannot read `nowhere.csv`: no such file or directory"),
    ("xor.flow --data xor.flow", "xor.flow: data are read from `.csv`, `.tsv` and `.npz` files"),
    ("xor.flow --weights nowhere.safetensors", "cannot read `nowhere.safetensors`: no such file or directory"),
    ("xor.flow --weights iris.csv", "cannot use the weights of `iris.csv`: it is no safetensors file: its header is larger than 100 MB"),
    ("xor.flow --weights w.safetensors", "cannot use the weights of `w.safetensors`: xor has no weight `W`; there are none"),
    ("- --weights -", "`-`, standard input, is given twice; it can be read once"),
    ("xor.flow --backend jax", "there is no backend `jax`; there are numpy, torch, c, javascript"),
    ("xor.flow --backend nunpy", "there is no backend `nunpy`; did you mean `numpy`?"),
    ("xor.flow --dtype bfloat16", "numpy has no dtype `bfloat16`; it has `float64`, `float32`"),
    ("xor.flow --device cuda", "the numpy backend has no devices; leave `device` away"),
    ("iris.flow x=5,3,1", "`x` takes 4 numbers, as `x=0,0,0,0`; 3 are given"),
    ("iris.flow x=5", "`x` takes 4 numbers, as `x=0,0,0,0`; 1 is given"),
    ("iris.flow x=5,,1,2", "`x`: `5,,1,2` has an empty place"),
    ("iris.flow x[petal_width]=1", "the input `x[sepal_length]` has no value"),
    ("iris.flow x[petal]=1",
     "there is no `x[petal]`: `x` runs over sepal_length, sepal_width, petal_length, petal_width"),
    ("iris.flow petal_lenght=1", "iris has no input or target `petal_lenght`; did you mean `petal_length`?"),
    ("iris.flow x=5,3,1,2 x[petal_width]=1", "`x[petal_width]` is given twice"),
    ("iris.flow x=5,3,1,2 y=setosas",
     "`y`: `setosas` is no class of `y`: it runs over setosa, versicolor, virginica; did you mean `setosa`?"),
    ("iris.flow x=5,3,1,2 y=setosa y[setosa]=1", "`y` is given by its class and by its elements; give one"),
    ("iris.flow x=5,3,1,2 y[setosa]=1", "the target `y[versicolor]` has no value"),
    ("iris.flow --data w.npz", "w.npz: no array is for a node of the diagram; there are `u`"),
    ("iris.flow -o iris.csv", "`iris.csv` is a file that the diagram names; name another file for the output"),
    ("iris.flow --weights w.safetensors",
     "cannot use the weights of `w.safetensors`: the weight `b` (3,) is missing; in the file there is `W`"),
    ("iris.flow --weights w.safetensors -o w.safetensors",
     "`w.safetensors` is read by this command; name another file for the output"),
    ("wide.flow x=1", "`x` takes 30 numbers, with commas between them; 1 is given"),
    ("grid.flow g=1,2", "`g` has 2 axes; give its elements, as `g[1,1]=0`"),
    ("grid.flow g[3,1]=1", "there is no `g[3,1]`: `g` runs over 1..2 and 1..2"),
    ("grid.flow x=1", "grid has no input or target `x`; there is `g`"),
    ("grid.flow", "grid has no data; give values, as `g[1,1]=0 …`, or `--data FILE`"),
    ("wide.flow", "wide has no data; give values, as `x=0,0,…`, or `--data FILE`"),
    ("two.flow a=1", "`a` may be `x[a]` or `y[a]`; name it so"),
    ("two.flow --row 1", "`--row` takes a row of the data, and there are none; give `--data FILE`, or values"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Diagrams, data, and weights of others."""
    path = tmp_path_factory.mktemp("wrong")
    for name in ("xor.flow", "iris.flow", "iris.csv"):
        (path / name).write_bytes((EXAMPLES / name).read_bytes())
    (path / "wide.flow").write_text("input x[30]\noutput f\nx -> f : 1\n")
    (path / "grid.flow").write_text("input g[2,2]\noutput f[2,2]\ng[i,j] -> f[i,j] : 1\n")
    (path / "two.flow").write_text("index c = a, b\ninput x[c], y[c]\noutput f\nx, y -> f : 1\n")
    np.savez(path / "w.npz", u=np.zeros(3))
    (path / "w.safetensors").write_bytes(write_weights({"W": np.zeros((3, 4))}, {}))
    return path


@pytest.mark.parametrize(("line", "message"), XOR_WRONG, ids=[line or "nothing" for line, _ in XOR_WRONG])
def test_wrong_command_lines(run, folder: Path, monkeypatch, line: str, message: str) -> None:
    monkeypatch.chdir(folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert run(*line.split()) == (2, "", f"flowc: {message}\n")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_wrong_diagram_is_no_wrong_command_line(run, folder: Path, monkeypatch) -> None:
    monkeypatch.chdir(folder)
    status, out, err = run("xor.flow", "--set", "D=4")
    assert (status, out) == (1, "") and "xor.flow:1:1: error[unknown-index]" in err


def test_a_table_for_another_size_does_not_stop_other_data(run, tmp_path) -> None:
    path, data = tmp_path / "sum.flow", tmp_path / "rows.csv"
    path.write_text("index D = 2\ninput x[D]\noutput f\nf = sum(x)\ndata { x1 x2 | f\n1 2 | 3 }\n")
    data.write_text("x1,x2,x3\n1,2,3\n")
    assert run(path) == (0, "x[1]  x[2] | f\n   1     2 | 3\n", "")
    expected = "x[1]  x[2]  x[3] | f\n   1     2     3 | 6\n"
    for other in (["x=1,2,3"], ["--data", data]):
        status, out, err = run(path, "--set", "D=3", *other)
        assert (status, out) == (0, expected) and "sum.flow:5:8: warning[data-left-out]: these data do not fit `D = 3`" in err
    status, out, err = run(path, "--set", "D=3")
    assert (status, out) == (2, "") and "flowc: sum has no data that fit `D = 3`; give values, as `x=0,0,0`" in err


@pytest.mark.parametrize("output", ["iris.csv", "./iris.csv", "link.csv", "evolved_nodes.csv", "evolved_edges.csv"])
def test_what_is_read_is_not_written_over(run, tmp_path, monkeypatch, output: str) -> None:
    for path in EXAMPLES.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "link.csv").symlink_to("iris.csv")
    monkeypatch.chdir(tmp_path)
    name = "evolved.flow" if "evolved" in output else "iris.flow"
    old = (tmp_path / output).read_bytes()
    said = f"flowc: `{output}` is a file that the diagram names; name another file for the output\n"
    assert run(name, "-o", output) == (2, "", said)
    assert (tmp_path / output).read_bytes() == old


def test_weights_need_safetensors(run, folder: Path, monkeypatch) -> None:
    import sys

    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    said = "flowc: weights are kept in safetensors files: `pip install flowc[train]`\n"
    assert run("iris.flow", "--weights", "w.safetensors") == (2, "", said)


def test_interrupted(run, monkeypatch) -> None:
    from flowc.doors.cli import formats

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(formats, "prepare", interrupted)
    assert run(XOR) == (130, "", "flowc: interrupted\n")


# ---------------------------------------------------------------------------------------------------------------- data


def test_a_diagram_without_data(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x[2], z\noutput f\nx, z -> f : 1\n")
    assert "net has no data; give values, as `x=0,0 z=0`, or `--data FILE`" in run(path)[2]
    assert run(path, "x[1]=1", "x[2]=2", "z=3")[1].endswith("| 6\n")


def test_what_is_not_finite_is_told_with_its_line(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text("input x\noutput f\nh = log(x)\nf = 2*h\n")
    status, out, err = run(path, "x=0")
    assert (status, out) == (1, "") and "net.flow:3: h is -inf for token 1 of 1" in err


def test_numbers_may_be_larger_than_a_diagram(run, folder: Path, tmp_path, monkeypatch) -> None:
    from flowc.doors.cli import files

    weights = tmp_path / "w.safetensors"
    weights.write_bytes(write_weights({"W": np.zeros((3, 4)), "b": np.zeros(3)}, {"diagram": "i" * 2000}))
    monkeypatch.setattr(files, "LARGEST", 1500)
    assert run(folder / "iris.flow", "--weights", weights, "x=5,3,1,2")[0] == 0
    monkeypatch.setattr(files, "LARGEST_NUMBERS", 1500)
    said = f"flowc: cannot read `{weights}`: it is larger than 0 MiB\n"
    assert run(folder / "iris.flow", "--weights", weights, "x=5,3,1,2") == (2, "", said)
