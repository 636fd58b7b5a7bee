"""flowc's files of an irregular network: how they are made and called, and results in the order that peers share."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.dag import INPUTS, OUTPUTS, Dag, dag, write
from benchmarks.made import compiled, folder
from benchmarks.race import Task

TOLERANCE = 2e-3  # float32, fifty levels one after the other


def written(hidden: int, depth: int = 50) -> tuple[Dag, Path]:
    """A network, and the folder with its diagram."""
    network, place = dag(hidden, depth), folder()
    write(network, place)
    return network, place


def file(place: Path, backend: str, tokens: int) -> ModuleType:
    return compiled(place, "--backend", backend, "--dtype", "float32", "--batch", str(tokens))


def tokens(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets, in the order of their numbers."""
    rng = np.random.default_rng(count)
    return rng.normal(size=(count, INPUTS)).astype(np.float32), rng.normal(size=(count, OUTPUTS)).astype(np.float32)


def forward(place: Path, backend: str, count: int) -> Task:
    module = file(place, backend, count)
    x, _ = tokens(count)
    return Task(partial(module.forward, native(x, names(module, "INPUTS"), backend), **module.initial_weights()))


def gradients(place: Path, backend: str, count: int) -> Task:
    module = file(place, backend, count)
    x, y = tokens(count)
    data = native(x, names(module, "INPUTS"), backend), native(y, names(module, "TARGETS"), backend)
    weights = module.initial_weights()
    return Task(partial(module.gradients, *data, **weights), partial(by_value, weights))


def names(module: ModuleType, kind: str) -> tuple[str, ...]:
    """The columns of an argument; a file that does not say has them in the order of the diagram."""
    letter, count = {"INPUTS": ("x", INPUTS), "TARGETS": ("t", OUTPUTS)}[kind]
    return getattr(module, kind, tuple(f"{letter}{i + 1}" for i in range(count)))


def native(part: np.ndarray, columns: tuple[str, ...], backend: str) -> Any:
    array = np.ascontiguousarray(part[:, [int(name[1:]) - 1 for name in columns]])
    if backend == "numpy":
        return array
    import torch

    return torch.from_numpy(array)


def by_value(weights: Any, result: Any) -> tuple[Any, np.ndarray]:
    """The loss, and gradients in the order of their weights' values: flowc orders weights as it likes, and no two are alike."""
    loss, slopes = result
    return loss, flat(slopes)[np.argsort(flat(weights))]


def flat(parts: Any) -> np.ndarray:
    if isinstance(parts, dict):
        parts = [*parts.values()]
    if isinstance(parts, list | tuple):
        return np.concatenate([flat(part) for part in parts])
    return np.asarray(parts.detach() if hasattr(parts, "detach") else parts, np.float32).ravel()
