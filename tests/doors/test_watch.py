"""`flowc draw --watch`: drawn again after each change, also after a mistake, until it is interrupted."""

import signal
import subprocess
import sys
import time

import pytest

import flowc
from flowc.__main__ import main
from flowc.doors.cli import watch
from tests.doors.command import started

NET = "input x\noutput f\nx -> f : {weight}\n"


def until(condition, process):
    """Waits until it holds, for a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)


def test_each_change_is_drawn_until_it_is_interrupted(tmp_path):
    net, picture, said = tmp_path / "net.flow", tmp_path / "net.svg", tmp_path / "said"
    net.write_text(NET.format(weight=1))
    with said.open("w") as log:
        command = [sys.executable, "-m", "flowc", "draw", str(net), "-o", str(picture), "--watch"]
        process = started(command, stdout=subprocess.DEVNULL, stderr=log)
    try:
        until(lambda: picture.exists() and "wrote" in said.read_text(), process)
        net.write_text(NET.format(weight=2))
        until(lambda: picture.read_text() == flowc.render(net), process)
        last = picture.read_text()
        net.write_text("input x\noutput f\nz -> f : 1\n")
        until(lambda: "error[unknown-node]" in said.read_text(), process)
        assert picture.read_text() == last
        beside = tmp_path / "new"  # as editors write
        beside.write_text(NET.format(weight=3))
        beside.replace(net)
        until(lambda: picture.read_text() == flowc.render(net), process)
        (tmp_path / "flowc.toml").write_text('[draw]\ndirection = "up"\n')
        until(lambda: picture.read_text() == flowc.render(net, direction="up"), process)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("arguments", [["-", "-o", "net.svg"], ["net.flow"], ["net.flow", "-o", "-"]])
def test_it_needs_a_file_and_a_place(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert main(["draw", *arguments, "--watch"]) == 2
    assert "name both" in capsys.readouterr().err


def test_what_a_command_reads_is_what_is_watched(tmp_path, monkeypatch, capsys):
    """Files of the diagram's data among it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.flow").write_text('input x\noutput f\nx -> f : 1\ndata "rows.csv"\n')
    (tmp_path / "rows.csv").write_text("x,f\n1,1\n")
    watched = []

    def interrupt(paths):
        watched.extend(paths)
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "_wait_for_change", interrupt)
    assert main(["draw", "net.flow", "-o", "net.svg", "--row", "1", "--watch"]) == 0
    assert {path.rpartition("/")[2] for path in watched} == {"net.flow", "rows.csv", "flowc.toml"}
