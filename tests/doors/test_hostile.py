"""Command lines and files that are not as they should be: a message, an exit status, never a traceback."""

import errno
import io
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace

import pytest

import flowc
from flowc.doors.cli import files
from flowc.doors.cli.commands import VERBS
from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.path_types import Input
from tests.doors.command import BAD, EXAMPLES, GOOD, ROOT, in_process, parser_of, process, started

XOR = EXAMPLES / "xor.flow"
READS = [(verb, a.dest) for verb in VERBS for a in parser_of(verb)._actions if isinstance(a.type, Input)]


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["compil", "a.flow"], "did you mean `compile`?"),
        (["a.flow"], "flowc compile a.flow"),
        (["--backend", "torch"], "no option of flowc"),
        (["compile"], "FILE"),
        (["compile", "a.flow", "b.flow"], "b.flow"),
        (["compile", XOR, "--backend", "pytorch"], "did you mean `torch`?"),
        (["compile", XOR, "--backend", "jax"], "numpy, torch"),
        (["compile", XOR, "--form", "module"], "`functions`"),
        (["compile", XOR, "--backend", "torch", "--form", "modul"], "`module`"),
        (["compile", XOR, "--dtype", "int8"], "`float64`"),
        (["compile", XOR, "--gradient", "magic"], "`explicit`"),
        (["compile", XOR, "--style", "fancy"], "no style `fancy`"),
        (["compile", XOR, "--emit", "ast"], "'program'"),
        (["compile", XOR, "--emit", "tree", "--dtype", "float32"], "leave `--dtype` away"),
        (["compile", XOR, "--back", "torch"], "--back"),
        (["compile", XOR, "--set", "D"], "NAME=NUMBER"),
        (["compile", XOR, "--set", "D=x"], "NAME=NUMBER"),
        (["compile", XOR, "--set", "=4"], "NAME=NUMBER"),
        (["compile", XOR, "--set", "D=" + "9" * 5000], "NAME=NUMBER"),
        (["compile", XOR, "--set", "D=4", "--set", "D=5"], "set twice"),
        (["compile", XOR, "-o", ""], "no name"),
        (["compile", XOR, "-o", "b.flow"], "name of a diagram"),
        (["compile", ""], "no such file"),
        (["compile", "a\0b.flow"], "no file can have this name"),
        (["compile", "x" * 5000], "too long"),
        (["compile", "nowhere.flow"], "no such file"),
        (["compile", "\udcff.flow"], "no such file"),
        (["compile", "\x1b[31m.flow"], "\\x1b[31m.flow"),
        (["compile", EXAMPLES], "a folder"),
        (["compile", XOR / "inside.flow"], "not a directory"),
        (["check"], "FILE"),
        (["check", "-", "-"], "given twice"),
        (["fmt", "-", XOR, "-"], "given twice"),
        (["check", "--format", "xml", XOR], "'sarif'"),
        (["fmt"], "FILE"),
        (["fmt", EXAMPLES], "a folder"),
        (["explain", "nothing-like-this-at-all"], "lists all"),
        (["explain", "a", "b"], "b"),
        (["functions", "frobnicate"], "lists all"),
        (["backends", "numpy"], "numpy"),
        (["--version", "now"], "stands alone"),
        (["%s%n", "{0}"], "no command"),
        ([""], "no command"),
    ],
    ids=lambda value: "" if isinstance(value, str) else None,
)
def test_usage(run, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments)
    assert status == 2 and out == "" and err.startswith("flowc: ") and words in err
    assert all(c.isprintable() or c == "\n" for c in err)
    assert list(tmp_path.iterdir()) == []


def test_a_long_word_is_not_said_whole(run):
    for arguments in (["functions", "b" * 100_000], ["run", XOR, "b" * 100_000 + "=1"], ["check", XOR, "--" + "b" * 100_000]):
        status, _, err = run(*arguments)
        assert status == 2 and len(err) < 1_000 and "bbb…" in err


def test_random_bytes_as_a_diagram(run, tmp_path):
    draw = random.Random(0)
    for number in range(60):
        path = tmp_path / f"{number}.flow"
        path.write_bytes(draw.randbytes(draw.randrange(1, 400)))
        for verb in ("check", "compile", "fmt"):
            assert run(verb, path)[0] == 1
        assert run("check", "--format", "sarif", path)[0] == 1


