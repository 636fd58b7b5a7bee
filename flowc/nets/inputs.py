"""What users of the API give: weights and data as arrays of the right shapes, or an error that says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from flowc.data.check_distributions import no_distributions
from flowc.diagnostics.suggest import closest
from flowc.graph.network import Network, Node, Weight
from flowc.records import Record
from flowc.syntax.names import folded

Array = np.ndarray


class Given(Record):
    """`weights` learnt and fixed, `arrays` of inputs and targets, all float64; `finite`: all of them are."""

    weights: dict[str, Array]
    arrays: dict[str, Array]
    tokens: int
    finite: bool


def check_arrays(
    network: Network, fixed: Mapping[str, Array], weights: Mapping[str, Any], data: Mapping[str, Any], targets: bool
) -> Given:
    """Everything checked and converted. `targets`: they are needed. Raises ValueError, TypeError."""
    weights, data = _by_name("weights", weights), _by_name("data", data)
    weights_and_fixed = {**_check_weights(network, weights), **fixed}
    arrays = _check_data(network, data, targets)
    lengths = {name: len(a) for name, a in arrays.items() if a.ndim}
    tokens = _count_tokens(lengths)
    if targets and tokens == 0:
        raise ValueError("the batch is empty: a mean over no tokens has no value")
    for name, array in arrays.items():
        if name not in lengths:  # one number for every token
            arrays[name] = np.full(tokens, array)
    if targets:
        _check_distributions(network, arrays)
    finite = all(np.isfinite(a).all() for a in (*weights_and_fixed.values(), *arrays.values()))
    return Given(weights_and_fixed, arrays, tokens, finite)


def given_weights(network: Network, weights: Mapping[str, Any]) -> dict[str, Array]:
    """The learnt weights alone, checked and converted. Raises ValueError, TypeError."""
    return _check_weights(network, _by_name("weights", weights))


def _by_name(what: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise TypeError(f"{what} are given by name, as a dict, not as {type(given).__name__}")
    return {folded(str(name)): value for name, value in given.items()}


def _count_tokens(lengths: dict[str, int]) -> int:
    """The batch's length, which all must agree on; 1 where nothing has one."""
    if len(set(lengths.values())) > 1:
        different = ", ".join(f"`{name}` has {n}" for name, n in lengths.items())
        raise ValueError(f"the batch needs one length, the number of tokens: {different}")
    return next(iter(lengths.values()), 1)


