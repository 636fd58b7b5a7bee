"""The smallest texts of faults that random diagrams have found; each stays found."""

from __future__ import annotations

import pytest

import flowc
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.second import check_reading
from flowc.nets.verifying.ways import check_learning, check_ways, differing_ways
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
    "a weight between a node and its divisor": (
        "input x\ntarget y\noutput f\nweight a ~\nweight b ~\nf = a*x*b/(x^2 + 1)\nloss mse(f, y)\n"
    ),
    "several of them, and two divisors": (
        "input x\ntarget y\noutput f\nweight a ~\nweight b ~\nf = x*a*b/(x^2 + 1)*a*x/(b^2 + 2)*b\nloss mse(f, y)\n"
    ),
    "a product of three in a gradient": (
        "input x\ntarget y\noutput f\nweight w ~\nweight b ~\n"
        "f = tanh(sqrt(square(product(b*x, x + b + x / 2, w*x)) + 0.5))\nloss mse(f, y)\n"
    ),
}

WEIGHTS_ALONE = {
    "a sum of two that learn": (
        "input x\ntarget y\noutput f\nweight a ~ 1, b ~ 2\ns = a + b\nf = s*x\nloss mse(f, y)\n"
    ),
    "a sum of grids, which feeds arrows": (
        "input x[2]\nweight a[2, 3] ~, b[2, 3] ~, c[-1..1] ~\nnode h[2, -1..1]\noutput f[2] : elu(2)\ntarget y[2]\n"
        "h = a + b\nh[i, j] -> f[i] : c[j]\nloss mse(f, y)\n"
    ),
    "a product of grids, one behind a kink": (
        "input x[1]\nweight a[2, 2] = [[1, 2], [3, 4]]\nweight b[2, 2] ~\ntarget y[2, 2]\noutput f[2, 2]\n"
        "f = product(-gelu(a), leaky_relu(-b, slope=0.2))\nloss sqrt(1 + mse(f, y))\n"
    ),
    "beside a grid the kink of a scalar": (
        "input x[3]\nweight a[2, 2] ~, b[2, 2] ~\nweight c ~\noutput f[2, 2]\ntarget y[2, 2]\n"
        "h = a/(b^2 + 1)*leaky_relu(x[1], slope=0.2)\nf = -h - c*h\nloss mse(f, y)\n"
    ),
    "the least of a vector, into a scalar sum": (
        "input x\noutput f\nweight a = -0.9\nweight b[3] ~\nf = a + min(b)\nloss f^2 + 1e-2*a^2\n"
    ),
    "an element and a mean in a quotient": (
        "input x[1]\nweight a[3] ~, b[1] ~, c[3] ~\nweight d ~\nnode h[3]\noutput f\ntarget y\n"
        "h = -product(a, c)\nf = (h[3] + d)/(mean(b)^2 + 1)\nloss mse(f, y)\n"
    ),
    "a function of a mean, which no one reads": (
        "input x\noutput f[2, 2]\nweight a[3] = [1, 2, 3]\nweight b[2, 2] ~, c[2, 2] ~\n"
        "g = logistic((1 + mean(a)^2)^-2)\nf = sin(b/(c^2 + 1) + c)\nloss sum(f^2)\n"
    ),
    "the only one is fixed, and becomes a number": (
        "input x[2]\nweight a = -0.68\noutput f[2]\ntarget y[2]\nf = -[x[1]^3, x[2]/(2 + a^2)]\nloss mse(f, y)\n"
    ),
    "a vector that the loss adds up, for each target once": (
        "target y\noutput f, g[2]\nweight a ~\nf = a\ng = [1, a]\nloss mse(f, y) + sum(g)\n"
    ),
    "no path from the loss to what learns": "input x\noutput f : step\nweight a ~\nx -> f : a\nloss f^2\n",
}

IN_FIT = {
    "a fixed number is a column of the data": (
        "input x\ntarget y\noutput f\nweight c = 2, w ~, v ~\nf = tanh(c*w + 3*v*x)\nloss mse(f, y)\n"
    ),
    "elements of a weight's gradient are those of others, too": (
        "input x\ntarget y\noutput f\nweight a ~ 1, b ~ 2, v[2] ~ 1\nz = [a, b] + v\nf = x*sum(tanh(z))\nloss mse(f, y)\n"
    ),
}

OF_TARGETS = {
    "a node that only the loss asks for, and its error": (
        "input x\ntarget y[3], z[3]\noutput f\nweight w[3] ~, a ~\nf = tanh(a*x)\nh = argmax(w*y)\nloss perceptron(h, z) + f^2\n"
    ),
}


@pytest.mark.parametrize("what", WEIGHTS_ALONE | IN_FIT | OF_TARGETS)
def test_found_in_every_way(what: str) -> None:
    """Values, gradients and steps of learning, of every style and lowering."""
    text = (WEIGHTS_ALONE | IN_FIT | OF_TARGETS)[what]
    for batch in (1, 4):
        reference = Reference.of(text, seed=3, batch=batch if "input" in text else 1)
        assert assert_backends_agree(text, weights=reference.learnt, values=reference.inputs).compared
        ways = differing_ways(reference.network)
        check_ways(reference, ways)
        check_reading(reference)
        if batch > 1:
            check_learning(reference, ways)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_the_gradient_of_a_sum_of_weights_goes_to_each(backend: str) -> None:
    net = flowc.loads(WEIGHTS_ALONE["a sum of two that learn"]).compile(backend, dtype="float64")
    given = {"a": 1.0, "b": 2.0}, {"x": [1.0, 2.0], "y": [0.0, 0.0]}
    assert net.forward(*given)["f"].tolist() == [3, 6]
    assert net.loss(*given) == 22.5
    assert {name: float(d) for name, d in net.gradients(*given).items()} == {"a": 15, "b": 15}


@pytest.mark.parametrize("what", FOUND)
def test_found(what: str) -> None:
    text = FOUND[what]
    outcome = assert_backends_agree(text, seed=3)
    assert outcome.compared
    check_reading(Reference.of(text, seed=3))
