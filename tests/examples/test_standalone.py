"""The printed files run as scripts, where nothing of flowc can be reached."""

import json
import os
import subprocess
import sys

import pytest

from tests.examples.variants import VARIANTS, source
from tests.scripts import as_script

# Runs each file as a script with some arguments, and reports its exit status, its output, and what it imported.
DRIVER = """
import contextlib, io, json, runpy, sys
reports = {}
for path in sys.argv[1].split(","):
    for flag in ("", "--selftest"):
        sys.argv[:] = [path, flag][: 1 + bool(flag)]
        out = io.StringIO()
        status = 0
        with contextlib.redirect_stdout(out):
            try:
                runpy.run_path(path, run_name="__main__")
            except SystemExit as stop:
                status = stop.code or 0
        reports[path + flag] = [status, out.getvalue()]
reports["modules"] = [name for name in ("flowc", "lark", "networkx", "torch") if name in sys.modules]
print(json.dumps(reports))
"""


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_every_file_runs_and_passes_its_own_test(backend, tmp_path):
    chosen = [(name, form) for name, form in VARIANTS if form.startswith(backend)]
    for name, form in chosen:
        (tmp_path / f"{name}_{form}.py").write_text(source(name, form))
    (tmp_path / "driver.py").write_text(DRIVER)
    files = [f"{name}_{form}.py" for name, form in chosen]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "driver.py", ",".join(files)]
    result = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, env=environment)
    assert result.returncode == 0, result.stderr
    reports = json.loads(result.stdout)
    assert reports.pop("modules") == (["torch"] if backend == "torch" else [])
    assert {path: status for path, (status, _) in reports.items() if status != 0} == {}
    for name, form in chosen:
        assert reports[f"{name}_{form}.py"][1], "a file says something when it is run"
    assert len(reports) == 2 * len(chosen)


@pytest.mark.parametrize("form", ["numpy", "torch_explicit"])
def test_xor_prints_its_table(form, tmp_path):
    (tmp_path / "made.py").write_text(source("xor", form))
    rows = [[word.strip("tensor([],)|.") for word in line.split()] for line in as_script(tmp_path / "made.py").splitlines()]
    numbers = [[float(word) for word in row if word.replace(".", "").isdigit()] for row in rows]
    # x1, x2, what should come out, what comes out
    assert [row[:2] + row[-1:] for row in numbers if len(row) >= 3] == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
