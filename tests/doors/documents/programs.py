"""The programs of documents, run as their users run them: in a folder, by a shell, with `flowc` on the path."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULES = {"flowc": "flowc", "python": None, "mkdocs": "mkdocs", "zensical": "zensical"}
NET = 'flow net "Both"\ninput x1, x2\noutput f : step\nx1, x2 -> f : 1\n1 -> f : -1.5\n'
BAD = "input x1, x2\noutput f : step\nx1, x3 -> f : 1\n"  # whose third line is wrong
SAID = "there is no node or weight `x3`"


def needs(*modules):
    """Skips where Python's packages are not there."""
    for module in modules:
        if find_spec(module) is None:
            pytest.skip(f"the package {module} is not installed")


def pandocs():
    """Every pandoc here: the system's, and that of the package pypandoc_binary."""
    spec = find_spec("pypandoc")
    of_package = Path(spec.origin).with_name("files") / "pandoc" if spec else None
    paths = [shutil.which("pandoc"), str(of_package) if of_package and of_package.exists() else None]
    return [path for path in paths if path] or [None]


def written(folder, **files):
    """Texts as files, by their names with `_` for `.`."""
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text, encoding="utf-8")


def run(folder, command, **environment):
    """A line of a shell; the status and all that it says."""
    shims = folder / ".bin"
    shims.mkdir(exist_ok=True)
    for name, module in MODULES.items():
        how = f"{sys.executable} {f'-m {module}' if module else ''}"
        (shims / name).write_text(f'#!/bin/sh\nexec {how} "$@"\n')
        (shims / name).chmod(0o755)
    usual = {"PATH": f"{shims}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    result = subprocess.run(
        command, check=False, shell=True, cwd=folder, env={**os.environ, **usual, **environment},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    return result.returncode, result.stdout + result.stderr
