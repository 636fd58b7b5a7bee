"""What every printed file does by itself: forms, its own test, one token at a time, and weights saved and loaded."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.saved import check_saved
from flowc.nets.verifying.tolerance import NEAR
from flowc.nets.verifying.ways import Way, check_selftest, check_ways, differing_ways, plain_way, printed_way
from flowc.testing import Diagram
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples

SEEDS = st.integers(1, 2**32 - 1)
ALL = st.one_of(diagrams(scalars=True, most_nodes=6), diagrams())
CHAIN = "input x[2]\ntarget y[3]\nnode h[2] : tanh\noutput p[3] : softmax\nx -> h -> p : ~\nloss cross_entropy(p, y)\n"


def near(diagram: Diagram | str, seed: int, tokens: int = 4) -> Reference:
    reference = Reference.of(diagram, seed=seed, batch=tokens)
    assume(reference.scales.nearest > NEAR and reference.finite)
    return reference


@examples(6)
@given(ALL, SEEDS, st.sampled_from([1, 4]))
def test_every_form_computes_the_same(diagram: Diagram, seed: int, tokens: int) -> None:
    reference = near(diagram, seed, tokens)
    assert check_ways(reference, differing_ways(reference.network, plain_way()))


@examples(4)
@given(ALL, SEEDS)
def test_files_pass_their_own_test(diagram: Diagram, seed: int) -> None:
    reference = near(diagram, seed)
    check_selftest(reference, differing_ways(reference.network, plain_way()))


@examples(5)
@given(ALL, SEEDS)
def test_saved_weights_are_loaded_bit_for_bit(diagram: Diagram, seed: int) -> None:
    reference = near(diagram, seed)
    check_saved(reference, differing_ways(reference.network, plain_way()))


def test_a_chain_of_layers_is_printed_as_one() -> None:
    """So that none of the above is about nothing."""
    reference = Reference.of(CHAIN, seed=3)
    ways = differing_ways(reference.network, plain_way())
    assert {way.form for way in ways if printed_way(way, reference)} == {"functions", "module", "sequential"}
    assert check_ways(reference, ways)
    check_selftest(reference, ways)
    check_saved(reference, ways)


def test_a_form_that_a_diagram_does_not_have_is_left_out() -> None:
    reference = Reference.of("input x, y\noutput f\nf = x*y\n", seed=3)
    assert printed_way(Way("torch", "nodes", None, None, "sequential"), reference) is None
