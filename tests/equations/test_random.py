"""Random diagrams: every form is printed in every format without fault, and the nodes form gives the numbers of the code."""

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import flowc
from flowc.program.notation import Notation
from flowc.testing.strategies import Random, make
from tests.equations.calculator import Names
from tests.equations.test_numbers import FORMS, arrays, computed

FORMATS = ("text", "latex", "markdown")
SEEDS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SEEDS
@given(st.integers(0, 10**6))
def test_every_form_is_printed(seed):
    flow = flowc.loads(make(Random(seed)).text)
    for form in FORMS:
        texts = [flow.equations(format, form, whole=whole) for format in FORMATS for whole in (False, True)]
        assert all(texts)


@pytest.mark.parametrize("form", FORMS)
@SEEDS
@example(seed=50042)  # δ that is no product of whole arrays, where the gradients would be put together
@example(seed=13848)
@given(st.integers(0, 10**6))
def test_the_printed_equations_give_the_numbers_of_the_code(form, seed):
    flow = flowc.loads(make(Random(seed), odd_names=False, loss=True).text)
    if Names(Notation(flow.network), flow.network, arrays).twice:
        return  # two things have one symbol
    net = flow.compile()
    found, data, weights = computed(flow, net, form, 2)
    try:
        loss, gradients = net.loss(weights, data), net.gradients(weights, data)
    except FloatingPointError:
        return
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