def test_cut_and_mixed_diagrams(run, tmp_path):
    draw = random.Random(1)
    texts = [path.read_text() for path in sorted(EXAMPLES.glob("*.flow"))]
    path = tmp_path / "a.flow"
    for _ in range(60):
        text, other = draw.choice(texts), draw.choice(texts)
        text = text[: draw.randrange(len(text))] + other[draw.randrange(len(other)) :]
        path.write_text(text)
        assert run("check", path)[0] in (0, 1)
        assert run("compile", path)[0] in (0, 1)
    assert os.listdir(tmp_path) == ["a.flow"]


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "pipe"])
def test_only_ordinary_files_are_read(run, tmp_path, monkeypatch, name):
    """What never ends is not begun, and nothing waits for a pipe."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    said = f"flowc: cannot read `{name}`: it is no ordinary file; `-` is standard input\n"
    assert run("check", name) == (2, "", said)
    assert run("run", XOR, "--weights", name) == (2, "", said)
    with pytest.raises(OSError, match="no ordinary file"):
        flowc.load(name)
    for end in ("csv", "npz"):
        os.symlink(name, f"data.{end}")
        assert run("run", XOR, "--data", f"data.{end}") == (2, "", said.replace(name, f"data.{end}"))


@pytest.mark.parametrize(("verb", "dest"), READS)
def test_every_verb_refuses_what_is_no_file(run, tmp_path, monkeypatch, verb, dest):
    """As a diagram, and as the file of each of its options."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    option = next(action.option_strings for action in parser_of(verb)._actions if action.dest == dest)
    needed = {"plot": ["--regions"], "equations": ["--numbers"], "verify": ["--seconds", "0"]}.get(verb, [])
    for name in ("/dev/zero", "pipe", ".", "nowhere", "", "a\0b", "x" * 5000, XOR / "inside", "\udcff", "\x1b[31m"):
        status, out, err = run(verb, *([XOR, option[-1], name] if option else [name]), *needed)
        assert (status, out) == (2, "") and err.startswith("flowc: ") and len(err.splitlines()) == 1, (name, err)
        assert os.listdir() == ["pipe"] and "\x1b" not in err


def test_a_file_that_is_too_large_is_not_read(run, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 2**20)
    monkeypatch.setattr(files, "LARGEST_NUMBERS", 2**20)
    for name, more in (("a.flow", []), ("a.csv", ["--data", tmp_path / "a.csv"])):
        with open(tmp_path / name, "wb") as file:
            file.truncate(2**20 + 1)
        status, out, err = run("run", tmp_path / name if not more else XOR, *more)
        assert (status, out) == (2, "") and "it is larger than 1 MiB" in err
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"#" * (2**20 + 1))))
    assert run("check", "-") == (2, "", "flowc: cannot read `<stdin>`: it is larger than 1 MiB; that is no diagram\n")


# ----------------------------------------------------------------------------------------------------- output files


@pytest.fixture
def flow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.flow").write_text(GOOD)
    return tmp_path


def test_a_diagram_is_never_overwritten(run, flow):
    os.link("a.flow", "hard.py")
    os.symlink("a.flow", "soft.py")
    for output in ("a.flow", "./a.flow", flow / "a.flow", "hard.py", "soft.py"):
        assert run("compile", "a.flow", "-o", output)[0] == 2
    assert (flow / "a.flow").read_text() == GOOD


@pytest.mark.parametrize("output", ["nowhere/a.py", ".", "a.flow/a.py", "x" * 300 + ".py", "a\0.py"])
def test_output_that_cannot_be_written(run, flow, output):
    status, out, err = run("compile", "a.flow", "-o", output)
    assert (status, out) == (2, "") and "cannot write" in err
    assert os.listdir(flow) == ["a.flow"]


def test_a_device_is_written_as_it_is(run, flow):
    assert run("compile", "a.flow", "-o", "/dev/null") == (0, "", "")
    status, _, err = run("compile", "a.flow", "-o", "/dev/full")
    assert status == 2 and "no space left" in err


def test_a_pipe_is_written_if_somebody_reads_it(run, flow):
    os.mkfifo("pipe.py")
    assert run("compile", "a.flow", "-o", "pipe.py") == (2, "", "flowc: cannot write `pipe.py`: nobody reads from this pipe\n")
    reader = os.open("pipe.py", os.O_RDONLY | os.O_NONBLOCK)
    assert run("compile", "a.flow", "-o", "pipe.py") == (0, "", "")
    assert b"def forward" in os.read(reader, 2**16)
    os.close(reader)


def test_a_link_stays_a_link_and_a_mode_a_mode(run, flow):
    (flow / "real.py").write_text("old")
    (flow / "real.py").chmod(0o600)
    (flow / "link.py").symlink_to("real.py")
    assert run("compile", "a.flow", "-o", "link.py")[0] == 0
    assert (flow / "link.py").is_symlink() and "def forward" in (flow / "real.py").read_text()
    assert (flow / "real.py").stat().st_mode & 0o777 == 0o600


def test_an_old_file_stays_whole_when_the_disk_is_full(run, flow, monkeypatch):
    (flow / "a.py").write_text("old")
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(files.os, name, lambda *arguments: full())
            status, _, err = run("compile", "a.flow", "-o", "a.py")
        assert status == 2 and "no space left" in err
        assert (flow / "a.py").read_text() == "old" and sorted(os.listdir(flow)) == ["a.flow", "a.py"]


