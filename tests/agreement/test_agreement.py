"""The interpreter, numpy and torch (explicit and autograd) compute the same, and what the text says."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

import flowc
from flowc.nets.verifying.differences import central_difference, tolerance_of
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.second import check_reading
from flowc.nets.verifying.tolerance import NEAR
from flowc.program import differentiate, lower, verify
from flowc.program.run import run
from flowc.testing import Diagram, assert_backends_agree
from flowc.testing.strategies import Random, diagrams, make, some_inputs, some_weights
from tests.agreement.profile import examples

SEEDS = st.integers(1, 2**32 - 1)


@examples(60)
@given(diagrams(), SEEDS)
def test_backends_agree(diagram: Diagram, seed: int) -> None:
    assert_backends_agree(diagram, seed=seed)


@examples(30)
@given(diagrams(exact=True), st.integers(0, 2**32 - 1))
def test_exact_diagrams_are_equal_bit_for_bit(diagram: Diagram, seed: int) -> None:
    """Multiples of 1/16 with identity, step, relu, max and min, ties included (seed 0 is all ones)."""
    outcome = assert_backends_agree(diagram, seed=seed, single=False)
    assert outcome.compared


@examples(100)
@given(diagrams(), SEEDS)
def test_a_second_reading_of_the_text_gives_the_same(diagram: Diagram, seed: int) -> None:
    """The oracle for everything before the backends: it knows neither network nor program. Values and gradients."""
    reference = Reference.of(diagram, seed=seed)
    assume(reference.scales.nearest > NEAR and reference.finite)
    check_reading(reference)


@examples(60)
@given(diagrams(loss=True), SEEDS)
def test_gradients_of_the_loss_are_those_of_differences(diagram: Diagram, seed: int) -> None:
    reference = Reference.of(diagram, seed=seed)
    program = reference.program
    assume(reference.scales.nearest > NEAR and reference.finite and program.gradients)
    assert program.loss is not None
    for number, (weight, gradient) in enumerate(program.gradients.items()):
        place = tuple((seed + number) % n for n in weight.type.shape)
        slope = central_difference(program, reference.values, program.loss, weight, place)
        found = reference.values[gradient][place]
        if slope is not None:
            assert abs(slope - found) <= tolerance_of(slope), (diagram.text, weight.owner, place, slope, found)


@examples(60)
@given(diagrams(loss=False), SEEDS, st.integers(0, 100))
def test_gradients_of_a_node_are_those_of_differences(diagram: Diagram, seed: int, which: int) -> None:
    """Of any node, with respect to inputs and to excitations and nodes in between."""
    reference = Reference.of(diagram, seed=seed)
    assume(reference.scales.nearest > NEAR and reference.finite)
    plain = lower(reference.network)
    nodes = [s for s in plain.activations.values() if not s.anonymous and s.kind == "activation"]
    of = nodes[which % len(nodes)]
    wrt = [*plain.inputs, *(s for s in plain.excitations.values() if not s.anonymous), nodes[which // 2 % len(nodes)]]
    program = verify(differentiate(plain, of, wrt))
    values = run(program, reference.given)
    for number, symbol in enumerate(wrt):
        place = tuple((seed + number) % n for n in values[symbol].shape)
        slope = central_difference(plain, values, of, symbol, place) if symbol != of else 1.0
        found = values[program.gradients[symbol]][place]
        if slope is not None:
            assert abs(slope - found) <= tolerance_of(slope), (diagram.text, of.owner, symbol.owner, place, slope, found)


@examples(20)
@given(diagrams(), SEEDS, st.sampled_from(["numpy", "torch"]))
def test_the_api_gives_what_the_program_means(diagram: Diagram, seed: int, backend: str) -> None:
    net = flowc.loads(diagram.text).compile(backend=backend, dtype="float64")
    weights, inputs = some_weights(net.weights, seed), some_inputs(diagram, seed)
    reference = Reference.of(diagram, weights, inputs)
    assume(reference.scales.nearest > NEAR and reference.finite)
    found = net.forward(weights, inputs)
    keys = [k for k in reference.symbols if k[0] in ("node", "excitation")]
    assert len(found) == len(keys)
    for kind, name in keys:
        if kind == "node":
            np.testing.assert_allclose(found[name], reference.expected_value((kind, name))[0], rtol=1e-9, atol=1e-9)
    if diagram.targets:
        loss = next(k for k in reference.symbols if k[0] == "loss")
        np.testing.assert_allclose(net.loss(weights, inputs), reference.expected_value(loss)[0], rtol=1e-9)
        assert list(net.gradients(weights, inputs)) == list(weights)


def test_few_diagrams_are_skipped() -> None:
    """The generator's own measure: how many come too near to a jump."""
    skipped = Counter(near=0)
    for seed in range(300):
        reference = Reference.of(make(Random(seed)), seed=seed + 1)
        skipped["near"] += reference.scales.nearest < NEAR
        skipped["infinite"] += not reference.finite
    assert skipped["near"] <= 9, skipped
    assert not skipped["infinite"], skipped
