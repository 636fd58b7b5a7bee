"""Each verb, as it is meant to be used."""

import io
import json
import sys
from types import SimpleNamespace

import pytest

import flowc
from flowc.diagnostics.codes import CODES
from flowc.doors.cli.commands import VERBS
from flowc.maths.functions import FUNCTIONS
from tests.doors.command import BAD, EXAMPLES, GOOD, WARNS, in_process


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.fixture
def flow(tmp_path, monkeypatch):
    """Writes a diagram into the working folder."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="a.flow"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    return write


def stdin(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


# ------------------------------------------------------------------------------------------------------------ flowc


def test_version_and_help(run):
    assert run("--version") == (0, f"flowc {flowc.__version__}\n", "")
    status, out, _ = run("--help")
    assert status == 0 and all(verb in out for verb in VERBS) and "70" in out
    status, out, err = run()
    assert (status, out) == (2, "") and "usage" in err


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(run, verb):
    status, out, _ = run(verb, "--help")
    assert status == 0 and f"flowc {verb}" in out and "Exit status" in out


# ---------------------------------------------------------------------------------------------------------- compile


def test_compile_prints_and_writes_the_same_but_for_the_command(run, flow, tmp_path):
    name = flow(GOOD)
    status, out, err = run("compile", name)
    assert (status, err) == (0, "") and "def forward(x)" in out
    assert run("compile", name, "-o", "a.py") == (0, "", "")
    written = (tmp_path / "a.py").read_text()
    assert written == out.replace("flowc compile a.flow", "flowc compile a.flow -o a.py")
    assert run("compile", name, "-o", "-") == (0, out, "")


def test_compile_reads_standard_input(run, monkeypatch):
    stdin(monkeypatch, GOOD.encode())
    status, out, _ = run("compile", "-")
    assert status == 0 and "flowc compile -\n" in out
    stdin(monkeypatch, BAD.encode())
    status, out, err = run("compile", "-")
    assert (status, out) == (1, "") and err.startswith("<stdin>:4:7: error[")


def test_compile_tells_problems_and_warnings_on_standard_error(run, flow, tmp_path):
    status, out, err = run("compile", flow(BAD), "-o", "a.py")
    assert (status, out) == (1, "") and "a.flow:4:7: error[unknown-node]: " in err
    assert not (tmp_path / "a.py").exists()
    status, out, err = run("compile", flow(WARNS))
    assert status == 0 and "def forward" in out and "a.flow:1:10: warning[" in err


def test_compile_changes_sizes(run, flow):
    name = flow("index D = 4\ninput x[D]\noutput f\nx -> f : ~\n")
    _, out, _ = run("compile", name, "--set", "D=7")
    assert "(7,)" in out and "--set D=7" in out
    assert run("compile", name, "--set", "D=7", "--set", "D=7")[0] == 0


def test_compile_prints_one_part(run):
    status, out, _ = run("compile", EXAMPLES / "net232.flow", "--part", "forward")
    assert status == 0 and out.startswith("def forward(") and "import" not in out


def test_a_refusal_is_told(run, flow):
    status, out, err = run("compile", flow(GOOD), "--part", "nothing")
    assert (status, out) == (2, "") and err.startswith("a.flow: ") and "forward" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--part", "foo"], "there is no part `foo`"),
        (["--part", "fit"], "`fit` is in the styles `layers` and `fast`"),
        (
            ["--backend", "torch", "--form", "module", "--style", "fast", "--lower", "sparse"],
            "form `module` has no `--lower sparse`, which gathers single nodes; form `functions` has",
        ),
        (["--backend", "torch", "--style", "fast", "--lower", "scalar"], "this backend has no lowering `scalar`"),
    ],
)
def test_what_the_options_ask_for_in_vain_is_usage(run, options, said):
    status, out, err = run("compile", EXAMPLES / "iris.flow", *options)
    assert (status, out) == (2, "") and said in err


@pytest.mark.parametrize(
    "stage, line",
    [("tree", "Equation 4:1"), ("network", "  + 2 * x"), ("program", "f = 2 * x  (n)")],
)
def test_emit_prints_a_stage(run, flow, stage, line):
    status, out, err = run("compile", flow(GOOD), "--emit", stage)
    assert (status, err) == (0, "") and line in out.splitlines()


@pytest.mark.parametrize("stage", ["tree", "network", "program"])
def test_emit_prints_every_example(run, stage):
    for path in sorted(EXAMPLES.glob("*.flow")):
        status, out, err = run("compile", path, "--emit", stage)
        assert (status, err) == (0, "") and len(out.splitlines()) > 3 and " object at " not in out


# ------------------------------------------------------------------------------------------------------------ check


def test_check_is_silent_where_all_is_well(run):
    assert run("check", *sorted(EXAMPLES.glob("*.flow"))) == (0, "", "")


def test_check_tells_all_problems_of_all_files(run, flow):
    good, bad, warns = flow(GOOD, "good.flow"), flow(BAD, "bad.flow"), flow(WARNS, "warns.flow")
    status, out, err = run("check", good, bad, warns)
    assert status == 1 and "bad.flow:4:7: error" in out and "warns.flow:1:10: warning" in out
    assert err == "1 error and 1 warning in 2 files\n"
    assert run("check", warns)[0] == 0


def test_check_goes_on_after_a_file_that_cannot_be_read(run, flow):
    status, out, err = run("check", "nowhere.flow", flow(BAD), "--format", "json")
    assert status == 2 and "nowhere.flow" in err
    assert [d["file"] for d in json.loads(out)["diagnostics"]] == ["a.flow"]


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_check_reports_for_programs(run, flow, form):
    status, out, err = run("check", "--format", form, flow(BAD))
    assert (status, err) == (1, "") and "unknown-node" in json.dumps(json.loads(out))
    status, out, err = run("check", "--format", form, flow(GOOD))
    assert status == 0 and json.loads(out)


def test_check_knows_settings(run, flow):
    name = flow("index D = 4\ninput x[D]\noutput f\nf = x[5]\n")
    assert run("check", name)[0] == 1
    assert run("check", name, "--set", "D=5")[0] == 0
    status, out, _ = run("check", name, "--set", "E=5")
    assert status == 1 and "`E`" in out


# -------------------------------------------------------------------------------------------------------------- fmt

UGLY = "# a comment\ninput   x ,y;output f\nx->f:1   # here\ny ->f: −2\nf2 = sigmoid( f )\n"
NEAT = "# a comment\ninput  x, y\noutput f\nx -> f : 1  # here\ny -> f : -2\nf2 = logistic(f)\n"


def test_fmt_rewrites_once(run, flow, tmp_path):
    name = flow(UGLY)
    assert run("fmt", name) == (0, "", "")
    assert (tmp_path / name).read_text() == NEAT
    before = (tmp_path / name).stat()
    assert run("fmt", name) == (0, "", "")
    after = (tmp_path / name).stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_fmt_keeps_mode_and_link(run, flow, tmp_path):
    path = tmp_path / flow(UGLY)
    path.chmod(0o640)
    (tmp_path / "link.flow").symlink_to(path)
    assert run("fmt", "link.flow")[0] == 0
    assert path.read_text() == NEAT and path.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.flow").is_symlink()


def test_fmt_checks_and_shows_without_writing(run, flow, tmp_path):
    name = flow(UGLY)
    assert run("fmt", "--check", name) == (1, "", "a.flow is not in canonical form\n")
    status, out, _ = run("fmt", "--diff", name)
    assert status == 1 and "+input  x, y" in out.splitlines() and "--- a.flow" in out.splitlines()
    assert (tmp_path / name).read_text() == UGLY
    run("fmt", name)
    assert run("fmt", "--check", "--diff", name) == (0, "", "")


def test_fmt_of_standard_input_prints(run, monkeypatch):
    stdin(monkeypatch, UGLY.encode())
    assert run("fmt", "-") == (0, NEAT, "")


def test_fmt_takes_other_line_ends_and_a_mark(run, flow, tmp_path):
    name = flow(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert run("fmt", "--check", name)[0] == 1
    assert run("fmt", "--diff", name)[0] == 1
    assert run("fmt", name)[0] == 0
    assert (tmp_path / name).read_bytes() == GOOD.replace("input x", "input  x").encode()


def test_fmt_leaves_a_bad_file_and_goes_on(run, flow, tmp_path):
    bad, good = flow("f = (", "bad.flow"), flow(UGLY)
    status, out, err = run("fmt", bad, "nowhere.flow", good)
    assert (status, out) == (2, "") and "bad.flow:1:5: error" in err and "nowhere.flow" in err
    assert (tmp_path / bad).read_text() == "f = (" and (tmp_path / good).read_text() == NEAT


# ---------------------------------------------------------------------------------- explain, functions and backends


@pytest.mark.parametrize("code", CODES)
def test_explain(run, code):
    status, out, _ = run("explain", code)
    assert status == 0 and out.startswith(f"{code}: ") and "\nwrong" in out and "\nright" in out
    assert all(c.isprintable() or c == "\n" for c in out)


def test_explain_lists_and_suggests(run):
    status, out, _ = run("explain")
    assert status == 0 and [line.split()[0] for line in out.splitlines()] == sorted(CODES)
    assert run("explain", "error[unknown-node]") == run("explain", "unknown-node")
    status, _, err = run("explain", "unknown-nod")
    assert status == 2 and "did you mean `unknown-node`?" in err


def test_functions(run):
    status, out, _ = run("functions")
    assert status == 0 and all(name in out for name in FUNCTIONS) and "glorot" in out
    for name in [*FUNCTIONS, "sigmoid", "normal", "default"]:
        status, out, _ = run("functions", name)
        assert status == 0 and "source" in out
    status, _, err = run("functions", "rellu")
    assert status == 2 and "did you mean `relu`?" in err


def test_backends(run):
    status, out, _ = run("backends")
    assert status == 0 and "numpy: " in out and "torch: " in out and "sequential" in out
