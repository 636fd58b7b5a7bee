"""`flowc compile --train`: what it refuses, and the file it writes as people run it."""

import shutil
import subprocess
import sys

import pytest

from tests.backends.scripts import FORMS
from tests.doors.command import EXAMPLES, in_process, process
from tests.examples.test_sources import command_of
from tests.test_imports import modules_after

LINE = """\
input x
target y
output f
weight a, b ~ 0

f = a*x + b

loss mse(f, y)
"""
TABLE = "data {\n  x | y\n  0 | 1\n  1 | 3\n}\n"


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.fixture
def flow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, name="a.flow"):
        (tmp_path / name).write_text(text)
        return name

    return write


NAMED = """\
index c = cat, dog
input x
target y[c]
output p[c] : softmax

x -> p : ~

loss cross_entropy(p, y)
data {
  x = linspace(0, 1, 5)
  y = step(x)
}
"""


REFUSED = {
    "no loss": (LINE.replace("loss mse(f, y)\n", "").replace("target y\n", "") + "data {\n  x\n  0\n}\n", [], "needs a loss"),
    "nothing learns": (LINE.replace("~ 0", "= 0") + TABLE, [], "needs weights that learn"),
    "no data": (LINE, [], "needs data to learn from"),
    "data for tests": (LINE + TABLE.replace("data", "data test"), [], "needs data to learn from"),
    "style fast": (LINE + TABLE, ["--style", "fast"], "style `fast` has `fit`"),
    "no chain": (
        LINE.replace("a*x + b", "a*x^2 + b") + TABLE, ["--backend", "torch", "--form", "sequential"], "chain of layers",
    ),
    "nothing feels": (
        LINE.replace("a*x + b", "step(a*x + b)") + TABLE, ["--backend", "torch"], "the loss does not feel any weight",
    ),
    "no way to a weight": (
        LINE.replace("mse(f, y)", "3").replace("target y\n", "") + "data {\n  x\n  0\n}\n", ["--backend", "torch"], "no way leads to one",
    ),
    "written out, and an optimiser": (
        LINE + TABLE, ["--backend", "torch", "--gradient", "explicit", "--optimizer"], "`--gradient explicit`",
    ),
    "no such part": (LINE + TABLE, ["--part", "forward"], "the file has `train`"),
    "names of classes by formulas": (NAMED, [], "`y` has its classes by name"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(run, flow, case):
    text, options, said = REFUSED[case]
    status, out, err = run("compile", flow(text), "--train", *options)
    assert (status, out) == (2, "") and said in err


USAGE = {
    "an optimiser of numpy": (["--train", "--optimizer"], "`--optimizer` is torch's"),
    "an optimiser alone": (["--backend", "torch", "--optimizer"], "add `--train`"),
    "before the code": (["--train", "--emit", "program"], "leave `--train` away"),
}


@pytest.mark.parametrize("case", USAGE)
def test_bad_usage(run, flow, case):
    options, said = USAGE[case]
    status, out, err = run("compile", flow(LINE + TABLE), *options)
    assert (status, out) == (2, "") and said in err


def test_a_column_that_the_file_lacks(run, flow, tmp_path):
    (tmp_path / "a.csv").write_text("x,z\n0,1\n")
    status, out, err = run("compile", flow(LINE + 'data "a.csv"\n'), "--train")
    assert (status, out) == (2, "") and "a.csv: the target `y` has no column" in err


def test_a_file_that_is_not_there_is_said(run, flow):
    status, out, err = run("compile", flow(LINE + 'data "a.csv"\n'), "--train")
    assert status == 0 and 'number(row, "y")' in out
    assert err == "a.csv: no such file or directory; its columns are taken to have the diagram's names\n"


@pytest.mark.parametrize("form", ["numpy", "torch", "module", "sequential_optimizer"])
def test_it_is_run_as_a_script_and_made_again(run, tmp_path, monkeypatch, form):
    """Where nothing of flowc can be reached; importing it trains nothing."""
    monkeypatch.chdir(tmp_path)
    for name in ("softmax.flow", "iris.flow", "iris.csv"):
        shutil.copy(EXAMPLES / name, tmp_path)
    for diagram in ("softmax", "iris"):
        assert run("compile", f"{diagram}.flow", "--train", *FORMS[form], "-o", f"{diagram}.py") == (0, "", "")
        first = (tmp_path / f"{diagram}.py").read_text()
        (tmp_path / f"{diagram}.py").unlink()
        assert run(*command_of(first)) == (0, "", "")
        assert (tmp_path / f"{diagram}.py").read_text() == first
    code = "import runpy; runpy.run_path('softmax.py', run_name='__main__'); print('imported:'); import iris"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert told.stderr == "" and told.stdout.startswith("9 ") and " right: 6 of 6" in told.stdout
    assert told.stdout.endswith("\nimported:\n")


def test_it_is_the_same_for_every_hash_seed():
    arguments = ["compile", EXAMPLES / "iris.flow", "--train", *FORMS["module"]]
    texts = [process(*arguments, environment={"PYTHONHASHSEED": seed}).stdout for seed in ("0", "1", "2")]
    assert len(set(texts)) == 1 and texts[0]


def test_the_scripts_are_clean_to_ruff(run, tmp_path, monkeypatch):
    monkeypatch.chdir(EXAMPLES)
    for diagram in ("sine", "iris", "worked_example", "evolved"):
        for form, options in FORMS.items():
            status, out, _ = run("compile", f"{diagram}.flow", "--train", *options)
            if status == 0:
                (tmp_path / f"{diagram}_{form}.py").write_text(out)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--extend-select", "I", str(tmp_path)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("options", [[], ["--backend", "torch"]])
def test_it_imports_neither_torch_nor_numpy(options):
    arguments = ["compile", "examples/iris.flow", "--train", *options, "-o", "/dev/null"]
    assert not modules_after(f"from flowc.__main__ import main; main({arguments})") & {"torch", "numpy", "networkx"}


def test_a_backend_without_a_loop_says_so(run, flow, monkeypatch):
    from flowc.backends.numpy.backend import NumpyBackend

    monkeypatch.setattr(NumpyBackend, "trains", False)
    status, out, err = run("compile", flow(LINE + TABLE), "--train")
    assert (status, out) == (2, "") and "prints no loop that learns" in err
