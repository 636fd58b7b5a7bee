"""A letter is bound once: no Σₖ stands within a Σₖ, nor within an equation that is for every k."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import flowc
from flowc.equations.build import Settings, equations
from flowc.equations.document import Equation
from flowc.equations.tree import Call, Total, parts
from flowc.testing.strategies import Random, make

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
FORMS = ("nodes", "layers", "augmented", "indexed")
SEEDS = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def bound_twice(formula, letters):
    letter = formula.letter if isinstance(formula, Total) else formula.below if isinstance(formula, Call) else ""
    if letter and letter in letters:
        return True
    return any(bound_twice(part, letters | {letter}) for part in parts(formula))


def assert_bound_once(network, form):
    rows = [row for group in equations(network, form, "all", Settings(most=None)).groups for row in group.rows]
    for row in rows:
        assert not bound_twice(row.right, {r.letter for r in row.ranges} | {""}) if isinstance(row, Equation) else True, row


@pytest.mark.parametrize("form", FORMS)
def test_examples(form):
    for path in EXAMPLES:
        assert_bound_once(flowc.load(path).network, form)


# A value that is written out both alone, and within a sum over the same elements.
TWICE = """\
input x[3]
target y[3]
output f[3]
x -> f : W ~ 1
node s
s = sum((f - y)^2)
loss tanh(s)*sum(abs(f - y)) + s
"""


def test_a_sum_that_is_written_out_within_another():
    text = flowc.loads(TWICE.replace("node s\n", "")).equations("text", "indexed")
    assert "Σⱼ" in text
    for form in FORMS:
        assert_bound_once(flowc.loads(TWICE.replace("node s\n", "")).network, form)


@SEEDS
@given(st.integers(0, 10**6))
def test_random_diagrams(seed):
    network = flowc.loads(make(Random(seed)).text).network
    for form in FORMS:
        assert_bound_once(network, form)
