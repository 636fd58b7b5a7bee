"""What rounding explains, and no more: numbers that cancel, underflow, or have more digits than float64 holds."""

from __future__ import annotations

import numpy as np

import flowc
from flowc.nets.verifying.exactness import largest_unit
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.second import check_reading
from flowc.nets.verifying.tolerance import Scales
from flowc.program import lower
from flowc.program.run import run
from flowc.testing import Diagram, assert_backends_agree

TAIL = "input x\noutput f\nf = step(2*gelu(x))\n"
CHAIN = "input x\ntarget y\noutput f : relu\nx -> h1 -> h2 -> h3 -> f : ~\nnode h1, h2, h3\nloss sse(f, y)\n"


def test_a_power_of_what_cancels() -> None:
    """In float32 the base is what rounding leaves, and its square is that squared."""
    x = [-0.5799917680005389, -1.323371281418218, 0.7740086151958532, -1.5948397775143897]
    text = "input x2\noutput h1\nweight w1 = -1.5\nh1 = power(w1*x2 + x2 + .5*x2, 2)\n"
    assert assert_backends_agree(text, values={"x2": np.array(x)}).single


def test_float32_has_nothing_so_small() -> None:
    """A threshold behind the tail of gelu, which is below zero in float64 and zero in float32."""
    assert not assert_backends_agree(TAIL, values={"x": np.array([2.0, -11.0])}).single
    assert assert_backends_agree(TAIL, values={"x": np.array([2.0, -1.0])}).single


def test_a_long_chain_has_too_many_digits_to_be_exact() -> None:
    def reference(weight: float) -> Reference:
        diagram = Diagram(CHAIN, (("x", ()),), (("y", (), "number"),), True)
        names = [w.name for w in flowc.loads(CHAIN).network.weights]
        return Reference.of(diagram, dict.fromkeys(names, np.array(weight)), {"x": np.array([1.5]), "y": np.array([0.25])})

    assert reference(1.5).exact
    assert not reference(1.0 + 2.0**-20).exact
    check_reading(reference(1.0 + 2.0**-20))


def test_the_unit_of_numbers() -> None:
    assert largest_unit(np.array([3.0, 0.0, -0.75])) == 0.25
    assert largest_unit(np.array([0.0, 8.0])) == 1.0
    assert largest_unit(np.array(0.1)) == 2.0**-55


def test_the_scale_of_a_value_is_that_of_no_other() -> None:
    """A function's formula has values of its own, whatever the program's are called."""
    network = flowc.loads("input x[2]\noutput f, g\nf = x[1] - x[2]\ng = gelu(f*x[1]) + sum(tanh(x - 1))\n").network
    program = lower(network)
    values = run(program, {program.inputs[0]: np.array([[1.0, 1.5]])})
    assert Scales(program, values).of.keys() >= {step.symbol for step in program.steps}
