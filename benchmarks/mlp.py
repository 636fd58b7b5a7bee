"""A multilayer perceptron, 784-256-128-10: its diagrams, data and weights, and what people write by hand in numpy."""

from __future__ import annotations

from functools import cache
from types import ModuleType

import numpy as np

from benchmarks.made import made

SIZES, QUICK = (1, 128, 4096), (1, 128)
RATE = 0.01

FORWARD = """\
flow mlp "A multilayer perceptron"

input  x[784]
node   h1[256] : relu, h2[128] : relu
output f[10]

x  -> h1 : W1 ~
1  -> h1 : b1 ~
h1 -> h2 : W2 ~
1  -> h2 : b2 ~
h2 -> f  : W3 ~
1  -> f  : b3 ~
"""

TRAINING = f"""\
flow mlp "A multilayer perceptron"

input  x[784]
target y[10]
node   h1[256] : relu, h2[128] : relu
output p[10] : softmax

x  -> h1 : W1 ~
1  -> h1 : b1 ~
h1 -> h2 : W2 ~
1  -> h2 : b2 ~
h2 -> p  : W3 ~
1  -> p  : b3 ~

loss  cross_entropy(p, y)
train sgd(rate={RATE}, batch=128, steps=100, seed=0)
"""


@cache
def file(diagram: str, backend: str, tokens: int) -> ModuleType:
    return made(diagram, "--backend", backend, "--dtype", "float32", "--batch", str(tokens))


@cache
def weights() -> dict[str, np.ndarray]:
    """Where all begin, as flowc draws them: W[target, source]."""
    return {name: aligned(w) for name, w in file(FORWARD, "numpy", 1).initial_weights().items()}


def by_source() -> list[np.ndarray]:
    """Fresh copies, laid out as numpy's users do: W[source, target]."""
    return [aligned(np.array(w.T, order="C")) for w in weights().values()]


def aligned(w: np.ndarray) -> np.ndarray:
    """A copy, in the same order, from a multiple of 64 bytes on. Where numpy puts an array is chance, and that is a
    tenth of the time of one token: a product is slower from an odd multiple of 16 bytes on."""
    room = np.empty(w.size + 16, w.dtype)
    start = -room.ctypes.data % 64 // w.itemsize
    copy = room[start : start + w.size].reshape(w.shape, order="F" if w.flags.f_contiguous else "C")
    copy[...] = w
    return copy


def tokens_of(count: int) -> str:
    return "1 token" if count == 1 else f"{count:,} tokens"


def tokens(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs, and for each the number of its class."""
    rng = np.random.default_rng(count)
    return rng.normal(size=(count, 784)).astype(np.float32), rng.integers(0, 10, count)


def one_hot(classes: np.ndarray) -> np.ndarray:
    return np.eye(10, dtype=np.float32)[classes]


def forward(x, W1, b1, W2, b2, W3, b3):
    h1 = np.maximum(x @ W1 + b1, 0)
    h2 = np.maximum(h1 @ W2 + b2, 0)
    return h2 @ W3 + b3


def learn(x, y, W1, b1, W2, b2, W3, b3):
    """The loss, and one step downhill, which changes the weights."""
    h1 = np.maximum(x @ W1 + b1, 0)
    h2 = np.maximum(h1 @ W2 + b2, 0)
    xi = h2 @ W3 + b3
    z = xi - xi.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    loss = -np.sum(y * (z - np.log(total))) / len(x)

    d3 = (e / total - y) / len(x)
    d2 = d3 @ W3.T * (h2 > 0)
    d1 = d2 @ W2.T * (h1 > 0)
    W1 -= RATE * (x.T @ d1)
    b1 -= RATE * d1.sum(axis=0)
    W2 -= RATE * (h1.T @ d2)
    b2 -= RATE * d2.sum(axis=0)
    W3 -= RATE * (h2.T @ d3)
    b3 -= RATE * d3.sum(axis=0)
    return loss
