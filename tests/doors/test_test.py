"""`flowc test`: diagrams are tried on what their data say of their outputs, on every backend."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.learning.weights import write_weights
from flowc.nets import tables
from tests.doors.command import in_process

EXAMPLES = Path(__file__).parents[2] / "examples"
XOR = (EXAMPLES / "xor.flow").read_text(encoding="utf-8")
GATES = ("xor", "xor_arrows", "and", "or", "reflex_arc", "step", "sign", "relu")
DRAWN = "flow net\ninput x\noutput f\nx -> f : ~\ndata { x | f\n0 | 0\n1 | 1\n }\n"


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, "test", *(a if isinstance(a, Path) else str(a) for a in arguments))


@pytest.fixture
def flow(tmp_path, monkeypatch):
    """Writes a diagram into the working folder."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "net.flow") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


@pytest.mark.parametrize("name", GATES)
def test_the_tables_of_the_lecture(run, name: str) -> None:
    status, out, err = run(EXAMPLES / f"{name}.flow")
    assert status == 0 and "rows hold on numpy and torch" in out and err == ""


@pytest.mark.parametrize(("row", "old", "new"), [(1, "0  0  | 0", "0  0  | 1"), (4, "1  1  | 0", "1  1  | 0.5")])
def test_one_number_changed(run, flow, row: int, old: str, new: str) -> None:
    assert old in XOR
    status, out, _ = run(flow(XOR.replace(old, new), "xor.flow"))
    x1, x2 = new.split()[:2]
    assert status == 1 and out == (
        "xor.flow: 1 of 4 rows failed on numpy and torch\n"
        f"  row {row}, x1={x1} x2={x2}: f is {old[-1]}, expected {new.split()[-1]}\n"
    )


def test_one_weight_changed(run, flow) -> None:
    status, out, _ = run(flow(XOR.replace("-1.5 + x1 + x2", "-0.5 + x1 + x2"), "xor.flow"))
    assert status == 1 and out == (
        "xor.flow: 2 of 4 rows failed on numpy and torch\n"
        "  row 2, x1=0 x2=1: f is 0, expected 1\n  row 3, x1=1 x2=0: f is 0, expected 1\n"
    )


def test_classes_of_an_output(run, flow) -> None:
    text = (
        "index class = cat, dog\ninput x\noutput p[class] : softmax\nx -> p : [1, -1]\ndata {{ x p\n2 cat\n{} {} }}\n"
    )
    assert run(flow(text.format(-1, "dog")))[0] == 0
    assert "row 2, x=-1: p is dog, expected cat" in run(flow(text.format(-1, "cat")))[1]
    assert "row 2, x=0: p is cat or dog, expected cat" in run(flow(text.format(0, "cat")))[1]


def test_several_tables(run, flow) -> None:
    text = "input x\noutput f\nf = 2*x\ndata train { x | f\n1 | 2\n }\ndata test { x | f\n1 | 2\n2 | 5\n }\n"
    assert run(flow(text))[1] == (
        "net.flow: 1 of 3 rows failed on numpy and torch\n  row 2 of `data test`, x=2: f is 4, expected 5\n"
    )


def test_files_and_formulas(run, flow, tmp_path) -> None:
    name = flow('input x\noutput f\nf = x^2\ndata "a.csv"\n')
    (tmp_path / "a.csv").write_text("x,f\n1,1.00\n1.5,2.1\n")
    assert run(name)[1] == (
        "net.flow: 1 of 2 rows failed on numpy and torch\n  a.csv, row 3, x=1.5: f is 2.25, expected 2.1\n"
    )
    (tmp_path / "a.csv").write_text("x,f\n1,1.00\n1.5,two\n")
    assert run(name) == (2, "", "flowc: a.csv, row 3, column `f`: `two` is not a number\n")
    (tmp_path / "a.csv").unlink()
    assert run(name) == (0, "net.flow: not tested, a.csv: no such file or directory\n", "")
    flow("input x\noutput f\nf = x^2\ndata { x = linspace(0, 2, 5); f = x^2 + 0.001*x }\n")
    assert run(name)[1].splitlines()[1] == "  token 2, x=0.5: f is 0.25, expected 0.2505"


