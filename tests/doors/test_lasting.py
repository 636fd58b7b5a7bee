"""Kill -9, a full disk, several writers: of each file the whole old one or a whole new one, and no leftovers for long."""

import json
import multiprocessing
import os
import random
import shutil
import signal
from pathlib import Path

import pytest

from flowc.__main__ import main
from flowc.doors.cli import files, temporary
from flowc.learning.weights import read_weights
from tests.doors.command import in_process

if os.name == "nt":
    pytest.skip("signals, locks and limits of POSIX", allow_module_level=True)

from tests.doors.dying import dying, in_child, lines_of, on_a_full_disk

LINE = """input x
target y
output f
x -> f : w ~ 0
1 -> f : b ~ 0
loss mse(f, y)
data { x y
 1 2
 2 5
 3 9 }
train sgd(rate=0.01, batch=2, steps=12)
"""
LEFT = ".flowc-1-0.tmp"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("line.flow").write_text(LINE)
    return tmp_path


@pytest.fixture
def run(capsys):
    return lambda *arguments: in_process(capsys, *arguments)


# ------------------------------------------------------------------------------------------------------------- kill -9


def test_a_file_is_the_old_or_the_new_one_whenever_its_writer_dies(folder) -> None:
    """At every line. The next writer takes away what was left."""
    old, new = {"a": "old a", "b": "old b"}, {"a": "new a\n" * 99, "b": "new b\n" * 99}

    def write() -> int:
        files.write_together(new)
        return 0

    count, ends = lines_of(write), set()
    for moment in range(1, count + 1):
        for name, text in old.items():
            Path(name).write_text(text)
        assert in_child(dying(write, moment))[0] == -signal.SIGKILL
        found = {name: Path(name).read_text() for name in old}
        assert all(text in (old[name], new[name]) for name, text in found.items())
        ends.add(tuple(found[name] == new[name] for name in found))
        files.write_whole("c", "another")
        assert sorted(os.listdir()) == ["a", "b", "c", "line.flow"]
    assert ends == {(False, False), (True, False), (True, True)}


def test_a_run_that_dies_at_random_moments_goes_on_and_ends_as_if_it_had_not(folder, run) -> None:
    names = ["w.safetensors", "l.csv", "c.safetensors"]
    command = ["train", "line.flow", "--quiet", "--interval", "1", "-o", names[0], "--log", names[1], "--checkpoint", names[2]]
    count, draw = lines_of(lambda: main(command)), random.Random(0)
    whole = {name: Path(name).read_bytes() for name in names}
    for _ in range(40):
        for name in names:
            Path(name).unlink(missing_ok=True)
        assert in_child(dying(lambda: main(command), draw.randint(1, count)))[0] == -signal.SIGKILL
        if Path("w.safetensors").exists():
            assert Path("w.safetensors").read_bytes() == whole["w.safetensors"]
        again = ["--resume", "c.safetensors"] if Path("c.safetensors").exists() else []
        assert run(*command, *again)[0] == 0
        assert {name: Path(name).read_bytes() for name in names} == whole
        assert sorted(os.listdir()) == sorted(["line.flow", *names])


# ---------------------------------------------------------------------------------------------------------- leftovers


def test_what_another_process_left_is_taken_away_and_nothing_else(folder) -> None:
    for name in (LEFT, ".flowc-notes.tmp", "flowc-1-0.tmp", ".flowc-1-0.tmp.csv"):
        Path(name).write_text("left")
    os.mkdir(".flowc-2-0.tmp")
    os.mkfifo(".flowc-3-0.tmp")
    os.symlink("line.flow", ".flowc-4-0.tmp")
    there = set(os.listdir())
    files.write_whole("a.py", "new")
    assert set(os.listdir()) == there - {LEFT} | {"a.py"} and Path("line.flow").read_text() == LINE


