"""A multilayer perceptron forward, in numpy and in torch, each beside the same by hand; torch also beside `nn.Sequential`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from benchmarks import mlp
from benchmarks.mlp import QUICK, SIZES, tokens_of  # noqa: F401
from benchmarks.race import Peer, Race, Task, later

BY_HAND = {1: 1.1, 128: 1.05, 4096: 1.05}
EAGER = {1: 0.8, 128: 1.03, 4096: 1.03}


def races(sizes: Iterable[int]) -> Iterator[Race]:
    for count in sizes:
        question = f"784-256-128-10 forward, {tokens_of(count)}"
        numpy = Peer("numpy by hand", partial(numpy_by_hand, count), BY_HAND.get(count))
        addmm = Peer("torch by hand, `addmm`", later("mlp_torch.by_hand", count), BY_HAND.get(count), "torch")
        eager = Peer("torch eager, `nn.Sequential`", later("mlp_torch.eager", count), EAGER.get(count), "torch")
        yield Race(question, {"numpy": partial(in_numpy, count)}, (numpy,))
        yield Race(question, {"torch": partial(in_torch, count)}, (addmm, eager))


def in_numpy(count: int) -> Task:
    x, _ = mlp.tokens(count)
    return Task(partial(mlp.file(mlp.FORWARD, "numpy", count).forward, x, **mlp.weights()))


def in_torch(count: int) -> Task:
    from benchmarks import mlp_torch

    x, _ = mlp_torch.tokens(count)
    return Task(partial(mlp.file(mlp.FORWARD, "torch", count).forward, x, **mlp_torch.tensors()))


def numpy_by_hand(count: int) -> Task:
    x, _ = mlp.tokens(count)
    return Task(partial(mlp.forward, x, *mlp.by_source()))