def test_a_file_in_place_of_the_table(run, flow, tmp_path) -> None:
    """By the names of its columns; other diagrams may be tried on the same one."""
    flow(XOR, "xor.flow")
    (tmp_path / "a.csv").write_text("f,x2,x1\n0,0,0\n1,0,1\n1,1,1\n")
    said = "a.csv, row 4, x2=1 x1=1: f is 0, expected 1"
    assert run("xor.flow", "--data", "a.csv") == (1, f"xor.flow: 1 of 3 rows failed on numpy and torch\n  {said}\n", "")
    np.savez(tmp_path / "a.npz", x1=[0, 1], x2=[1, 1], f=[1, 0])
    assert run("xor.flow", "--data", "a.npz") == (0, "xor.flow: 2 rows hold on numpy and torch\n", "")
    (tmp_path / "b.csv").write_text("x1,x2\n0,0\n")
    assert run("xor.flow", "--data", "b.csv") == (0, "xor.flow: not tested, b.csv has no column for an output\n", "")
    (tmp_path / "c.csv").write_text("x1,f\n0,0\n")
    assert run("xor.flow", "--data", "c.csv") == (2, "", "flowc: c.csv: the input `x2` has no column\n")


def test_one_row(run, flow, tmp_path) -> None:
    name = flow(XOR.replace("0  0  | 0", "0  0  | 1"), "xor.flow")
    assert run(name, "--row", 2) == (0, "xor.flow: 1 row holds on numpy and torch\n", "")
    (failure,) = json.loads(run(name, "--row", 1, "--format", "json")[1])[0]["failures"]
    assert (failure["row"], failure["where"]) == (1, "row 1")
    (tmp_path / "a.csv").write_text("x1,x2,f\n0,0,0\n1,0,0\n")
    status, out, _ = run(name, "--data", "a.csv", "--row", 2, "--format", "json")
    assert status == 1 and json.loads(out)[0]["failures"][0] == {
        "row": 2, "where": "a.csv, row 3", "given": "x1=1 x2=0", "wrong": ["f is 1, expected 0"],
    }  # fmt: skip
    parts = flow("input x\noutput f\nf = x\ndata train { x | f\n1 | 1\n2 | 3\n }\ndata test { x | f\n1 | 2\n }\n")
    assert "1 of 1 row failed" in run(parts, "--row", 2)[1] and "of 2 rows failed" in run(parts, "--row", 1)[1]


def test_many_rows_that_fail(run, flow) -> None:
    rows = "".join(f"{k} | {k + 1}\n" for k in range(25))
    name = flow(f"input x\noutput f\nx -> f : 1\ndata {{ x | f\n{rows} }}\n")
    out = run(name)[1].splitlines()
    assert len(out) == 12 and out[-1] == "  … and 15 more; `--format json` has all"
    assert len(json.loads(run(name, "--format", "json")[1])[0]["failures"]) == 25


def test_a_long_table_is_quick(run, flow) -> None:
    rows = "".join(f"{k} | {2 * k}.00\n" for k in range(4000))
    name = flow(f"input x\noutput f\nx -> f : 2\ndata {{ x | f\n{rows} }}\n")
    assert run(name)[1] == "net.flow: 4000 rows hold on numpy and torch\n"


def test_several_files(run, flow) -> None:
    flow(XOR, "xor.flow")
    flow(XOR.replace("0  0  | 0", "0  0  | 1"), "wrong.flow")
    flow("input x\noutput f\ny -> f : 1\n", "odd.flow")
    status, out, err = run("xor.flow", EXAMPLES / "iris.flow", "wrong.flow")
    assert status == 1 and err == "1 passed, 1 failed, 1 not tested\n"
    assert "iris.flow: not tested, no data say what an output should be\n" in out
    status, out, err = run("xor.flow", "odd.flow", "none.flow")
    assert status == 2 and "odd.flow:3:1: error[unknown-node]" in err
    assert err.endswith("flowc: cannot read `none.flow`: no such file or directory\n1 passed, 2 not usable\n")
    assert run("odd.flow")[0] == 1
    status, out, _ = run("xor.flow", "wrong.flow", "--format", "json")
    found = json.loads(out)
    assert status == 1 and [f["outcome"] for f in found] == ["passed", "failed"]
    wrong = {"row": 1, "where": "row 1", "given": "x1=0 x2=0", "wrong": ["f is 0, expected 1"]}
    assert found[1]["failures"] == [wrong]
    assert (found[0]["rows"], found[0]["backends"], found[0]["left_out"]) == (4, ["numpy", "torch"], {})


