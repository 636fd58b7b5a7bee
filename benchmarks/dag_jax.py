"""The irregular network in jax: for every level one gather of the values that its nodes read, all of it under one jit.

Values stand a node a row, a token a column. Which way to write a level is fastest depends on the size: the peer is the
faster of two, tried before the race.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.dag import INPUTS, Dag
from benchmarks.dag_files import by_value, tokens
from benchmarks.race import Task, Work

FUNCTIONS = {
    "identity": lambda xi: xi,
    "logistic": jax.nn.sigmoid,
    "relu": jax.nn.relu,
    "sin": jnp.sin,
    "tanh": jnp.tanh,
}
Add = Callable[[Any, Any, Any], Any]


def weights(network: Dag) -> tuple[list, list]:
    """Of each level the matrix (node, arrow), and the biases."""
    return (
        [jnp.array(level.weights, jnp.float32) for level in network.levels],
        [jnp.array(level.biases, jnp.float32) for level in network.levels],
    )


def by_matrix(W: Any, values: Any, sources: np.ndarray) -> Any:
    return jnp.einsum("na,nat->nt", W, values[sources])


def by_arrow(W: Any, values: Any, sources: np.ndarray) -> Any:
    """The first arrow of all nodes, then the second, ..."""
    return sum(W[:, a, None] * values[sources[:, a]] for a in range(sources.shape[1]))


def outputs(network: Dag, add: Add, grows: bool, W: list, b: list, x: Any) -> Any:
    """`grows`: whether each level is put behind the values, or into an array that has room for all."""
    values = x.T if grows else jnp.zeros((network.size, len(x)), x.dtype).at[:INPUTS].set(x.T)
    for level, w, bias in zip(network.levels, W, b, strict=True):
        xi = add(w, values, np.array(level.sources)) + bias[:, None]
        h = jnp.concatenate([FUNCTIONS[function](xi[start:stop]) for function, start, stop in level.runs])
        values = jnp.concatenate([values, h]) if grows else values.at[level.first : level.last].set(h)
    return values[network.levels[-1].first :].T


def forward(network: Dag, count: int) -> Task:
    arguments = *weights(network), jnp.array(tokens(count)[0])
    adds = (by_arrow, by_matrix)
    return Task(fastest(*(waiting(jax.jit(partial(outputs, network, add, False)), *arguments) for add in adds)))


def gradients(network: Dag, count: int) -> Task:
    def loss(W: list, b: list, grows: bool, x: Any, y: Any) -> Any:
        return jnp.mean((outputs(network, by_matrix, grows, W, b, x) - y) ** 2)

    W, b = weights(network)
    x, y = (jnp.array(part) for part in tokens(count))
    step = jax.jit(jax.value_and_grad(loss, argnums=(0, 1)), static_argnums=2)
    work = fastest(*(waiting(step, W, b, grows, x, y) for grows in (True, False)))
    return Task(work, partial(by_value, (W, b)))


def waiting(function: Callable, *arguments: Any) -> Work:
    """A call that ends when the numbers are there."""
    return lambda: jax.block_until_ready(function(*arguments))


def fastest(*works: Work) -> Work:
    """By the best of three calls after one that compiles."""

    def best(work: Work) -> float:
        work()
        times = []
        for _ in range(3):
            started = time.perf_counter()
            work()
            times.append(time.perf_counter() - started)
        return min(times)

    return min(works, key=best)
