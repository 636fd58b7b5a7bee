"""docs/adding-a-backend.md, followed to the letter: a package outside flowc, with files, bytes, and nothing optional."""

import re
import sys
from array import array
from pathlib import Path

import pytest

import flowc
from flowc.backends import PROTOCOL
from tests.doors.command import in_process
from tests.installed import installed

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/adding-a-backend.md").read_text(encoding="utf-8")
MODULE = re.search(r"```python package tape.py\n(.*?)```", PAGE, re.DOTALL)[1]
ENTRY = re.search(r"```toml\n\[project.entry-points.\"flowc.backends\"\]\n(.*?)```", PAGE, re.DOTALL)[1].replace('"', "")
NET = """\
input x
target y
output f : logistic
x -> f : w ~ 0.5
1 -> f : b ~ 0.25
loss mse(f, y)
data {
  x | y
  1 | 0.25
  3 | 1
}
"""
TABLE = "input x\noutput f\nf = 2*x\ndata { x | f\n1 | 2\n }\n"


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs the page's module, with changes."""

    def install(*changes, entry=ENTRY):
        module = MODULE
        for before, after in changes:
            assert before in module
            module = module.replace(before, after)
        site = installed(tmp_path / "site", "tape", module, f"[flowc.backends]\n{entry}")
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.delitem(sys.modules, "tape", raising=False)

    yield install
    sys.modules.pop("tape", None)


@pytest.fixture
def tape(install, tmp_path, monkeypatch):
    install()
    monkeypatch.chdir(tmp_path)
    Path("net.flow").write_text(NET)
    Path("table.flow").write_text(TABLE)


COMPILE = ("compile", "net.flow", "--backend", "tape")


def test_it_prints_three_files(run, tape):
    assert run(*COMPILE, "-o", "out.tape") == (0, "", "")
    text = Path("out.tape").read_text()
    assert text.startswith("# flowc compile net.flow --backend tape -o out.tape\nv4 multiply v2 v0\n")
    assert "v0 input x\n" in Path("out.names").read_text()
    mark, _, numbers = Path("out.start").read_bytes().partition(b"\n")
    assert mark == b"flowc compile" and [*array("d", numbers)] == [0.5, 0.25]
    assert run(*COMPILE, "-o", "out.tape") == (0, "", "")


@pytest.mark.parametrize("output", [(), ("-o", "-")])
def test_several_files_need_a_name(run, tape, output):
    status, out, err = run(*COMPILE, *output)
    assert (status, out) == (2, "") and "several files, with `diagram.names`, `diagram.start`" in err and "`-o NAME`" in err


@pytest.mark.parametrize("name", ["out.tape", "out.names", "out.start"])
def test_all_files_are_written_or_none(run, tape, name):
    Path(name).mkdir()
    status, _, err = run(*COMPILE, "-o", "out.tape")
    assert status == 2 and name in err
    assert [path.name for path in Path().glob("out.*")] == [name]


@pytest.mark.parametrize("name", ["out.names", "out.start"])
def test_what_compile_did_not_write_stays(run, tape, name):
    Path(name).write_text("my own\n")
    status, _, err = run(*COMPILE, "-o", "out.tape")
    assert status == 2 and f"`{name}`, which `compile` did not write" in err
    assert Path(name).read_text() == "my own\n" and not Path("out.tape").exists()


def test_no_file_takes_the_place_of_an_input_or_of_another(run, tape):
    Path("listed.flow").write_text('nodes "out.names"\noutput f\nx -> f : ~\n')
    Path("out.names").write_text("name,role,activation\nx,input,\n")
    status, _, err = run("compile", "listed.flow", "--backend", "tape", "-o", "out.tape")
    assert status == 2 and "is a file that the diagram names" in err
    Path("out.names").unlink()
    status, _, err = run(*COMPILE, "-o", "out.start")
    assert status == 2 and "`out.start` is given twice" in err
    assert not Path("out.start").exists()


@pytest.mark.parametrize("name", ["../out.names", "deep/out.names", "..", ""])
def test_files_stand_beside_the_output(run, tape, install, name):
    install(('options.sibling(".names")', repr(name)))
    status, _, err = run(*COMPILE, "-o", "out.tape")
    assert status == 2 and f"`{name}`, which is no name of a file beside the output" in err
    assert not [*Path().glob("out*")]


def test_bytes_alone_go_to_a_file(run, tape, install):
    start, end = MODULE.index("        return Printed("), len(MODULE)
    install((MODULE[start:end], "        return Printed(numbers)\n"))
    status, out, err = run(*COMPILE)
    assert (status, out) == (2, "") and "no text, but bytes; name a file for them, `-o NAME`" in err
    assert run(*COMPILE, "-o", "out.bin") == (0, "", "")
    assert [*array("d", Path("out.bin").read_bytes())] == [0.5, 0.25]
    with pytest.raises(ValueError, match="prints bytes, and no text"):
        print(flowc.load("net.flow").compile("tape").source)


