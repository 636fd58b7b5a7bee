"""A multilayer perceptron forward beside `torch.compile`, in a process without other libraries, which slow it down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from benchmarks.mlp import QUICK, SIZES, tokens_of  # noqa: F401
from benchmarks.mlp_forward import in_torch
from benchmarks.race import Peer, Race, later


def races(sizes: Iterable[int]) -> Iterator[Race]:
    for count in sizes:
        peer = Peer("torch.compile", later("mlp_torch.compiled", count), package="torch")
        yield Race(f"784-256-128-10 forward, {tokens_of(count)}", {"torch": partial(in_torch, count)}, (peer,))
