"""What `--backend c --style fast` prints of large networks: irregular ones as tables beside jax.jit and neat-python, a perceptron
beside C by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import dag_files, mlp
from benchmarks.c_library import Library, in_c, in_c_of
from benchmarks.dag import OUTPUTS, Dag
from benchmarks.race import Peer, Race, Task, later

SIZES, QUICK = (1_000, 10_000, 100_000), (1_000,)  # nodes of irregular networks
JAX = {1_000: 0.4, 10_000: 0.35, 100_000: 0.3}
JAX_GRADIENTS = {1_000: 0.12, 10_000: 0.15, 100_000: 0.2}
NEAT = {1_000: 0.02}
TOKENS = 128


def races(sizes: Iterable[int]) -> Iterator[Race]:
    yield perceptron()
    for hidden in sizes:
        network, place = dag_files.written(hidden)
        printed = in_c_of(place)
        neat = Peer("neat-python", later("dag_neat.forward", network), NEAT.get(hidden), "neat")
        jit = Peer("jax.jit", later("dag_jax.forward", network, TOKENS), JAX.get(hidden), "jax")
        slopes = Peer("jax.jit", later("dag_jax.gradients", network, TOKENS), JAX_GRADIENTS.get(hidden), "jax")
        name, tolerance = f"irregular, {hidden:,} nodes", dag_files.TOLERANCE
        yield Race(f"{name}, 1 token", {"c": partial(one_token, printed, network)}, (neat,), tolerance)
        yield Race(f"{name}, {TOKENS} tokens", {"c": partial(forward, printed, network)}, (jit,), tolerance)
        yield Race(f"{name}, {TOKENS} tokens, gradients", {"c": partial(gradients, printed, network)}, (slopes,), tolerance)


# ------------------------------------------------------------------------------------------------------------ irregular


def count_weights(network: Dag) -> int:
    return sum(sum(map(len, level.weights)) + len(level.biases) for level in network.levels)


def one_token(printed: Library, network: Dag) -> Task:
    x, outputs = dag_files.tokens(1)[0], np.empty(OUTPUTS, np.float32)
    call = printed.function("forward", x, printed.start(count_weights(network)), outputs)
    return Task(lambda: (call(), outputs)[1])


def forward(printed: Library, network: Dag) -> Task:
    x, outputs = dag_files.tokens(TOKENS)[0], np.empty((TOKENS, OUTPUTS), np.float32)
    call = printed.function("forward_all", TOKENS, x, printed.start(count_weights(network)), outputs)
    return Task(lambda: (call(), outputs)[1])


def gradients(printed: Library, network: Dag) -> Task:
    (x, y), weights = dag_files.tokens(TOKENS), printed.start(count_weights(network))
    slopes = np.empty_like(weights)
    call = printed.function("gradients", TOKENS, x, y, weights, slopes)
    return Task(lambda: (call(), slopes), partial(dag_files.by_value, weights))


# ----------------------------------------------------------------------------------------------------------- perceptron


def perceptron() -> Race:
    """Beside C by hand, blocked for registers, compiled with the same flags."""
    x, _ = mlp.tokens(TOKENS)

    def of_file(library: Library) -> Task:
        outputs = np.empty((TOKENS, 10), np.float32)
        weights = np.concatenate([np.ravel(w) for w in mlp.weights().values()])
        call = library.function("forward_all", TOKENS, x, weights, outputs)
        return Task(lambda: (call(), outputs)[1])

    by_hand = (Path(__file__).parent / "mlp_by_hand.c").read_text(encoding="utf-8")
    peer = Peer("C by hand", lambda: of_file(Library(by_hand, "float32")), 1.1)
    question = f"784-256-128-10 forward, {mlp.tokens_of(TOKENS)}"
    return Race(question, {"c": lambda: of_file(in_c(mlp.FORWARD))}, (peer,))
