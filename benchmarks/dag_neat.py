"""The irregular network in neat-python: `FeedForwardNetwork.activate`, one token at a time, Python floats."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from benchmarks.dag import INPUTS, Dag
from benchmarks.dag_files import tokens
from benchmarks.race import Task

FUNCTIONS = {
    "identity": lambda xi: xi,
    "logistic": lambda xi: 1.0 / (1.0 + math.exp(-xi)),
    "relu": lambda xi: xi if xi > 0.0 else 0.0,  # noqa: FURB136, `max` takes longer
    "sin": math.sin,
    "tanh": math.tanh,
}


def forward(network: Dag) -> Task:
    """The list of nodes is made here: `FeedForwardNetwork.create` would take hours for the largest."""
    from neat.nn import FeedForwardNetwork

    outputs = [*range(network.levels[-1].first, network.size)]
    net = FeedForwardNetwork([*range(INPUTS)], outputs, [*evaluations(network)])
    return Task(partial(net.activate, tokens(1)[0][0].tolist()))


def evaluations(network: Dag) -> Iterator[tuple]:
    """Of every node: its number, function, way to add up, bias, factor of the sum, arrows."""
    for level in network.levels:
        for function, start, stop in level.runs:
            for node in range(start, stop):
                arrows = [*zip(level.sources[node], level.weights[node], strict=True)]
                yield level.first + node, FUNCTIONS[function], sum, level.biases[node], 1.0, arrows
