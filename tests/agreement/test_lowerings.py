"""What holds of the plain program holds of every style and lowering, chosen by force, on every backend."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import flowc
from flowc import pipeline
from flowc.backends.python import mesh
from flowc.nets.value_names import symbols_by_name
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.tolerance import NEAR
from flowc.nets.verifying.ways import (
    check_again,
    check_decisions,
    check_learning,
    check_slopes,
    check_ways,
    differing_ways,
)
from flowc.program.lower_layers import ordered
from flowc.program.ops import MeshValues
from flowc.testing import Diagram
from flowc.testing.strategies import Random, diagrams, make
from tests.agreement.profile import examples

SEEDS = st.integers(1, 2**32 - 1)
TOKENS = st.sampled_from([1, 5, 70])
ALL = st.one_of(diagrams(scalars=True, most_nodes=6), diagrams())
EXACT = st.one_of(diagrams(exact=True, scalars=True), diagrams(exact=True))


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Meshes take 32 or 64 tokens at a time, as if the cache held no more."""
    monkeypatch.setattr(mesh, "CACHED", 0)


def near(diagram: Diagram, seed: int, tokens: int = 5) -> Reference:
    """The diagram with numbers, if no jump is too near."""
    reference = Reference.of(diagram, seed=seed, batch=tokens)
    assume(reference.scales.nearest > NEAR and reference.finite)
    return reference


@examples(20)
@given(ALL, SEEDS, TOKENS)
def test_values_and_gradients(diagram: Diagram, seed: int, tokens: int) -> None:
    reference = near(diagram, seed, tokens)
    assert check_ways(reference, differing_ways(reference.network))


@examples(12)
@given(EXACT, st.integers(0, 2**32 - 1), st.sampled_from([1, 4]))
def test_exact_diagrams_are_equal_bit_for_bit(diagram: Diagram, seed: int, tokens: int) -> None:
    """Ties included; in one chunk, as the means of chunks round."""
    reference = Reference.of(diagram, seed=seed, batch=tokens)
    assert check_ways(reference, differing_ways(reference.network), chunk=4)


@examples(12)
@given(diagrams(exact=True, scalars=True, loss=False), SEEDS)
def test_thresholds_decide_alike(diagram: Diagram, seed: int) -> None:
    """Sums of tenths round: at a threshold the last bit decides, and it is the same."""
    reference = Reference.of(diagram, seed=seed, batch=40)
    tenths = [{name: np.round(x * 2) / 10 for name, x in some.items()} for some in (reference.learnt, reference.inputs)]
    check_decisions(Reference(reference.opened, diagram, *tenths), differing_ways(reference.network))


@examples(12)
@given(ALL, SEEDS, st.integers(0, 100))
def test_gradients_of_a_node(diagram: Diagram, seed: int, which: int) -> None:
    """Of any node or excitation, with respect to all that has a name."""
    reference = near(diagram, seed)
    known = symbols_by_name(reference.network, reference.program)
    names = [
        name for name, s in known.items() if s.kind in ("activation", "excitation") and s != reference.program.loss
    ]
    explicit = [way for way in differing_ways(reference.network) if way.gradient == "explicit"]
    check_slopes(reference, explicit, names[which % len(names)])


@examples(4)
@given(ALL, st.sampled_from([1, 5]))
def test_results_stay(diagram: Diagram, tokens: int) -> None:
    first, second = (Reference.of(diagram, seed=seed, batch=tokens) for seed in (1, 2))
    assume(first.finite and second.finite)
    check_again(first, second, differing_ways(first.network))


@examples(10)
@given(ALL, SEEDS)
def test_learning(diagram: Diagram, seed: int) -> None:
    reference = near(diagram, seed)
    check_learning(reference, differing_ways(reference.network))


@examples(15)
@given(diagrams(scalars=True, most_nodes=3, most_inputs=25, loss=True), SEEDS)
def test_learning_from_many_inputs(diagram: Diagram, seed: int) -> None:
    """The names of one token are then too long for a line."""
    reference = near(diagram, seed)
    check_learning(reference, [way for way in differing_ways(reference.network) if way.backend == "numpy"])


def test_every_kind_of_lowering_is_met() -> None:
    """The generator's own measure: levels of each kind, layers, several meshes, nodes inside whose excitation is asked for."""
    kinds = ("layers", "mesh", "scalar", "chunked", "dense", "several", "sparse", "ordered", "asked", "layer")
    met: Counter[str] = Counter()
    for seed in range(60):
        network = flowc.loads(make(Random(seed), scalars=True, exact=seed % 3 == 0).text).network
        for way in differing_ways(network):
            lowering = way.lowering(network)
            steps = pipeline.forward(network, lowering).steps
            meshes = [s.op.mesh for s in steps if isinstance(s.op, MeshValues)]
            levels = [level for mesh in meshes for level in mesh.levels]
            met.update({lowering.name: 1, "several": len(meshes) > 1})
            met.update(level.how for level in levels)
            met.update({"asked": sum(g.asked for level in levels for g in level.groups)})
            met.update({"layer": lowering.name == "layers" and any(len(some) > 1 for some in ordered(network))})
        if all(met[kind] > 8 for kind in kinds):
            break
    for kind in kinds:
        assert met[kind] > 8, (kind, met)
