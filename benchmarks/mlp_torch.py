"""The multilayer perceptron in torch: by hand with `addmm`, as `nn.Sequential`, and learning with autograd and SGD."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import nn

from benchmarks import mlp
from benchmarks.race import Task


def tensors() -> dict[str, torch.Tensor]:
    """Fresh copies of the weights, W[target, source], as torch has them."""
    return {name: torch.from_numpy(np.array(w, order="C")) for name, w in mlp.weights().items()}


def tokens(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    x, classes = mlp.tokens(count)
    return torch.from_numpy(x), torch.from_numpy(classes)


def forward(x, W1, b1, W2, b2, W3, b3):
    h1 = torch.addmm(b1, x, W1.T).relu_()
    h2 = torch.addmm(b2, h1, W2.T).relu_()
    return torch.addmm(b3, h2, W3.T)


def by_hand(count: int) -> Task:
    return Task(partial(forward, tokens(count)[0], **tensors()))


def sequential() -> nn.Sequential:
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    with torch.no_grad():
        for parameter, w in zip(model.parameters(), tensors().values(), strict=True):
            parameter.copy_(w)
    return model


def eager(count: int) -> Task:
    return without_gradients(sequential(), count)


def compiled(count: int) -> Task:
    """`fullgraph`: where it cannot compile all, it fails, and does not run eagerly instead."""
    return without_gradients(torch.compile(sequential(), fullgraph=True, dynamic=False), count)


def without_gradients(model: Callable, count: int) -> Task:
    return Task(torch.no_grad()(partial(model, tokens(count)[0])))


def training(count: int) -> Task:
    model = sequential()
    optimizer = torch.optim.SGD(model.parameters(), lr=mlp.RATE)
    x, classes = tokens(count)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), classes)
        loss.backward()
        optimizer.step()
        return loss

    return Task(step, lambda loss: (loss, *model.parameters()))
