"""The exclusive or of two bits, as the lecture draws it: one token, four, a million; beside numpy on arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from benchmarks.made import made
from benchmarks.race import Peer, Race, Task

SIZES, QUICK = (1, 4, 1_000_000), (1, 4, 10_000)
LIMITS = {1: 0.1, 4: 0.3, 1_000_000: 0.45}

DIAGRAM = """\
flow xor "The exclusive or of two bits"

input  x1, x2
node   h1, h2 : step
output f      : step

x1, x2 -> h1 : -1
1      -> h1 : 0.5
x1, x2 -> h2 : 1
1      -> h2 : -1.5
h1, h2 -> f  : -1
1      -> f  : 0.5
"""

# Rows are sources, columns targets.
W1, b1 = np.array([[-1.0, 1.0], [-1.0, 1.0]]), np.array([0.5, -1.5])
W2, b2 = np.array([-1.0, -1.0]), 0.5


def few(x):
    """numpy for a few tokens, in float64: `dot` and `heaviside` have the least to do before they begin."""
    h = np.heaviside(x.dot(W1) + b1, 1.0)
    return np.heaviside(h.dot(W2) + b2, 1.0)


def many(x, W1, b1, W2, b2):
    """numpy for many tokens: a comparison is faster there than `heaviside`, and a conversion than `where`."""
    h = (x @ W1 + b1 >= 0).astype(x.dtype)
    return (h @ W2 + b2 >= 0).astype(x.dtype)


def races(sizes: Iterable[int]) -> Iterator[Race]:
    for size in sizes:
        x = np.random.default_rng(size).integers(0, 2, (size, 2)).astype(float)
        ours, theirs = (on_numbers, on_arrays)[size > 4], (few_tokens, many_tokens)[size > 4]
        peer = Peer("numpy by hand", partial(theirs, x), LIMITS.get(size))
        tokens, file = "1 token" if size == 1 else f"{size:,} tokens", "numpy" if size > 4 else "python"
        yield Race(f"XOR forward, {tokens}", {file: partial(ours, x)}, (peer,))


def on_numbers(x: np.ndarray) -> Task:
    """The file calculates with Python's floats: one of each input, or a list."""
    x1, x2 = x.T.tolist()
    arguments = (x1[0], x2[0]) if len(x) == 1 else (x1, x2)
    return Task(partial(made(DIAGRAM, "--batch", str(len(x))).forward, *arguments))


def on_arrays(x: np.ndarray) -> Task:
    forward = made(DIAGRAM, "--batch", str(len(x)), "--dtype", "float32").forward
    return Task(partial(forward, *np.ascontiguousarray(x.T, np.float32)))


def few_tokens(x: np.ndarray) -> Task:
    return Task(partial(few, x[0] if len(x) == 1 else x))


def many_tokens(x: np.ndarray) -> Task:
    weights = (np.asarray(w, np.float32) for w in (W1, b1, W2, b2))
    return Task(partial(many, x.astype(np.float32), *weights))
