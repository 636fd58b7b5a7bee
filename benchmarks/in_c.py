"""The same in C, called from numpy's arrays: the exclusive or forward and learnt, and the cubic that learns the sine."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks import sine_fit, xor_fit, xor_forward
from benchmarks.made import ROOT, library, made
from benchmarks.race import Make, Peer, Race, Task

SIZES, QUICK = ((2000, 1_000_000),), ((100, 10_000),)  # steps, tokens
SINE = (ROOT / "examples" / "sine.flow").read_text(encoding="utf-8")


def races(sizes: Iterable[tuple[int, int]]) -> Iterator[Race]:
    for steps, tokens in sizes:
        x = np.random.default_rng(tokens).integers(0, 2, (2, tokens)).astype(float)
        peers = (Peer("numpy by hand, float64", partial(by_hand, x), 0.18),)
        yield Race(f"XOR forward, {tokens:,} tokens", files(forward, x), peers)
        file = made(xor_fit.DIAGRAM, "--batch", "4")
        peers = (
            Peer("the file in plain Python", partial(xor_fit.ours, file, steps), 0.12),
            Peer("torch eager, `nn`, `optim.SGD`", partial(xor_fit.torch_eager, file, steps), 0.0015, "torch"),
        )
        yield Race(f"XOR learnt, {steps:,} steps", files(xor_learnt, steps), peers)
        tutorial = Peer("numpy, PyTorch's tutorial", partial(sine_fit.numpy_tutorial, made(SINE), steps), 0.02)
        yield Race(f"sine by a cubic, {steps:,} steps", files(sine_learnt, steps), (tutorial,))


def files(make: Callable[..., Task], *arguments: Any) -> dict[str, Make]:
    """That with a line for each node, and that for speed."""
    return {file: partial(make, *arguments, fast=fast) for file, fast in (("c", False), ("c, fast", True))}


def forward(x: np.ndarray, fast: bool) -> Task:
    f = np.empty(x.shape[1])
    function = compiled(xor_forward.DIAGRAM, fast).forward_all
    function.argtypes = [ctypes.c_size_t, *[ctypes.c_void_p] * 3]
    arguments = (x.shape[1], *(a.ctypes.data for a in (*x, f)))
    return Task(partial(function, *arguments), lambda _: f)


def by_hand(x: np.ndarray) -> Task:
    """Into arrays that are there."""
    x = np.ascontiguousarray(x.T)
    xi, h, f, g = np.empty((len(x), 2)), np.empty((len(x), 2)), np.empty(len(x)), np.empty(len(x))

    def work():
        np.matmul(x, xor_forward.W1, out=xi)
        np.add(xi, xor_forward.b1, out=xi)
        np.greater_equal(xi, 0, out=h)
        np.matmul(h, xor_forward.W2, out=f)
        np.add(f, xor_forward.b2, out=f)
        np.greater_equal(f, 0, out=g)
        return g

    return Task(work)


def compiled(diagram: str, fast: bool) -> ctypes.CDLL:
    return library(diagram, *(["--style", "fast"] if fast else []), fast=fast)


def fitted(diagram: str, count: int, data: list[np.ndarray], rate: float, steps: int, fast: bool) -> Task:
    """`fit` from where the weights start, in the order of the struct."""
    there = compiled(diagram, fast)
    weights = np.empty(count)
    addresses = [array.ctypes.data for array in data]
    there.initial_weights.argtypes = [ctypes.c_void_p]
    there.fit.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_void_p] * len(data), ctypes.c_double, ctypes.c_size_t]

    def work():
        there.initial_weights(weights.ctypes.data)
        there.fit(weights.ctypes.data, len(data[0]), *addresses, rate, steps)
        return weights

    return Task(work, lambda w: w.copy())


def xor_learnt(steps: int, fast: bool) -> Task:
    (x1, x2), y = np.array(xor_fit.X).T.copy(), np.array(xor_fit.Y)
    task = fitted(xor_fit.DIAGRAM, 9, [x1, x2, y], xor_fit.RATE, steps, fast)
    names = ("w_h1_x1", "w_h1_x2", "b_h1", "w_h2_x1", "w_h2_x2", "b_h2", "w_f_h1", "w_f_h2", "b_f")
    return Task(task.work, lambda w: xor_fit.in_matrices(dict(zip(names, w, strict=True))))


def sine_learnt(steps: int, fast: bool) -> Task:
    return fitted(SINE, 4, [sine_fit.X, sine_fit.Y], sine_fit.RATE, steps, fast)
