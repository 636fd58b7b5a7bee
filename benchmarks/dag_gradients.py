"""An irregular network forward and backward, 128 tokens, beside torch's autograd and jax.jit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from benchmarks import dag_files
from benchmarks.race import Peer, Race, later

SIZES, QUICK = (1_000, 10_000, 100_000), (1_000,)
TORCH = {1_000: 0.25, 10_000: 0.3}
JAX = {1_000: 1.1, 10_000: 0.3, 100_000: 0.4}


def races(sizes: Iterable[int], depth: int = 50) -> Iterator[Race]:
    for hidden in sizes:
        network, place = dag_files.written(hidden, depth)
        ours = {backend: partial(dag_files.gradients, place, backend, 128) for backend in ("numpy", "torch")}
        torch = Peer("torch autograd", later("dag_torch.gradients", network, 128), TORCH.get(hidden), "torch")
        jit = Peer("jax.jit", later("dag_jax.gradients", network, 128), JAX.get(hidden), "jax")
        peers = (torch, jit) if hidden < 100_000 else (jit,)
        yield Race(f"irregular, {hidden:,} nodes, 128 tokens, gradients", ours, peers, dag_files.TOLERANCE)