def _as_array(what: str, value: Any) -> Array:
    """Numbers as an array; tensors of torch too, wherever they are."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = (value.float() if str(value.dtype) == "torch.bfloat16" else value).numpy()  # numpy has none
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{what} has rows of different lengths") from None
    if array.dtype.kind not in "fiubUS":
        raise ValueError(f"{what} holds {type(value).__name__} of kind `{array.dtype}`, not numbers")
    return array


# ------------------------------------------------------------------------------------------------------------ weights


def _check_weights(network: Network, weights: Mapping[str, Any]) -> dict[str, Array]:
    learnt = {w.name: w for w in network.weights if w.learnt}
    for name in weights:
        if name not in learnt:
            raise ValueError(_no_weight(network, name, learnt))
    for name, weight in learnt.items():
        if name not in weights:
            raise ValueError(f"the weight `{name}` of shape {weight.shape} is missing; `init` gives a start for all")
    return {name: _check_weight(weight, weights[name]) for name, weight in learnt.items()}


def _no_weight(network: Network, name: str, learnt: Iterable[str]) -> str:
    if any(w.name == name for w in network.weights):
        return f"the weight `{name}` is fixed by the diagram (`=`) and cannot be given; `~` makes it learnt"
    return f"{network.name} has no weight `{name}`; {_ways_out(name, learnt)}"


def _ways_out(name: str, known: Iterable[str]) -> str:
    nearest = closest(str(name), known)
    listed = ", ".join(f"`{k}`" for k in known)
    return f"did you mean `{nearest}`?" if nearest else f"there are {listed}" if listed else "there are none"


def _check_weight(weight: Weight, value: Any) -> Array:
    array = _as_array(f"the weight `{weight.name}`", value)
    if array.shape != weight.shape:
        turned = " (W[target, source]: rows are targets)" if array.shape == weight.shape[::-1] else ""
        raise ValueError(f"the weight `{weight.name}` has the shape {array.shape}, needs {weight.shape}{turned}")
    return _check_numbers(f"the weight `{weight.name}`", array)


def _check_numbers(what: str, array: Array) -> Array:
    if array.dtype.kind in "US":
        raise ValueError(f"{what} holds words, not numbers")
    return array.astype(float)


# --------------------------------------------------------------------------------------------------------------- data


def _check_data(network: Network, data: Mapping[str, Any], targets: bool) -> dict[str, Array]:
    takes = {n.name: n for n in network.nodes if n.role in ("input", "target")}
    for name in data:
        if name not in takes:
            raise ValueError(_no_input(network, name, takes))
    needed = [n for n in takes.values() if n.role == "input" or targets]
    for node in needed:
        if node.name not in data:
            raise ValueError(f"the {node.role} `{node.name}` is missing; it needs the shape {_batched_shape(node)}")
    return {name: _tokens_of(node, data[name]) for name, node in takes.items() if name in data}


def _no_input(network: Network, name: str, takes: Iterable[str]) -> str:
    if any(n.name == name for n in network.nodes):
        return f"`{name}` is computed by {network.name}; data are given for its inputs and targets"
    return f"{network.name} has no input or target `{name}`; {_ways_out(name, takes)}"


def _batched_shape(node: Node) -> str:
    return f"({', '.join(['n', *map(str, node.shape)])}{',' if not node.shape else ''})"


def _tokens_of(node: Node, value: Any) -> Array:
    """One node's data: (n, *shape), or () for a scalar that is the same for every token."""
    what = f"the {node.role} `{node.name}`"
    array = _as_array(what, value)
    if array.ndim == 1 and len(node.shape) == 1 and _are_classes(node, array):
        return _one_hot(node, array)
    if array.shape == (0,):  # an empty list of rows
        array = array.reshape(0, *node.shape)
    same_for_all = array.ndim == 0 and not node.shape
    if not same_for_all and (array.ndim == 0 or array.shape[1:] != node.shape):
        raise ValueError(f"{what} has the shape {array.shape}, needs {_batched_shape(node)}{_way_out(node, array)}")
    return _check_numbers(what, array)


def _way_out(node: Node, array: Array) -> str:
    if array.shape == node.shape:
        return "; the first axis is the batch: one entry a token"
    if node.role == "target" and array.ndim == len(node.shape) == 1 and (array == array.round()).all():
        return "; classes are whole numbers: `.astype(int)`"
    return ""


def _are_classes(node: Node, array: Array) -> bool:
    """Words are classes; whole numbers are the classes of a target whose classes have no names."""
    return array.dtype.kind in "US" or (array.dtype.kind in "iu" and node.role == "target")


def _one_hot(node: Node, classes: Array) -> Array:
    axis = node.axes[0]
    names: list[Any] = [*axis.names] if axis.names else [*range(axis.low, axis.high + 1)]
    places = {name: place for place, name in enumerate(names)}
    result = np.zeros((len(classes), len(names)))
    for token, name in enumerate(classes.tolist()):
        name = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
        if name not in places:
            classes_are = ", ".join(map(str, names)) if len(names) <= 10 else f"{names[0]}, ..., {names[-1]}"
            raise ValueError(f"`{node.name}` has no class `{name}` (token {token + 1}); its classes are {classes_are}")
        result[token, places[name]] = 1.0
    return result


def _check_distributions(network: Network, arrays: dict[str, Array]) -> None:
    """Raises ValueError for the first token whose target is none, where the loss needs one."""
    for token, wrong in no_distributions(network, arrays):
        raise ValueError(f"token {token + 1}: {wrong}")
