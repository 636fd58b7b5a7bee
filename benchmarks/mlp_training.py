"""A multilayer perceptron learns, one step: in torch beside autograd and SGD, in numpy beside the same by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from benchmarks import mlp
from benchmarks.mlp import QUICK, SIZES, tokens_of  # noqa: F401
from benchmarks.race import Peer, Race, Task, later

EAGER = {1: 0.5, 128: 0.95, 4096: 1.03}
BY_HAND = {128: 1.05, 4096: 1.05}


def races(sizes: Iterable[int]) -> Iterator[Race]:
    for count in sizes:
        question = f"784-256-128-10 learns, {tokens_of(count)}"
        eager = Peer("torch eager, `optim.SGD`", later("mlp_torch.training", count), EAGER.get(count), "torch")
        by_hand = Peer("numpy by hand", partial(numpy_by_hand, count), BY_HAND.get(count))
        yield Race(question, {"torch": partial(in_torch, count)}, (eager,))
        if count > 1:
            yield Race(question, {"numpy": partial(in_numpy, count)}, (by_hand,))


def in_torch(count: int) -> Task:
    import torch

    from benchmarks import mlp_torch

    x, classes = mlp_torch.tokens(count)
    y = torch.from_numpy(mlp.one_hot(classes.numpy()))
    weights = mlp_torch.tensors()
    return Task(partial(mlp.file(mlp.TRAINING, "torch", count).learn, weights, x, y, mlp.RATE))


def in_numpy(count: int) -> Task:
    x, classes = mlp.tokens(count)
    weights = {name: mlp.aligned(w) for name, w in mlp.weights().items()}
    return Task(partial(mlp.file(mlp.TRAINING, "numpy", count).learn, weights, x, mlp.one_hot(classes), mlp.RATE))


def numpy_by_hand(count: int) -> Task:
    x, classes = mlp.tokens(count)
    weights = mlp.by_source()
    return Task(partial(mlp.learn, x, mlp.one_hot(classes), *weights), lambda loss: (loss, [w.T for w in weights]))
