"""An irregular network forward, beside neat-python (one token) and jax.jit (128)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from benchmarks import dag_files
from benchmarks.race import Peer, Race, later

SIZES, QUICK = (1_000, 10_000, 100_000), (1_000,)
NEAT = {1_000: 0.25, 10_000: 0.04, 100_000: 0.01}
JAX = {1_000: 1.1, 10_000: 0.6, 100_000: 0.3}


def races(sizes: Iterable[int], depth: int = 50) -> Iterator[Race]:
    for hidden in sizes:
        network, place = dag_files.written(hidden, depth)
        ours = {backend: partial(dag_files.forward, place, backend, 128) for backend in ("numpy", "torch")}
        neat = Peer("neat-python", later("dag_neat.forward", network), NEAT.get(hidden), "neat")
        jit = Peer("jax.jit", later("dag_jax.forward", network, 128), JAX.get(hidden), "jax")
        one = {"numpy": partial(dag_files.forward, place, "numpy", 1)}
        yield Race(f"irregular, {hidden:,} nodes, 1 token", one, (neat,), dag_files.TOLERANCE)
        yield Race(f"irregular, {hidden:,} nodes, 128 tokens", ours, (jit,), dag_files.TOLERANCE)