@pytest.mark.parametrize(
    "options, said",
    [
        (["--part", "forward"], "a tape has no parts; leave `--part` away"),
        (["--train"], "the tape backend prints no loop that learns; numpy, torch and c do"),
        (["--style", "fast"], "the tape backend has no style `fast`; it has `nodes`"),
        (["--form", "module"], "the tape backend has no form `module`; it has `functions`"),
        (["--gradient", "explicit"], "the tape backend has no gradient `explicit`; it has none"),
        (["--dtype", "float32"], "the tape backend has no dtype `float32`; it has `float64`"),
        (["--lower", "dense"], "`--lower` goes with"),
    ],
)
def test_what_it_lacks_is_refused(run, tape, options, said):
    status, out, err = run(*COMPILE, "-o", "out.tape", *options)
    assert (status, out) == (2, "") and said in err and not Path("out.tape").exists()


@pytest.mark.parametrize("verb", [["run", "x=1"], ["trace", "x=1", "y=0"], ["train"], ["test"], ["plot", "--fit"], ["verify"]])
def test_it_is_refused_where_numbers_are_wanted(verb, run, tape):
    name, *rest = verb
    status, _, err = run(name, "net.flow", *rest, "--backend", "tape")
    assert status == 2 and "the tape backend only prints code; numpy, torch and c run it" in err


def test_others_compute_what_it_prints(run, tape):
    status, out, _ = run("verify", "net.flow", "--seconds", "0")
    assert status == 0 and "not compared: tape, only prints code\n" in out
    assert run("test", "table.flow") == (0, "table.flow: 1 row holds on numpy and torch; tape only prints code\n", "")


def test_one_that_takes_tensors_says_so(run, tape, install):
    install((MODULE, "from flowc.backends.torch.backend import TorchBackend\n\nclass Tape(TorchBackend):\n    name = 'tape'\n"))
    assert run("run", "net.flow", "x=1", "--backend", "tape") == run("run", "net.flow", "x=1")
    status, out, _ = run("verify", "net.flow", "--seconds", "0", "--backend", "tape")
    assert status == 0 and "\ntape, " in out


def test_from_python(tape):
    net = flowc.load("net.flow").compile("tape")
    assert net.source.startswith("# flowc compile net.flow --backend tape\n")
    assert [file.name for file in net.printed.beside] == ["arrows.names", "arrows.start"]
    with pytest.raises(ValueError, match="only prints code"):
        net.forward(net.init(), {"x": 1})
    with pytest.raises(ValueError, match="tape has no style `layers`"):
        flowc.load("net.flow").compile("tape", style="layers")


def test_it_is_listed(run, tape):
    assert "tape: One operation a line on numbered values" in run("backends")[1]


@pytest.mark.parametrize(
    "change, said",
    [
        (("protocol = 1", "protocol = 0"), f"version 0 of the protocol, and this flowc has {PROTOCOL}; update the package"),
        (("protocol = 1", "protocol = 99"), f"version 99 of the protocol, and this flowc has {PROTOCOL}; update flowc"),
        (("class Tape(Backend)", "class Tape"), "it is no `flowc.backends.Backend`"),
        (('name, summary = "tape"', 'name, summary = "tapes"'), "it calls itself `tapes`"),
        (("import Symbol", "import Symbols"), "ImportError: cannot import name 'Symbols'"),
    ],
)
def test_one_that_does_not_go_with_this_flowc_is_told_apart(run, tape, install, change, said):
    install(change)
    for verb in (COMPILE, ("run", "net.flow", "x=1", "--backend", "tape"), ("verify", "net.flow", "--backend", "tape")):
        status, out, err = run(*verb)
        assert (status, out) == (2, "") and "the backend `tape` cannot be used: " in err and said in err
    status, out, _ = run("backends")
    assert status == 0 and "numpy: " in out and "\ntape: cannot be used: " in out and said in out
    status, out, _ = run("verify", "net.flow", "--seconds", "0")
    assert status == 0 and "not compared: tape, cannot be used: " in out


def test_what_goes_wrong_in_it_is_no_fault_of_flowcs(run, tape, install):
    install(("step.op.name", "step.op.spelling"))
    status, out, err = run(*COMPILE, "-o", "out.tape")
    assert (status, out) == (2, "") and "the backend `tape` cannot be used: AttributeError: " in err
    assert not Path("out.tape").exists()
    with pytest.raises(ValueError, match="the backend `tape` cannot be used: AttributeError"):
        print(flowc.load("net.flow").compile("tape").source)
