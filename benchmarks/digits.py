"""Handwritten digits, 64-100-10, one epoch of 56 steps with 32 tokens each; beside scikit-learn's classifier, and torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from types import ModuleType

import numpy as np

from benchmarks.made import made
from benchmarks.race import Peer, Race, Task

SIZES, QUICK = (56,), (8,)  # steps
BATCH, RATE = 32, 0.1

DIAGRAM = f"""\
flow digits "Which digit is it?"

input  x[64]
target y[10]
node   h[100] : relu
output p[10]  : softmax

x -> h : W1 ~
1 -> h : b1 ~
h -> p : W2 ~
1 -> p : b2 ~

loss  cross_entropy(p, y)
train sgd(rate={RATE}, batch={BATCH}, steps=56, seed=0)
"""


@cache
def file() -> ModuleType:
    return made(DIAGRAM, "--batch", str(BATCH), "--dtype", "float32")


def data(steps: int) -> tuple[np.ndarray, np.ndarray]:
    """As many tokens as the steps need: scikit-learn's pictures where they are, else noise; and their classes."""
    count = steps * BATCH
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        rng = np.random.default_rng(0)
        return rng.random((count, 64), np.float32), rng.integers(0, 10, count)
    digits = load_digits()
    return (digits.data[:count] / 16).astype(np.float32), digits.target[:count]


def batches(*arrays):
    return [tuple(a[i : i + BATCH] for a in arrays) for i in range(0, len(arrays[0]), BATCH)]


def races(sizes: Iterable[int]) -> Iterator[Race]:
    for steps in sizes:
        classifier = Peer("scikit-learn `MLPClassifier`", partial(scikit_learn, steps), 0.33, "sklearn")
        eager = Peer("torch eager, `nn`, `optim.SGD`", partial(torch_eager, steps), 0.35, "torch")
        yield Race(f"digits, epoch of {steps} steps", {"numpy": partial(ours, steps)}, (classifier, eager))


def ours(steps: int) -> Task:
    x, classes = data(steps)
    weights, parts = file().initial_weights(), batches(x, np.eye(10, dtype=np.float32)[classes])
    learn = file().learn

    def epoch():
        for x, y in parts:
            learn(weights, x, y, RATE)

    return Task(epoch, lambda _: weights)


def scikit_learn(steps: int) -> Task:
    """`partial_fit` is one epoch that begins with the weights that are there."""
    from sklearn.neural_network import MLPClassifier

    x, classes = data(steps)
    model = MLPClassifier(
        (100,), solver="sgd", learning_rate_init=RATE, momentum=0, alpha=0, batch_size=BATCH, shuffle=False
    )  # fmt: skip
    model.partial_fit(x, classes, classes=np.arange(10))
    W1, b1, W2, b2 = file().initial_weights().values()
    for mine, w in zip((*model.coefs_, *model.intercepts_), (W1.T, W2.T, b1, b2), strict=True):
        mine[...] = w

    def shown(_):
        (W1, W2), (b1, b2) = model.coefs_, model.intercepts_
        return W1.T, b1, W2.T, b2

    return Task(partial(model.partial_fit, x, classes), shown)


def torch_eager(steps: int) -> Task:
    import torch

    parts = batches(*map(torch.from_numpy, data(steps)))
    model = torch.nn.Sequential(torch.nn.Linear(64, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
    with torch.no_grad():
        for parameter, w in zip(model.parameters(), file().initial_weights().values(), strict=True):
            parameter.copy_(torch.from_numpy(w))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)

    def epoch():
        for x, classes in parts:
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(x), classes).backward()
            optimizer.step()

    return Task(epoch, lambda _: [*model.parameters()])
