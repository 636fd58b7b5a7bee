"""Random diagrams: every form is printed in every format without fault, and the nodes form gives the numbers of the code."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import flowc
from flowc.program.notation import Notation
from flowc.testing.strategies import Random, make
from tests.equations.calculator import Names
from tests.equations.test_numbers import FORMS, arrays, computed

FORMATS = ("text", "latex", "markdown")
SEEDS = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@SEEDS
@given(st.integers(0, 10**6))
def test_every_form_is_printed(seed):
    flow = flowc.loads(make(Random(seed)).text)
    for form in FORMS:
        texts = [flow.equations(format, form, whole=whole) for format in FORMATS for whole in (False, True)]
        assert all(texts)


@pytest.mark.parametrize("form", FORMS)
@SEEDS
@given(st.integers(0, 10**6))
def test_the_printed_equations_give_the_numbers_of_the_code(form, seed):
    assert_computed(form, make(Random(seed), odd_names=False, loss=True, without=()).load())


# δ that is no product of whole arrays, where the gradients would be put together
MET = (
    """\
input x1[4, 0..1]
input x2[3]
index D3 = 3
input x3[D3]
weight W1[2, 3] ~ normal(0, 0.5)
weight w1 ~ -1/3
weight w2 = 1
weight b1[2] ~ normal(0, 0.5)
weight w3 ~ glorot()
weight W2[3, 2] ~ 0
weight W3[2, 3] ~ glorot()
weight b2[2] ~ 0
node h1[0..1]
node h2[4, 0..1]
weight W4[0..3, 0..1] ~ uniform(-1, 1)
weight W5[0..1, 0..3] ~
node h3[0..3] : logistic
weight W6[3, 0..3] ~ uniform(-1, 1)
weight W7[0..3, 3] ~ -1/3
output f1[3] : ln_softmax
target y1[3]
h1 = ((W1 @ x3 - x3[1..2]*w1) + (w2*x2[1..2] + b1 + x2[1..2]*w3 - x2 @ W2) + (1e-1*x2[1..2] + x2 @ W2 + x2[1..2] / 2)) / (square((0.25*x2[1..2] + W3 @ x3 + b2) / (square((-0.3*x3[1..2]) + W2^T @ x3 - [[-0.5, 0, 0.25], [-0.3, 0.5, 1e-1]] @ x3) + 1)) + 1)
h2 = sqrt(square(x1 - 0*x1) + 1)
h1[i] -> h3[j] : W5[i, j]
x3 -> h3 : [[0.25, -0.3, -1.5], [2, 2, -1.5], [-1.5, 1/3, 0], [-1, 0.25, 1/3]]
1 -> h3 : ~
h3[i] -> f1[j] : W7[i, j]
1 -> f1 : W8 ~
loss mse(f1, y1)
""",
    """\
input x1[4]
node h1[1] : square
weight w1 ~ 0
weight W1[3, 1] ~ 0
weight W2[3, 4] ~ 0.5
index K4 = cat, dog, bird, owl
weight W3[4, 4] ~ -1/3
weight W4[4, 1] ~ 0
output f1[K4]
index D3 = 3
output f2[D3] : logistic
target y1[K4]
x1[2] -> h1[1] : ~ he()
x1[4] -> h1[1] : 0
x1[3] -> h1[1] : ~ 0
h2 = 1e-1*x1[4] + w1*x1[4]
h3 = sigmoid(min(W1 @ h1 + W2 @ x1))
f1 = W3 @ x1 - W4 @ h1 + [[1e-1], [-1.5], [0.7], [0.25]] @ h1 + [[2], [0.5], [-0.3], [1]] @ h1
h1 -> f2 : W5 ~ -1/3
1 -> f2 : W6 ~ he()
loss sum((f1 - y1)^2)
""",
    # a node whose δ is 0, in a layer with one whose δ is not
    """\
input x1
node h1
output f1
target y1
x1 -> h1 : w1 ~ uniform(-1, 1)
f1 = x1
loss mse(f1, y1)
""",
    # a product of two vectors, which is one number, beside a vector
    """\
input x1[2]
input x2[3]
weight w1 ~ 0.5
output f1[3]
target y1[3]
f1 = 2^-2*(w1*x2 - [-0.5, 2, 0.7])*(x1 @ x1)
loss sse(f1, y1)
""",
    # a class of two words
    """\
index K2 = cat, "guinea pig"
input x1[2]
output f1[K2] : argmax
target y1[K2]
x1 -> f1 : ~
loss perceptron(f1, y1)
""",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", MET)
def test_the_numbers_of_equations_that_were_wrong(form, text):
    assert_computed(form, flowc.loads(text))


def assert_computed(form, flow):
    if Names(Notation(flow.network), flow.network, arrays).twice:
        return  # two things have one symbol
    net = flow.compile()
    found, data, weights = computed(flow, net, form, 2)
    try:
        forward, loss, gradients = net.forward(weights, data), net.loss(weights, data), net.gradients(weights, data)
    except FloatingPointError:
        return
    for name, value in forward.items():
        if ("node", name) in found.values:
            printed = found.values["node", name]
            np.testing.assert_allclose(printed, np.broadcast_to(value, printed.shape), rtol=1e-6, atol=1e-9, err_msg=name)
    np.testing.assert_allclose(found.losses, [loss] * len(found.losses), rtol=1e-6, atol=1e-9)
    for name, gradient in gradients.items():
        if ("d", "weight", name) in found.values:
            tolerance = 1e-7 * (1 + np.abs(gradient).max(initial=0))
            np.testing.assert_allclose(found.values["d", "weight", name][0], gradient, rtol=1e-6, atol=tolerance)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_mathml_is_printed(seed):
    pytest.importorskip("latex2mathml")
    from xml.etree import ElementTree

    flow = flowc.loads(make(Random(seed)).text)
    ElementTree.fromstring(flow.equations("mathml"))