def full():
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_that_may_not_be_written_stays(flow, monkeypatch):
    (flow / "a.py").write_text("old")
    monkeypatch.setattr(files.os, "access", lambda path, mode: False)
    with pytest.raises(Trouble, match="permission denied"):
        files.write_whole("a.py", "new")
    assert (flow / "a.py").read_text() == "old"




# -------------------------------------------------------------------------------------------------------- processes


def test_a_fault_of_flowc_is_said_to_be_one(run, monkeypatch):
    from flowc import pipeline

    def broken(*arguments):
        raise RuntimeError("boom\n\x1b[31m")

    monkeypatch.setattr(pipeline, "understand", broken)
    status, out, err = run("compile", XOR)
    assert (status, out) == (70, "")
    assert "a fault of flowc's own" in err and "RuntimeError: boom" in err and "\x1b" not in err
    assert "nets/opened.py:" in err and len(err.splitlines()) == 3


def test_a_traceback_is_there_for_who_asks(capsys, monkeypatch):
    from flowc import pipeline
    from flowc.__main__ import main

    monkeypatch.setattr(pipeline, "understand", lambda *arguments: 1 / 0)
    monkeypatch.setenv("FLOWC_DEBUG", "1")
    assert main(["compile", str(XOR)]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_closed_pipe_ends_quietly():
    command = [sys.executable, "-m", "flowc", "compile", str(XOR)]
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=ROOT, timeout=60, check=False)
    os.close(writer)
    assert (result.returncode, result.stderr) == (141, b"")


@pytest.mark.parametrize(
    "arguments", [["compile", XOR], ["--version"], ["functions"], ["check", "--format", "json", XOR]]
)
def test_a_full_disk_behind_standard_output(arguments):
    with open("/dev/full", "wb") as nowhere:
        result = process(*arguments, stdout=nowhere)
    assert result.returncode == 2 and b"no space left" in result.stderr and len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("verb", ["compile -", "compile nowhere.flow", "check examples/xor.flow", "--version", "frob"])
def test_closed_streams(closed, verb):
    command = f'"{sys.executable}" -m flowc {verb} {closed}'
    result = subprocess.run(
        command, shell=True, capture_output=True, cwd=ROOT, timeout=60, stdin=subprocess.DEVNULL, check=False
    )
    assert result.returncode in (0, 1, 2) and b"Traceback" not in result.stderr + result.stdout


def test_an_interrupt():
    command = [sys.executable, "-m", "flowc", "check", "-"]
    with started(command, cwd=ROOT, stdin=subprocess.PIPE) as running:
        running.stdin.write(b"#" * 2**20)  # far more than a pipe holds: it is being read
        running.stdin.flush()
        while running.poll() is None:  # one that comes between two reads is heard at the next
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(2)
        assert (running.returncode, running.stderr.read()) == (130, b"flowc: interrupted\n")


def test_any_encoding_of_the_terminal():
    for encoding in ("ascii", "latin-1", "utf-16"):
        environment = {"PYTHONIOENCODING": encoding, "LC_ALL": "C"}
        result = process("check", "-", data="f = ξ²\n".encode(), environment=environment)
        assert result.returncode == 1 and "ξ".encode() in result.stdout


def test_the_same_bytes_for_every_hash_seed_and_folder(tmp_path):
    (tmp_path / "a.flow").write_text(BAD + "node unused, other\nx -> nowhere : 1\ng = frob(x)\n")
    commands = [
        ["compile", XOR, "--backend", "torch"],
        ["check", "--format", "sarif", tmp_path / "a.flow"],
        ["compile", EXAMPLES / "net232.flow", "--emit", "program"],
        ["functions"],
    ]
    code = f"from flowc.__main__ import main\nfor one in {[[*map(str, c)] for c in commands]}: print(one, main(one))"
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"} | {"PYTHONPATH": str(ROOT)}

    def told(cwd=ROOT, **more):
        return subprocess.run([sys.executable, "-c", code], env=variables | more, cwd=cwd, capture_output=True, check=True).stdout

    results = {told(PYTHONHASHSEED=seed) for seed in ("0", "1", "2", "random")} | {told(tmp_path, TZ="Asia/Tokyo", LC_ALL="C")}
    assert len(results) == 1 and results.pop().count(b"] 0\n") == len(commands) - 1


def test_colours_are_for_terminals_that_want_them(monkeypatch):
    from flowc.doors.cli.terminal import coloured

    class Terminal:
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert coloured(Terminal()) and not coloured(None)
    monkeypatch.setenv("TERM", "dumb")
    assert not coloured(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(Terminal())
    assert b"\x1b" not in process("check", "-", data=BAD.encode()).stdout
