"""Weights in safetensors files: by name, W[target, source]. Everything is checked before it is used."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from flowc.diagnostics.suggest import closest
from flowc.graph.network import Network, Weight

Array = np.ndarray
KEY = "flowc"  # of the metadata
KINDS = ("F64", "F32", "F16", "BF16")


class BadWeights(Exception):
    """The message is a sentence about the file, without its name."""


def write_weights(weights: Mapping[str, Array], metadata: Mapping[str, str]) -> bytes:
    """The same bytes every time: of several keys of metadata the order would change from run to run."""
    from safetensors.numpy import save

    arrays = {name: np.ascontiguousarray(w).reshape(np.shape(w)) for name, w in weights.items()}
    return save(arrays, {KEY: json.dumps(dict(metadata), sort_keys=True)})


def read_weights(network: Network, data: bytes) -> dict[str, Array]:
    """The learnt weights of a network, float64. Raises BadWeights."""
    shapes = _shapes(data)
    known = {w.name: w for w in network.weights}
    for name in shapes:
        if name not in known:
            near = closest(name, known)
            raise BadWeights(f"{network.name} has no weight `{name}`" + (f"; did you mean `{near}`?" if near else ""))
        if not known[name].learnt:
            raise BadWeights(f"the weight `{name}` is fixed by the diagram (`=`); `~` makes it learnt")
    learnt = [w for w in network.weights if w.learnt]
    for weight in learnt:
        if weight.name not in shapes:
            raise BadWeights(f"the weight `{weight.name}` is missing")
        _check(weight, *shapes[weight.name])
    return {w.name: _finite(w, array) for w, array in zip(learnt, _arrays(data, learnt), strict=True)}


def _shapes(data: bytes) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Element type and shape of each tensor, from the header alone."""
    try:
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + size])
        return {name: (e["dtype"], tuple(e["shape"])) for name, e in header.items() if name != "__metadata__"}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadWeights("it is no safetensors file") from None


def _check(weight: Weight, kind: str, shape: tuple[int, ...]) -> None:
    if kind not in KINDS:
        raise BadWeights(f"the weight `{weight.name}` is of type {kind}; weights are {', '.join(KINDS)}")
    if shape != weight.shape:
        turned = " (W[target, source]: rows are targets)" if shape == weight.shape[::-1] else ""
        raise BadWeights(f"the weight `{weight.name}` has the shape {shape}, needs {weight.shape}{turned}")


def _arrays(data: bytes, weights: list[Weight]) -> list[Array]:
    from safetensors import SafetensorError, deserialize

    try:
        found = dict(deserialize(data))
    except (SafetensorError, ValueError, OverflowError):
        raise BadWeights("it is damaged") from None
    return [_array(found[w.name]["dtype"], found[w.name]["data"], w.shape) for w in weights]


def _array(kind: str, numbers: bytes, shape: tuple[int, ...]) -> Array:
    if kind == "BF16":  # the upper half of a float32
        return (np.frombuffer(numbers, "<u2").astype("<u4") << 16).view("<f4").astype(float).reshape(shape)
    return np.frombuffer(numbers, f"<f{int(kind[1:]) // 8}").astype(float).reshape(shape)


def _finite(weight: Weight, array: Array) -> Array:
    if not np.isfinite(array).all():
        raise BadWeights(f"the weight `{weight.name}` holds numbers that are not finite")
    return array
