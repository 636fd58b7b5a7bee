"""Diagrams written by who knows the docs alone, and the smallest of those that failed; each stays found."""

from __future__ import annotations

import pytest

from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.ways import check_selftest, differing_ways
from tests.agreement.stranger.checks import examine
from tests.agreement.stranger.words import Text
from tests.agreement.stranger.writer import write

FOUND = {
    "names that a class of Python takes for its own": (
        "input __x\ntarget __y\noutput __f\nweight __[9] = [1, 2, 3, 4, 5, 6, 7, 8, 9]\nweight __w ~, __b = 0.5\n"
        "__f = __w*sum(__*__x) + __b\nloss __l = mse(__f, __y)\ndata {\n  __x __y\n  1   2\n}\n"
    ),
    "a self-test draws what its losses take, also for targets in one array": (
        "input x[2]\ntarget a, b, c\noutput f, g : logistic, h : sign\nx[1], x[2] -> f, g, h : ~ normal(5, 1)\n"
        "loss log(1 + bce(f, a)) + mse(g, b) + log(1 + hinge(h, c))\n"
    ),
}


@pytest.mark.parametrize("what", FOUND)
def test_texts_that_failed_agree(what: str) -> None:
    for seed in (0, 1):  # on random numbers, on their data
        assert examine(Text(FOUND[what]), seed, True) == "agrees"
    reference = Reference.of(FOUND[what])
    check_selftest(reference, differing_ways(reference.network))


@pytest.mark.parametrize("seed", range(20))
def test_a_strangers_diagrams_agree(seed: int) -> None:
    assert examine(write(seed), seed, seed % 10 == 0) in ("agrees", "not finite")
