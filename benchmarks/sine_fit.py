"""A cubic learns the sine, examples/sine.flow, two thousand steps in float64; beside PyTorch's tutorial in numpy, and torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from types import ModuleType

import numpy as np

from benchmarks.made import ROOT, made
from benchmarks.race import Peer, Race, Task

SIZES, QUICK = (2000,), (100,)  # steps
RATE = 1e-6
X = np.linspace(-np.pi, np.pi, 2000)
Y = np.sin(X)


def fit(x, y, a, b, c, d, steps):
    """As the tutorial has it, without what it prints."""
    for _ in range(steps):
        y_pred = a + b * x + c * x**2 + d * x**3
        loss = np.square(y_pred - y).sum()  # noqa: F841, the tutorial calculates it
        grad_y_pred = 2.0 * (y_pred - y)
        grad_a = grad_y_pred.sum()
        grad_b = (grad_y_pred * x).sum()
        grad_c = (grad_y_pred * x**2).sum()
        grad_d = (grad_y_pred * x**3).sum()
        a -= RATE * grad_a
        b -= RATE * grad_b
        c -= RATE * grad_c
        d -= RATE * grad_d
    return a, b, c, d


def races(sizes: Iterable[int]) -> Iterator[Race]:
    for steps in sizes:
        file = made((ROOT / "examples" / "sine.flow").read_text(encoding="utf-8"))
        tutorial = Peer("numpy, PyTorch's tutorial", partial(numpy_tutorial, file, steps), 0.03)
        eager = Peer("torch eager, `nn`, `optim.SGD`", partial(torch_eager, file, steps), 0.08, "torch")
        yield Race(f"sine by a cubic, {steps:,} steps", {"numpy": partial(ours, file, steps)}, (tutorial, eager))


def ours(file: ModuleType, steps: int) -> Task:
    return Task(partial(file.fit, file.initial_weights(), X, Y, RATE, steps))


def numpy_tutorial(file: ModuleType, steps: int) -> Task:
    return Task(partial(fit, X, Y, *map(float, file.initial_weights().values()), steps))


def torch_eager(file: ModuleType, steps: int) -> Task:
    """A layer on the powers of x. The model goes on learning when this is done again, which takes as long."""
    import torch

    a, *others = map(float, file.initial_weights().values())
    x, y = torch.from_numpy(X)[:, None] ** torch.tensor([1, 2, 3]), torch.from_numpy(Y)
    model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1)).double()
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([others]))
        model[0].bias.fill_(a)
    measure = torch.nn.MSELoss(reduction="sum")
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)

    def work():
        for _ in range(steps):
            loss = measure(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return Task(work, lambda _: (model[0].bias, *model[0].weight[0]))
