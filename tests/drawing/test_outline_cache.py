"""Outlines of labels in the user's cache: the same picture with it, without it, and beside a broken one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flowc.drawing.outline_cache import LARGEST, Outlines

ENTRY = ("M0 0L1 1Z", (0.0, -1.0, 1.5, 0.0), "")
XOR = Path(__file__).parents[2] / "examples/xor.flow"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "cache"


def draw(home):
    """The picture, and whether a font was read for it."""
    code = "import sys; from flowc.__main__ import main; main(['draw', sys.argv[1]]); print('ziamath' in sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, str(XOR)], env={**os.environ, "XDG_CACHE_HOME": str(home)}, capture_output=True, check=True)
    return done.stdout, done.stderr.decode().strip() == "True"


def test_the_second_picture_is_the_first_and_reads_no_font(home):
    first, read = draw(home)
    assert read and first.startswith(b"<svg")
    assert draw(home) == (first, False)
    (file,) = (home / "flowc/letters").iterdir()
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"x": 3}', b"\xff", None])
def test_a_broken_cache_is_begun_anew(home, content):
    first, _ = draw(home)
    (file,) = (home / "flowc/letters").iterdir()
    if content is None:  # its outlines are none
        content = json.dumps({name: ["<script>", *rest] for name, (_, *rest) in json.loads(file.read_bytes()).items()}).encode()
    file.write_bytes(content)
    assert draw(home) == (first, True)
    assert draw(home) == (first, False)


def test_a_cache_that_cannot_be_written_is_none(home):
    first, _ = draw(home)
    other = home.parent / "file"
    other.write_text("no folder")
    assert draw(other) == (first, True)


def test_a_cache_that_has_become_too_large_is_begun_anew(tmp_path):
    path = str(tmp_path / "outlines.json")
    full = Outlines(path)
    full.add("long", ("M0 0" + "L1 1" * (LARGEST // 5), *ENTRY[1:]))
    full.write()
    again = Outlines(path)
    assert again.find("long") is not None
    again.fresh["other"] = ("M0 0" + "L1 1" * (LARGEST // 5), *ENTRY[1:])
    again.write()
    last = Outlines(path)
    assert last.find("long") is None and last.find("other") is not None