def test_what_another_writes_just_now_stays(folder) -> None:
    with temporary.temporary(os.curdir, b"slow") as path:
        files.write_whole("a.py", "new")
        assert Path(path).read_bytes() == b"slow"
        os.replace(path, "b.py")
    assert sorted(os.listdir()) == ["a.py", "b.py", "line.flow"]


def test_a_new_file_that_is_swept_before_it_is_locked_is_made_again(folder, monkeypatch) -> None:
    real = temporary.lock
    swept = []

    def late(descriptor: int, wait: bool) -> str:
        if wait and not swept:
            swept.extend(name for name in os.listdir() if temporary.NAME.fullmatch(name))
            os.unlink(swept[0])
        return real(descriptor, wait)

    monkeypatch.setattr(temporary, "lock", late)
    files.write_whole("a.py", "new")
    assert swept and sorted(os.listdir()) == ["a.py", "line.flow"]


def test_without_locks_files_are_written_and_leftovers_stay(folder, monkeypatch) -> None:
    monkeypatch.setattr(temporary, "fcntl", None)
    Path(LEFT).write_text("left")
    files.write_together({"a.py": "a", "b.py": "b"})
    assert sorted(os.listdir()) == [LEFT, "a.py", "b.py", "line.flow"]


# ------------------------------------------------------------------------------------------------------- many writers


def write_often(letter: str) -> None:
    for _ in range(60):
        files.write_whole("a.txt", letter * 20_000)


def test_of_several_writers_to_one_file_each_leaves_a_whole_one(folder) -> None:
    files.write_whole("a.txt", "o" * 20_000)
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_often, args=(letter,)) for letter in "abc"]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        text = Path("a.txt").read_text()
        assert len(text) == 20_000 and len(set(text)) == 1
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert sorted(os.listdir()) == ["a.txt", "line.flow"]


def test_two_runs_do_not_write_one_log(folder, run) -> None:
    from flowc.doors.cli.training.log import begun

    with begun("l.csv", 0):
        status, out, err = run("train", "line.flow", "--log", "l.csv")
        assert (status, out) == (2, "") and "`--log l.csv` is written by another run that has not ended" in err
    assert run("train", "line.flow", "--quiet", "--log", "l.csv")[0] == 0


# ----------------------------------------------------------------------------------------------------------- full disk


def test_a_full_disk_under_the_log_leaves_what_was_learnt(folder) -> None:
    """The weights of the last step that was made are written, and the rows that had room."""
    command = ["train", "line.flow", "--quiet", "--steps", "400", "--interval", "10", "--format", "json"]
    outputs = ["--log", "l.csv", "-o", "w.safetensors", "--checkpoint", "c.safetensors"]
    status, text = in_child(on_a_full_disk(lambda: main([*command, *outputs]), 4000))
    assert status == 2, text
    steps, _ = json.JSONDecoder().raw_decode(text)
    assert "flowc: cannot write `l.csv`: file too large\n" in text and steps["end"] == "not written"
    rows = Path("l.csv").read_text()
    assert rows.endswith("\n") and len(rows.splitlines()) == steps["steps"] - steps["steps"] % 10 - 10 + 1
    weights = learnt("w.safetensors")
    assert main([*command, "--steps", str(steps["steps"]), "-o", "again.safetensors"]) == 0
    assert weights == learnt("again.safetensors")
    assert main([*command, "--resume", "c.safetensors", *outputs]) == 0
    assert len(Path("l.csv").read_text().splitlines()) == 401


def test_a_full_disk_under_each_file_leaves_the_others(folder) -> None:
    command = ["train", "line.flow", "--quiet", "--steps", "400", "-o", "w.safetensors", "--plot", "p.svg"]
    Path("p.svg").write_text("old")
    status, text = in_child(on_a_full_disk(lambda: main(command), 4000))
    assert status == 2 and text.endswith("flowc: cannot write `p.svg`: file too large\n"), text
    assert Path("p.svg").read_text() == "old" and learnt("w.safetensors")
    Path("w.safetensors").write_text("old")
    status, text = in_child(on_a_full_disk(lambda: main(command), 10))
    assert status == 2 and "line: 400 steps" in text and text.count("flowc: cannot write") == 2, text
    assert Path("p.svg").read_text() == Path("w.safetensors").read_text() == "old"
    assert sorted(os.listdir()) == ["line.flow", "p.svg", "w.safetensors"]


