"""Several processes that learn together find what one finds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.doors.command import ROOT, in_process

pytest.importorskip("torch.distributed")

NET = """\
input x[3]
target y[2]
node h[4] : tanh
output f[2]
x -> h : W ~
1 -> h : ~
h -> f : ~
1 -> f : ~
loss sse(f, y) + 0.01*sum(W^2) + mse(f, y)
data {
  x[1] = normal(0, 1, 37); x[2] = normal(0, 1, 37); x[3] = normal(0, 1, 37)
  y[1] = x[1]*x[2]; y[2] = sin(x[3])
}
train momentum(rate=0.002, batch=7, steps=60)
"""


def together(count: int, *arguments: object) -> subprocess.CompletedProcess:
    """`flowc train` by so many processes."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", count]
    command += ["-m", "flowc", "train", *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*map(str, command)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("count", [2, 3])
def test_they_find_what_one_finds(count: int, tmp_path: Path, capsys) -> None:
    """Batches of seven, which nobody can share evenly; a loss of a sum, a mean and a penalty."""
    path = tmp_path / "net.flow"
    path.write_text(NET)
    one, many = tmp_path / "one.safetensors", tmp_path / "many.safetensors"
    assert in_process(capsys, "train", path, "--backend", "torch", "--quiet", "-o", one)[0] == 0
    found = together(count, path, "--backend", "torch", "-o", many)
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("60 steps of momentum") == 1 and found.stderr.count("step 60 of 60") == 1
    expected = load_file(one)
    for name, w in load_file(many).items():
        np.testing.assert_allclose(w, expected[name], rtol=1e-11, atol=1e-13)


def test_numpy_learns_alone(tmp_path: Path) -> None:
    path = tmp_path / "net.flow"
    path.write_text(NET)
    found = together(2, path)
    assert (
        found.returncode != 0 and "several processes learn together with `--backend torch`, not numpy" in found.stderr
    )
