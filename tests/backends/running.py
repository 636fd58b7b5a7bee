"""Runs generated source and compares it with the interpreter."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from flowc.backends.backend import Options
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.program.run import run


def module(source: str, name: str = "generated") -> dict[str, Any]:
    """The names that a source defines; a warning is an error."""
    names: dict[str, Any] = {"__name__": name, "__doc__": "..."}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(source, "generated.py", "exec"), names)
    return names


def drawn(program: Program, seed: int = 0, tokens: int = 5, positive: bool = False) -> dict[Symbol, np.ndarray]:
    """Numbers for every input, target and weight."""
    rng = np.random.default_rng(seed)
    values = {}
    for s in (*program.inputs, *program.targets, *program.weights):
        shape = (tokens, *s.type.shape) if s.type.batched else s.type.shape
        values[s] = np.asarray(rng.uniform(0.5, 1.5, shape) if positive else rng.normal(size=shape))
        if s.kind == "target" and s.type.shape:  # probabilities, as cross-entropy wants them
            values[s] = np.abs(values[s]) / np.abs(values[s]).sum(axis=-1, keepdims=True)
    return values


def reference(program: Program, values: dict[Symbol, np.ndarray]) -> dict[Symbol, np.ndarray]:
    return run(program, values)


def emitted(backend: Any, network: Network, program: Program, **options: str) -> dict[str, Any]:
    return module(backend.emit(network, program, Options(**options)).text)


def array(value: Any) -> np.ndarray:
    """A numpy array from whatever a backend returns."""
    return value.detach().double().numpy() if hasattr(value, "detach") else np.asarray(value)
