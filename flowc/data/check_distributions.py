"""Tokens whose targets are no distributions, as cross_entropy and binary_cross_entropy need them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from flowc.data.dataset import Array
from flowc.graph.distributions import CLOSE, complaint, distributions
from flowc.graph.network import Network


def no_distributions(network: Network, arrays: Mapping[str, Array]) -> Iterator[tuple[int, str]]:
    """Each such token, from 0, and what is wrong with it. `arrays`: inputs and targets by name, (n, *shape)."""
    for name, loss in distributions(network.nodes).items():
        if name not in arrays or not arrays[name].size:
            continue
        array = arrays[name]
        rows = array[:, None] if array.ndim == 1 else array.reshape(len(array), -1, array.shape[-1])
        for token in np.flatnonzero(_is_off(array, loss).reshape(len(array), -1).any(axis=1)).tolist():
            complaints = (complaint(name, loss, np.atleast_1d(numbers).tolist()) for numbers in rows[token])
            yield token, next(filter(None, complaints))


def _is_off(array: Array, loss: str) -> Array:
    if loss == "binary_cross_entropy":
        return (array < 0) | (array > 1)
    off: Array = (array < 0).any(axis=-1) | (np.abs(array.sum(axis=-1) - 1) > CLOSE)
    return off
