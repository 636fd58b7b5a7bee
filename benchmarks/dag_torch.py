"""The irregular network in torch, eager: for every level one gather of the values that its nodes read; torch's autograd."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch

from benchmarks.dag import Dag, Level
from benchmarks.dag_files import by_value, tokens
from benchmarks.race import Task

FUNCTIONS = {
    "identity": lambda xi: xi,
    "logistic": torch.sigmoid,
    "relu": torch.relu,
    "sin": torch.sin,
    "tanh": torch.tanh,
}


def weights(network: Dag) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Of each level the matrix (node, arrow), and the biases."""
    return (
        [torch.tensor(level.weights, requires_grad=True) for level in network.levels],
        [torch.tensor(level.biases, requires_grad=True) for level in network.levels],
    )


def outputs(
    levels: Sequence[Level], sources: Sequence[torch.Tensor], W: list, b: list, x: torch.Tensor
) -> torch.Tensor:
    values = x.T
    for level, read, w, bias in zip(levels, sources, W, b, strict=True):
        gathered = values.index_select(0, read).view(*w.shape, -1)
        xi = (w[:, :, None] * gathered).sum(1) + bias[:, None]
        values = torch.cat([values, *(FUNCTIONS[function](xi[start:stop]) for function, start, stop in level.runs)])
    return values[levels[-1].first :].T


def gradients(network: Dag, count: int) -> Task:
    W, b = weights(network)
    x, y = map(torch.from_numpy, tokens(count))
    sources = [torch.tensor(level.sources).flatten() for level in network.levels]

    def step() -> Any:
        loss = torch.nn.functional.mse_loss(outputs(network.levels, sources, W, b, x), y)
        return loss, torch.autograd.grad(loss, [*W, *b])

    return Task(step, partial(by_value, (*W, *b)))