def learnt(path: str) -> dict[str, list[float]]:
    import flowc

    found = read_weights(flow.network, Path(path).read_bytes()) if (flow := flowc.load("line.flow")) else {}
    return {name: array.tolist() for name, array in found.items()}


# ------------------------------------------------------------------------------------------- states that are to go on


def test_no_state_takes_the_place_of_another(folder, run) -> None:
    command = ["train", "line.flow", "--quiet"]
    assert run(*command, "-o", "w.safetensors", "--checkpoint", "c.safetensors", "--log", "l.csv")[0] == 0
    Path("other.csv").write_text("step,what\n1,2\n")
    Path("other.jsonl").write_text('{"what": 1}\n')
    Path("cut.csv").write_text("step,loss,rate,held_out\n5,1,1,\n")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for more, words in (
        (["--checkpoint", "w.safetensors"], "`--checkpoint w.safetensors` is there, but is no checkpoint"),
        (["-o", "c.safetensors"], "`-o c.safetensors` is a checkpoint, from which a run can go on"),
        *((["--log", name], f"`--log {name}` is there, but is no log of a run") for name in ("other.csv", "other.jsonl", "cut.csv")),
    ):  # fmt: skip
        status, out, err = run(*command, *more)
        assert (status, out) == (2, "") and words in err and "name another file" in err
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    Path("c.safetensors").unlink()
    assert run(*command, "-o", "w.safetensors", "--checkpoint", "c.safetensors", "--log", "l.csv")[0] == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_run_that_begins_anew_does_not_take_the_place_of_steps_that_were_made(folder, run) -> None:
    command = ["train", "line.flow", "--quiet", "--checkpoint", "c.safetensors", "--log", "l.csv"]
    assert run(*command, "--steps", "7")[0] == 0
    shutil.copy("c.safetensors", "copy.safetensors")
    os.link("c.safetensors", "link.safetensors")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for more in ([], ["--rate", "0.5"], ["--resume", "copy.safetensors"], ["--resume", "none.safetensors"]):
        status, out, err = run(*command, "--steps", "9", *more)
        assert (status, out) == (2, "") and err == (
            "flowc: `--checkpoint c.safetensors` keeps 7 steps that this run would not go on from; "
            "`--resume c.safetensors` does; to begin anew, name another file, or take this one away\n"
        )
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    for steps, same in (("9", "./c.safetensors"), ("11", "link.safetensors")):
        shutil.copy("c.safetensors", "last.safetensors")
        Path("link.safetensors").unlink()
        os.link("c.safetensors", "link.safetensors")
        assert run(*command, "--steps", steps, "--resume", same)[0] == 0
        assert Path("c.safetensors").read_bytes() != Path("last.safetensors").read_bytes()
    assert len(Path("l.csv").read_text().splitlines()) == 12
    Path("c.safetensors").unlink()
    assert run(*command, "--steps", "3")[0] == 0
    assert len(Path("l.csv").read_text().splitlines()) == 4


def test_a_checkpoint_without_steps_is_no_loss(folder, run) -> None:
    """Of a run that was ended before its first one; and one that says none, from which no run can go on."""
    from flowc.learning.tensors import tensor_bytes

    for said in ({"step": 0}, {"step": -3}, {"step": "many"}, {}):
        Path("c.safetensors").write_bytes(tensor_bytes({}, {"format": "flowc checkpoint 1", **said}))
        assert run("train", "line.flow", "--quiet", "--checkpoint", "c.safetensors")[0] == 0
        assert run("train", "line.flow", "--quiet", "--checkpoint", "c.safetensors")[0] == 2
