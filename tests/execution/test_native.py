"""C that is compiled and called in place: the compiler, the cache, what may go wrong with both."""

import os
import shutil
import stat
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import flowc
from flowc.execution import cache
from flowc.execution.compiler import NoCompiler, NotCompiled, find_compiler
from flowc.execution.native import compiled
from flowc.testing import assert_backends_agree
from flowc.testing.strategies import diagrams
from tests.doors.command import in_process

COMPILER = shutil.which("cc")
EXAMPLES = Path(__file__).parents[2] / "examples"
XOR = EXAMPLES / "xor_learnt.flow"
DATA = {"x1": [0, 0, 1, 1], "x2": [0, 1, 0, 1], "y": [0, 1, 1, 0]}
pytestmark = [
    pytest.mark.skipif(COMPILER is None, reason="needs a C compiler, `cc`"),
    pytest.mark.skipif(sys.platform == "win32", reason="permissions and compilers as POSIX has them"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A cache of its own, and the compiler that is here."""
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "flowc" / "c"


def text_of(answer):
    return f"int answer(void);\nint answer(void) {{ return {answer}; }}\n"


def fake_compiler(path, lines):
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return str(path)


def entries(folder):
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


# ------------------------------------------------------------------------------------------------- numbers


def test_values_and_gradients_are_those_of_plain_numpy_bit_for_bit():
    """Of scalars: sums as written, and the exponential of the same library."""
    flow = flowc.load(XOR)
    here, plain = flow.compile("c"), flow.compile("numpy", style="fast", lower="scalar")
    weights = here.init(3)
    for one, other in ((here.forward, plain.forward), (here.gradients, plain.gradients)):
        ours, theirs = one(weights, DATA), other(weights, DATA)
        assert ours.keys() == theirs.keys()
        assert all(np.allclose(ours[name], theirs[name], rtol=1e-15, atol=0) for name in ours)
    assert here.loss(weights, DATA) == pytest.approx(plain.loss(weights, DATA), rel=1e-15)


def test_gradients_of_any_node_for_any_other():
    flow = flowc.load(EXAMPLES / "layers.flow")
    ours, theirs = flow.compile("c"), flow.compile("numpy")
    data, weights = {"x": np.arange(12.0).reshape(3, 4) / 7}, ours.init(1)
    names = [*ours.inputs, *ours.weights, *(n for n in ours.forward(weights, data) if n not in ours.targets)]
    one, other = (net.gradients(weights, data, of="h3", wrt=names) for net in (ours, theirs))
    for name in names:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-12, atol=1e-15, err_msg=name)


def test_floats_are_floats():
    net = flowc.load(XOR).compile("c", dtype="float32")
    values = net.forward(net.init(), DATA)
    assert {v.dtype for v in values.values()} == {np.dtype("float32")}


def test_arrays_go_in_as_they_stand(monkeypatch):
    source = flowc.load(EXAMPLES / "layers.flow").compile("c")
    seen = []
    real = np.ascontiguousarray
    monkeypatch.setattr(np, "ascontiguousarray", lambda a, dtype: seen.append((a, real(a, dtype))) or seen[-1][1])
    source.forward(source.init(), {"x": np.ones((5, 4))})
    assert seen and all(np.shares_memory(before, after) for before, after in seen)


def test_threads_share_a_library():
    """Its large arrays have one place."""
    flow = flowc.loads("flow net\ninput x\nnode h[5000] : tanh\noutput f\nx -> h : ~\nh -> f : ~\n")
    net = flow.compile("c")
    weights = net.init(1)
    expected = {k: net.forward(weights, {"x": [float(k)]})["f"] for k in range(4)}
    wrong = []

    def ask(k):
        for _ in range(20):
            if net.forward(weights, {"x": [float(k)]})["f"] != expected[k]:
                wrong.append(k)

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# ----------------------------------------------------------------------------------------------- the cache


def test_a_text_is_compiled_once(folder, monkeypatch):
    assert compiled(text_of(1)).answer() == 1
    (entry,) = entries(folder)
    monkeypatch.setattr(cache, "_keep", None)  # nothing is made again
    assert compiled(text_of(1)).answer() == 1 and entries(folder) == [entry]


def test_another_text_another_compiler_and_other_flags_are_other_entries(folder, tmp_path, monkeypatch):
    compiled(text_of(1)), compiled(text_of(2)), compiled(text_of(1), fast=True)
    assert len(entries(folder)) == 3
    monkeypatch.setenv("CC", f"{COMPILER} -DOTHER")
    compiled(text_of(1))
    monkeypatch.setenv("CC", fake_compiler(tmp_path / "mycc", f'exec {COMPILER} "$@"'))
    compiled(text_of(1))
    assert len(entries(folder)) == 5


def test_the_cache_is_private(folder):
    compiled(text_of(1))
    for path in (folder, *folder.iterdir()):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_nothing_is_loaded_from_a_folder_that_others_can_write(folder):
    compiled(text_of(1))
    (entry,) = folder.iterdir()
    entry.unlink()
    entry.write_bytes(b"another's")
    folder.chmod(0o777)
    assert compiled(text_of(1)).answer() == 1
    assert entry.read_bytes() == b"another's"


@pytest.mark.parametrize("damaged", [lambda content: b"", lambda content: content[:3000], lambda content: b"no library"])
def test_a_damaged_entry_is_made_again(damaged, folder):
    """One that is cut short, too, which would end the process where it is loaded."""
    compiled(text_of(7))
    (entry,) = folder.iterdir()
    content = entry.read_bytes()
    entry.unlink()
    entry.write_bytes(damaged(content))
    assert compiled(text_of(7)).answer() == 7
    assert [p.read_bytes() for p in folder.iterdir()] == [content]


def test_a_cache_that_cannot_be_made_is_done_without(folder, monkeypatch):
    folder.parent.parent.write_text("a file in its place")
    assert compiled(text_of(8)).answer() == 8


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_cannot_be_written_is_done_without(folder):
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    assert compiled(text_of(9)).answer() == 9


def test_a_full_disk_leaves_nothing_half_written(folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert compiled(text_of(9)).answer() == 9
    assert entries(folder) == []


def test_old_entries_go(folder, monkeypatch):
    compiled(text_of(1)), compiled(text_of(2))
    old, young = sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime)
    os.utime(old, (1, 1))
    monkeypatch.setattr(cache, "LARGEST", young.stat().st_size * 2 + 100)
    compiled(text_of(3))
    assert young.exists() and not old.exists() and len(entries(folder)) == 2


def test_two_at_once_make_the_same_entry(folder):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(compiled(text_of(5)).answer())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [5] * 4 and len(entries(folder)) == 1


# -------------------------------------------------------------------------------------------- the compiler


def test_without_a_compiler_the_message_names_what_would_do(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("flowc.execution.compiler.find_spec", lambda name: None)
    with pytest.raises(NoCompiler, match=r"neither `\$CC` nor `cc`; install gcc or clang, or `pip install \"flowc\[c\]\"`"):
        find_compiler()
    status, out, err = in_process(capsys, "run", EXAMPLES / "xor.flow", "--backend", "c")
    assert (status, out) == (2, "") and err.startswith("flowc: the c backend runs what a C compiler makes, and there is none")
    with pytest.raises(ModuleNotFoundError):
        net = flowc.load(XOR).compile("c")
        net.forward(net.init(), DATA)


def test_the_package_ziglang_will_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("flowc.execution.compiler.find_spec", lambda name: name == "ziglang")
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.13.0")
    assert find_compiler().command == (sys.executable, "-m", "ziglang", "cc")


@pytest.mark.parametrize("named", ["no-such-compiler", "'unclosed"])
def test_what_cc_names_must_be_there(named, monkeypatch, capsys):
    monkeypatch.setenv("CC", named)
    status, out, err = in_process(capsys, "run", EXAMPLES / "xor.flow", "--backend", "c")
    assert (status, out) == (2, "") and named in err


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("echo 'net.c:1:1: error: no more today' >&2; exit 1", "net.c:1:1: error: no more today"),
        ("exit 3", "it ends with status 3"),
        ("exit 0", "there is no library"),
        ("kill -9 $$", "it was ended by signal 9"),
    ],
)
def test_a_compiler_that_fails_is_quoted(lines, words, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CC", fake_compiler(tmp_path / "mycc", lines))
    status, out, err = in_process(capsys, "run", EXAMPLES / "xor.flow", "--backend", "c")
    assert (status, out) == (2, "") and "cannot compile the diagram's C" in err and words in err
    assert entries(folder) == []


def test_what_cannot_be_loaded_is_said(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", fake_compiler(tmp_path / "mycc", 'while [ "$1" != -o ]; do shift; done; echo nonsense > "$2"'))
    with pytest.raises(NotCompiled, match="cannot be loaded"):
        compiled(text_of(1))
    assert entries(folder) == []


# ------------------------------------------------------------------------------------------------ commands


def test_a_compiler_is_started_only_where_c_is_named(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", fake_compiler(tmp_path / "mycc", f"touch {tmp_path / 'started'}; exit 1"))
    assert in_process(capsys, "test", EXAMPLES / "xor.flow")[1].endswith("4 rows hold on numpy and torch\n")
    assert not (tmp_path / "started").exists()
    monkeypatch.delenv("CC")
    assert in_process(capsys, "test", EXAMPLES / "xor.flow", "--backend", "c")[1].endswith("4 rows hold on c\n")


@pytest.mark.parametrize("verb", ["run", "trace"])
def test_commands_show_the_same_numbers(verb, capsys):
    ours, theirs = (in_process(capsys, verb, XOR, "--backend", name) for name in ("c", "numpy"))
    assert ours[0] == 0 and ours[1] == theirs[1]


def test_verify_holds_c_to_what_the_diagram_means(capsys):
    status, out, err = in_process(capsys, "verify", EXAMPLES / "xor.flow", "--backend", "c", "--seconds", "1")
    assert status == 0, out + err


def test_a_value_that_is_not_finite_is_reported_at_its_line(capsys, tmp_path):
    path = tmp_path / "net.flow"
    path.write_text("flow net\ninput x\noutput f\nf = log(x)\n")
    status, _, err = in_process(capsys, "run", path, "x=-1", "--backend", "c")
    assert status == 1 and "net.flow:4: f is nan" in err


def test_values_of_no_token_and_of_none_at_all():
    net = flowc.loads("flow net\nweight a = 2\noutput f\nf = a * 3\n").compile("c")
    assert net.forward({}, {})["f"] == 6
    net = flowc.loads("flow net\ninput x\noutput f\nf = x * 3\n").compile("c")
    assert net.forward({}, {"x": np.empty(0)})["f"].shape == (0,)


def test_a_weight_may_be_called_self():
    assert_backends_agree("flow net\ninput x\nweight self\nnode h\noutput f\nx -> h : ~\nf = self * h\n", ("c",))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(diagram=diagrams(), seed=st.integers(0, 2**16))
def test_random_diagrams_agree_in_place(diagram, seed):
    assert_backends_agree(diagram, ("c",), seed=seed)
