"""Generated source computes what the interpreter computes: outputs, loss, gradients."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from flowc.backends.backend import Options
from flowc.backends.numpy import NumpyBackend
from flowc.backends.python.naming import NameTable
from flowc.backends.torch import TorchBackend
from tests.backends import diagrams
from tests.backends.running import array, drawn, emitted, module, reference

WAYS = {
    "numpy": (NumpyBackend(), {}),
    "tape": (NumpyBackend(), {"gradient": "tape"}),
    "autograd": (TorchBackend(), {"dtype": "float64"}),
    "explicit": (TorchBackend(), {"dtype": "float64", "gradient": "explicit"}),
}
SOURCES = [
    (NumpyBackend(), {}), (NumpyBackend(), {"dtype": "float32"}), (NumpyBackend(), {"gradient": "tape"}), (TorchBackend(), {}),
    (TorchBackend(), {"gradient": "explicit"}), (TorchBackend(), {"form": "module"}),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", diagrams.ALL)
def test_values_and_gradients(name: str, way: str) -> None:
    network = diagrams.ALL[name]()
    program = diagrams.program_of(network)
    backend, options = WAYS[way]
    values = drawn(program)
    for weight in network.weights:
        if not weight.learnt:
            values[next(s for s in program.weights if s.owner == weight.name)] = np.asarray(weight.start, float)
    expected = reference(program, values)
    names = NameTable(network, program)
    given = {names[s]: v if way in ("numpy", "tape") else torch.tensor(v) for s, v in values.items()}
    learnt = {w.name for w in network.weights if w.learnt}
    weights = {names[s]: given[names[s]] for s in program.weights if s.owner in learnt}
    generated = emitted(backend, network, program, **options)
    inputs = [given[names[s]] for s in program.inputs]
    outputs = generated["forward"](*inputs, **weights)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    for symbol, value in zip(program.outputs, outputs, strict=True):
        np.testing.assert_allclose(array(value), expected[symbol], rtol=1e-12, atol=1e-14)
    if program.loss is None:
        return
    targets = [given[names[s]] for s in program.targets]
    loss, found = generated["gradients"](*inputs, *targets, **weights)
    np.testing.assert_allclose(array(loss), expected[program.loss], rtol=1e-12)
    for symbol in (s for s in program.weights if s.owner in learnt):
        gradient = expected[program.gradients[symbol]]
        np.testing.assert_allclose(array(found[names[symbol]]), gradient, rtol=1e-11, atol=1e-13)
        assert array(found[names[symbol]]).shape == gradient.shape
    _, after = generated["learn"](weights, *inputs, *targets)
    assert list(after) == list(weights)


@pytest.mark.parametrize("name", diagrams.ALL)
def test_files_run_and_test_themselves(name: str, monkeypatch, capsys) -> None:
    network = diagrams.ALL[name]()
    program = diagrams.program_of(network)
    for backend, options in SOURCES:
        source = backend.emit(network, program, Options(**options)).text
        for arguments in (["--selftest"], []):
            monkeypatch.setattr(sys, "argv", ["generated.py", *arguments])
            module(source, "__main__")
            printed = capsys.readouterr().out
            tested = arguments and program.loss is not None
            assert printed.endswith("ok\n") if tested else printed


@pytest.mark.parametrize("backend", [NumpyBackend(), TorchBackend()])
def test_files_stand_alone(backend, tmp_path) -> None:
    network = diagrams.xor()
    path = tmp_path / "xor.py"
    path.write_text(backend.emit(network, diagrams.program_of(network), Options()).text)
    command = [sys.executable, "-I", "-W", "error", str(path), "--selftest"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and done.stdout.startswith("x1, x2, f\n"), done.stderr
