"""The smallest texts of faults that random diagrams have found; each stays found."""

from __future__ import annotations

import pytest

from flowc.doors.verifying.reference import Reference
from flowc.doors.verifying.second import check_reading
from flowc.testing import assert_backends_agree

FOUND = {
    "a penalty makes the outputs need a target": (
        "input x\ntarget y\noutput f\nweight w ~\nf = w*x\nloss mse(f, y) + 1e-2*w^2\n"
    ),
    "hinge of a scalar": "input x\ntarget y\noutput f\nweight w ~\nf = w*x\nloss hinge(f, y)\n",
    "x^0 of a vector is one number": "input x[2]\noutput f\nf = sum(x^0)\n",
    "the product of such": "input x[2]\noutput f\nf = product(2*x^0)\n",
    "the least of such": "input x[2]\noutput f\nf = min(x^0 + 1)\n",
    "a constant node that other nodes use": (
        "input x\ntarget y\noutput f\nweight w ~\nh = (square((w*x)^0) + 0.5)^(-0.5)\nf = w*h + x\nloss mse(f, y)\n"
    ),
    "a product of three in a gradient": (
        "input x\ntarget y\noutput f\nweight w ~\nweight b ~\n"
        "f = tanh(sqrt(square(product(b*x, x + b + x / 2, w*x)) + 0.5))\nloss mse(f, y)\n"
    ),
}


@pytest.mark.parametrize("what", FOUND)
def test_found(what: str) -> None:
    text = FOUND[what]
    outcome = assert_backends_agree(text, seed=3)
    assert outcome.compared
    check_reading(Reference.of(text, seed=3))
