"""Weights in safetensors files: by name, W[target, source]. Everything is checked before there is room made for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flowc.data.column_table import listed, shown
from flowc.diagnostics.suggest import closest
from flowc.graph.network import Draw, Network, Weight
from flowc.learning.tensors import Header, read_headers, tensor_bytes

Array = np.ndarray
EXACT = {"F64": 0.0, "F32": 2.0**-24, "F16": 2.0**-11, "BF16": 2.0**-8}  # how far rounding may move a number of a kind


class BadWeights(Exception):
    """The message is a sentence about the file, without its name."""


def write_weights(weights: Mapping[str, Array], about: Mapping[str, str]) -> bytes:
    """`about`: what is said beside them."""
    return tensor_bytes(weights, about)


def read_weights(network: Network, data: bytes) -> dict[str, Array]:
    """The learnt weights of a network, float64. Fixed ones may be in the file with the value that they have.

    Raises BadWeights.
    """
    try:
        there = read_headers(data)
    except ValueError as why:
        raise BadWeights(f"it is no safetensors file: {why}") from None
    if any(name.startswith("weight ") for name in there):
        raise BadWeights("it is a checkpoint, from which `train --resume` goes on; `train -o` writes weights")
    weights = {w.name: w for w in network.weights}
    _check_names(network.name, weights, there)
    for name, header in there.items():
        _check_header(weights[name], header)
    arrays = {name: _read_array(weights[name], *rest) for name, rest in _array_bytes(data).items()}
    for name, array in arrays.items():
        if not weights[name].learnt:
            _check_fixed(weights[name], array, there[name].kind)
    return {w.name: arrays[w.name] for w in network.weights if w.learnt}


def _check_names(diagram: str, known: Mapping[str, Weight], there: Mapping[str, Header]) -> None:
    """Raises BadWeights for a name that the diagram does not have, or the file."""
    learnt = [w.name for w in known.values() if w.learnt]
    for name in there:
        if name not in known:
            names = [n for n in learnt if n not in there] or learnt
            raise BadWeights(f"{diagram} has no weight {shown(name)}; {_way_out(name, names)}")
    for name in learnt:
        if name not in there:
            raise BadWeights(f"the weight `{name}` {known[name].shape} is missing; in the file {_list_names([*there])}")


def _way_out(name: str, names: list[str]) -> str:
    near = closest(name, names)
    return f"did you mean `{near}`?" if near else _list_names(names)


def _list_names(names: list[str]) -> str:
    return f"there {'is' if len(names) == 1 else 'are'} {listed(names)}"


def _check_header(weight: Weight, header: Header) -> None:
    """Raises BadWeights."""
    if header.kind not in EXACT:
        kinds = ", ".join(EXACT)
        raise BadWeights(f"the weight `{weight.name}` is of type {shown(header.kind)}; weights are {kinds}")
    if header.shape != weight.shape:
        turned = " (W[target, source]: rows are targets)" if header.shape == weight.shape[::-1] else ""
        raise BadWeights(f"the weight `{weight.name}` has the shape {header.shape_text}, needs {weight.shape}{turned}")


def _array_bytes(data: bytes) -> dict[str, tuple[Header, bytes]]:
    """The bytes of each array. Raises BadWeights."""
    from safetensors import SafetensorError, deserialize

    try:
        return {name: (Header(e["dtype"], tuple(e["shape"])), e["data"]) for name, e in deserialize(data)}
    except (SafetensorError, ValueError, OverflowError):
        raise BadWeights("it is damaged") from None


def _read_array(weight: Weight, header: Header, numbers: bytes) -> Array:
    """The array, in float64. Raises BadWeights."""
    _check_header(weight, header)  # as safetensors reads it: the header was read by another reader
    array = _decode_numbers(header.kind, numbers).reshape(weight.shape)
    if not np.isfinite(array).all():
        raise BadWeights(f"the weight `{weight.name}` holds numbers that are not finite")
    return array


def _decode_numbers(kind: str, numbers: bytes) -> Array:
    if kind == "BF16":  # the upper half of a float32
        return (np.frombuffer(numbers, "<u2").astype("<u4") << 16).view("<f4").astype(float)
    return np.frombuffer(numbers, f"<f{int(kind[1:]) // 8}").astype(float)


def _check_fixed(weight: Weight, array: Array, kind: str) -> None:
    """Raises BadWeights where the file has another value than the diagram fixes."""
    assert not isinstance(weight.start, Draw)
    fixed = np.broadcast_to(np.array(weight.start, float), weight.shape)
    if (np.abs(array - fixed) > EXACT[kind] * np.abs(fixed)).any():
        raise BadWeights(f"the diagram fixes the weight `{weight.name}` (`=`) at another value; `~` makes it learnt")