def test_weights_that_are_learnt(run, flow, tmp_path) -> None:
    name = flow(DRAWN)
    status, out, err = run(name, "--seed", 3)
    assert err == "weights are drawn, with the seed 3; `--weights FILE` gives learnt ones\n"
    start = float(flowc.load(name).compile().init(3)["w_f_x"])
    assert status == 1 and out.endswith(f"  row 2, x=1: f is {start:.10g}, expected 1\n")
    (tmp_path / "w.safetensors").write_bytes(write_weights({"w_f_x": np.array(1.0)}, {}))
    assert run(name, "--weights", "w.safetensors") == (0, "net.flow: 2 rows hold on numpy and torch\n", "")


# ------------------------------------------------------------------------------------------------------------ backends


def test_one_backend(run) -> None:
    assert "4 rows hold on torch\n" in run(EXAMPLES / "xor.flow", "--backend", "torch")[1]
    assert "4 rows hold on numpy and torch\n" in run(EXAMPLES / "xor.flow", "--dtype", "float32")[1]


def test_without_torch(run, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    status, out, _ = run(EXAMPLES / "xor.flow")
    assert status == 0 and out.endswith("4 rows hold on numpy; torch is not installed\n")
    status, _, err = run(EXAMPLES / "xor.flow", "--backend", "torch")
    assert (status, err) == (2, "flowc: the torch backend runs on torch: `pip install flowc[torch]`\n")


def other_backend(monkeypatch, load) -> None:
    """A plug-in called `other`."""
    from types import SimpleNamespace

    from flowc import backends

    monkeypatch.setattr(backends, "_added", lambda: {"other": SimpleNamespace(name="other", load=load)})


def test_backends_must_agree(run, flow, monkeypatch) -> None:
    """Both hold to the digits of the table, and are not the same."""
    from flowc.backends.numpy.backend import NumpyBackend

    class Other(NumpyBackend):
        name = "other"

        def emit_values(self, *arguments):
            return super().emit_values(*arguments).replace("np.tanh(", "1.0001 * np.tanh(")

    other_backend(monkeypatch, lambda: Other)
    name = flow("input x\noutput f\nf = tanh(x)\ndata { x | f\n0 | 0\n1 | 0.8\n }\n")
    status, out, _ = run(name)
    assert status == 1 and out == (
        "net.flow: 1 of 2 rows failed on numpy, torch and other\n"
        "  row 2, x=1: f is 0.7615941559557649 on torch, 0.7616703153713604 on other\n"
    )
    flow("input x\noutput f\nf = tanh(x)\ndata { x | f\n1 | 0.76159\n }\n")
    assert run(name)[1].endswith("row 1, x=1: f is 0.7616703154, expected 0.76159, on other\n")
    assert run(name, "--backend", "numpy")[0] == 0


def test_a_plug_in_that_cannot_be_loaded(run, monkeypatch) -> None:
    def load():
        raise ImportError("no libother")

    other_backend(monkeypatch, load)
    status, out, _ = run(EXAMPLES / "xor.flow")
    assert status == 0 and out.endswith("4 rows hold on numpy and torch; other cannot be used: ImportError: no libother\n")


def test_what_is_not_finite_fails_alone(run, flow) -> None:
    name = flow("input x\noutput f\nf = log(x)\ndata { x | f\n1 | 0\n0 | 1\n2 | 0.69\n3 | 1.1\n }\n")
    status, out, _ = run(name)
    assert (
        status == 1 and out == "net.flow: 1 of 4 rows failed on numpy and torch\n  row 2, x=0: net.flow:3: f is -inf\n"
    )


# ------------------------------------------------------------------------------------------------------------ mistakes

HELP = "; `flowc test --help` shows the options"
WRONG = [
    ("", f"the following arguments are required: FILE{HELP}"),
    ("nowhere.flow", "cannot read `nowhere.flow`: no such file or directory"),
    (".", "cannot read `.`: it is a folder; name a file in it"),
    ("- -", "`-`, standard input, is given twice; it can be read once"),
    ("- --weights -", "`-`, standard input, is given twice; it can be read once"),
    ("xor.flow --format xml", None),
    ("xor.flow --row -1", f"argument --row: `-1` is no row; they count from 1, as `--row 2`{HELP}"),
    ("xor.flow --row 0", f"argument --row: `0` is no row; they count from 1, as `--row 2`{HELP}"),
    ("xor.flow --row first", f"argument --row: `first` is no row; they count from 1, as `--row 2`{HELP}"),
    ("xor.flow --row 5", "there is no row 5; the table of xor.flow has 4"),
    ("xor.flow --data nowhere.csv", "cannot read `nowhere.csv`: no such file or directory"),
    ("xor.flow --data xor.flow", "xor.flow: data are read from `.csv`, `.tsv` and `.npz` files"),
    ("- --data -", "`-`, standard input, is given twice; it can be read once"),
    ("xor.flow --backend jax", "there is no backend `jax`; there are numpy, torch, c, javascript"),
    ("xor.flow --dtype int8", "numpy has no dtype `int8`; it has `float64`, `float32`"),
    ("xor.flow --backend numpy --device cuda", "the numpy backend has no devices; leave `device` away"),
    ("xor.flow --device nonsense", None),
    ("xor.flow --seed x", f"argument --seed: `x` is not a whole number from 0 on{HELP}"),
    ("xor.flow --set D", f"argument --set: `D` is not of the form `NAME=NUMBER`, as `D=5`, a whole number{HELP}"),
    ("xor.flow --weights nowhere.safetensors", "cannot read `nowhere.safetensors`: no such file or directory"),
    ("xor.flow --weights xor.flow", "cannot use the weights of `xor.flow`: it is no safetensors file: its header is larger than 100 MB"),
]


@pytest.mark.parametrize(("line", "message"), WRONG, ids=[line or "nothing" for line, _ in WRONG])
def test_wrong_command_lines(run, flow, tmp_path, line: str, message: str | None) -> None:
    flow(XOR, "xor.flow")
    status, out, err = run(*line.split())
    assert (status, out) == (2, "") and err.startswith("flowc: ") and err.count("\n") == 1
    assert message is None or err == f"flowc: {message}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["xor.flow"]


# ----------------------------------------------------------------------------------------------------------------- API


def test_from_python() -> None:
    flow = flowc.load(EXAMPLES / "xor.flow")
    assert flow.test() == [] and flow.test("numpy") == [] and flow.test(["torch"], dtype=np.float32) == []
    (wrong,) = flowc.loads(XOR.replace("0  1  | 1", "0  1  | 0"), "xor.flow").test()
    assert str(wrong) == "row 2, x1=0 x2=1: f is 1, expected 0" and wrong.row == 2
    (learnt,) = flowc.loads(DRAWN).test(weights={"w_f_x": 2.0})
    assert learnt.wrong == ("f is 2, expected 1",) and flowc.loads(DRAWN).test(weights={"w_f_x": 1}) == []
    with pytest.raises(ValueError, match="net cannot be tested: no data say what an output should be"):
        flowc.loads("flow net\ninput x\noutput f\nx -> f : 1\n").test()
    with pytest.raises(ValueError, match="there is no backend `jax`"):
        flow.test("jax")


def test_a_fault_of_flowc_is_no_failing_test(flow, monkeypatch) -> None:
    def broken(*_, **__):
        raise KeyError("x")

    monkeypatch.setattr(tables.Tables, "_make_net", broken)
    with pytest.raises(KeyError):
        flowc.loads(XOR).test()


def test_a_data_file_that_is_not_there(run, tmp_path) -> None:
    path = tmp_path / "net.flow"
    path.write_text('input x\noutput f\nf = x\ndata "nope.csv"\n')
    assert run(path) == (0, f"{path}: not tested, nope.csv: no such file or directory\n", "")
