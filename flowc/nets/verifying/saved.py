"""Weights that are saved and loaded again: by `train -o`, and by a printed module's state."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

import numpy as np

from flowc.learning.weights import read_weights, write_weights
from flowc.nets.verifying.forms import ModuleFile, file_of
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.ways import Way, printed_way

Array = np.ndarray


def check_saved(reference: Reference, ways: Iterable[Way] = ()) -> None:
    """What was saved is what is loaded, bit for bit; so is the state of each way that is a module."""
    if find_spec("safetensors") is None or not reference.learnt:
        return
    _check_saved(reference, "weights", write_weights(reference.learnt, {}))
    modules = [way for way in ways if way.form == "module"]
    if modules:
        from safetensors.torch import save
    for way in modules:
        net = printed_way(way, reference)
        if net is None:
            continue
        file = file_of(net, reference)
        assert isinstance(file, ModuleFile)
        file.put(file.weights(reference.learnt))
        _check_saved(reference, f"{way} state", save(file.model.state_dict()))


def _check_saved(reference: Reference, what: str, data: bytes) -> None:
    loaded = read_weights(reference.network, data)
    for name, value in reference.learnt.items():
        same = np.array_equal(loaded[name], value)
        assert same, reference.failure_of(what, ("gradient", name), f"is loaded as {loaded[name]}, not {value}")
