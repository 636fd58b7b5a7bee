"""The exclusive or is learnt from its four tokens, 2-2-1, two thousand steps; beside numpy by hand, and torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from types import ModuleType

import numpy as np

from benchmarks.made import made
from benchmarks.race import Peer, Race, Task

SIZES, QUICK = (2000,), (100,)  # steps
RATE = 0.5
X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]

DIAGRAM = f"""\
flow xor "The exclusive or is learnt"

input  x1, x2
target y
node   h1, h2 : tanh
output f      : logistic

x1, x2 -> h1 : ~
1      -> h1 : ~
x1, x2 -> h2 : ~
1      -> h2 : ~
h1, h2 -> f  : ~
1      -> f  : ~

loss  mse(f, y)
train gd(rate={RATE}, steps=2000)
"""


def fit(x, y, W1, b1, W2, b2, steps):
    """numpy by hand: W1[source, target], W2[source], from copies of what is given."""
    W1, b1, W2 = W1.copy(), b1.copy(), W2.copy()
    for _ in range(steps):
        h = np.tanh(x @ W1 + b1)
        f = 1 / (1 + np.exp(-(h @ W2 + b2)))
        d_f = 2 / len(x) * (f - y) * f * (1 - f)
        d_h = d_f[:, None] * W2 * (1 - h * h)
        W2 -= RATE * (d_f @ h)
        b2 -= RATE * d_f.sum()
        W1 -= RATE * (x.T @ d_h)
        b1 -= RATE * d_h.sum(axis=0)
    return W1, b1, W2, b2


def races(sizes: Iterable[int]) -> Iterator[Race]:
    for steps in sizes:
        file = made(DIAGRAM, "--batch", "4")
        by_hand = Peer("numpy by hand", partial(numpy_by_hand, file, steps), 0.2)
        eager = Peer("torch eager, `nn`, `optim.SGD`", partial(torch_eager, file, steps), 0.03, "torch")
        yield Race(f"XOR learnt, {steps:,} steps", {"python": partial(ours, file, steps)}, (by_hand, eager))


def ours(file: ModuleType, steps: int) -> Task:
    """The file calculates with Python's floats."""
    x1, x2 = map(list, zip(*X, strict=True))
    return Task(partial(file.fit, file.initial_weights(), x1, x2, Y, RATE, steps), in_matrices)


def in_matrices(w: dict[str, float]) -> tuple[np.ndarray, ...]:
    W1 = np.array([[w[f"w_h{target}_x{source}"] for target in (1, 2)] for source in (1, 2)])
    return W1, np.array([w["b_h1"], w["b_h2"]]), np.array([w["w_f_h1"], w["w_f_h2"]]), w["b_f"]


def numpy_by_hand(file: ModuleType, steps: int) -> Task:
    return Task(partial(fit, np.array(X), np.array(Y), *in_matrices(file.initial_weights()), steps))


def torch_eager(file: ModuleType, steps: int) -> Task:
    """The model goes on learning when this is done again, which takes as long."""
    import torch

    x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)[:, None]
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1), torch.nn.Sigmoid()
    ).double()  # fmt: skip
    with torch.no_grad():
        for parameter, w in zip(model.parameters(), in_matrices(file.initial_weights()), strict=True):
            parameter.copy_(torch.from_numpy(np.asarray(w).T).reshape(parameter.shape))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)

    def work():
        for _ in range(steps):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()

    return Task(work, lambda _: [parameter.detach().numpy().T for parameter in model.parameters()])
