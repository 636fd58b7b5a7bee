"""Pages that say how to add something, followed to the letter: their changes in a copy of flowc, which is then run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("flowc", "grammar", "docs")


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def block(text, kind):
    """The one block of a page that is `kind`, as `flow new`."""
    (found,) = re.findall(rf"```{re.escape(kind)}\n(.*?)```", text, re.DOTALL)
    return found


def copied(folder, text, parts=COPIED):
    """A copy of flowc in the folder, with the changes of a page."""
    for name in parts:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, change in re.findall(r"```diff (\S+)\n(.*?)```", text, re.DOTALL):
        path = folder / name
        content, before = path.read_text(encoding="utf-8"), side(change, "-")
        assert content.count(before) == 1, (name, before)
        path.write_text(content.replace(before, side(change, "+")), encoding="utf-8")
    return folder


def copied_with_diagram(folder, text):
    """The same, and beside it the page's diagram as `line.flow`."""
    (copied(folder, text) / "line.flow").write_text(block(text, "flow new"), encoding="utf-8")
    return folder


def side(change, sign):
    """The lines before or after a change."""
    return "".join(line[1:] or "\n" for line in change.splitlines(keepends=True) if line[0] in (" ", sign))


def add_function(folder, record):
    """A function's record, before that of `softmax`."""
    registry = folder / "flowc/maths/functions.py"
    text = registry.read_text(encoding="utf-8")
    place = re.search(r'^    Function\(\s*"softmax"', text, re.MULTILINE)
    indented = re.sub(r"^(?=.)", "    ", record, flags=re.MULTILINE)
    registry.write_text(text[: place.start()] + indented + text[place.start() :], encoding="utf-8")


def python(folder, *arguments):
    """What Python says in the folder of a copy."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(
        [sys.executable, *arguments], check=False, capture_output=True, text=True, cwd=folder, env=environment
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr
