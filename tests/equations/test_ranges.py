"""Elements as the diagram counts them, from any start: one name for each in every form, letters that say where they begin."""

import pytest

import flowc
from flowc.equations.ascii import in_ascii
from tests.equations.test_random import assert_computed

FORMS = ("nodes", "layers", "augmented", "indexed")
FROM_ZERO = """\
input x1[0..1]
input x2[0..1]
target y
weight w1 ~ 1
weight w2 ~ 1
output f
h2 = max(x1*w1 + w2*x2)^2
f = h2 + 1
loss mse(f, y)
"""
BELOW_ZERO = """\
input x[-1..0]
target y
weight u[-1..0] ~ 0.3
weight v[-1..0] ~ 0.3
output f
output d[-1..0]
x -> f : u
x[i] -> d[i] : v[i]
loss mse(f, y) + sum((d - x)^2)
"""
SHIFTED = """\
input x[0..2]
target y[3]
weight w[3] ~ 0.3
weight W[3, 0..2] ~ 0.5
output f[3]
f = softmax(W @ x + w*x)
loss cross_entropy(f, y)
"""
LARGEST = """\
input x[2..4]
target y
weight w[3] ~ 0.3
weight v[0..2] ~ 0.5
output f
f = max(x*w + v*x)^2 + product(x*v)
loss mse(f, y)
"""


def printed(text, form, part="all"):
    return flowc.loads(text).equations("text", form, part=part)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [FROM_ZERO, BELOW_ZERO, SHIFTED, LARGEST])
def test_the_numbers_are_those_of_the_code(text, form):
    assert_computed(form, flowc.loads(text))


def test_a_largest_element_is_counted_as_its_vector():
    text = printed(FROM_ZERO, "nodes", "backward")
    assert "(1 if 0 = argmaxⱼ (w₁ x⁽¹⁾ⱼ + w₂ x⁽²⁾ⱼ) else 0) x⁽¹⁾₀" in text
    assert "(1 if 1 = argmaxⱼ (w₁ x⁽¹⁾ⱼ + w₂ x⁽²⁾ⱼ) else 0) x⁽¹⁾₁" in text


def test_a_range_below_zero_has_the_minus_of_other_numbers():
    text = printed(BELOW_ZERO, "indexed")
    assert "dⱼ = vⱼ xⱼ   for j = −1, 0\n" in text
    assert "f  = Σⱼ₌₋₁⁰ uⱼ xⱼ\n" in text
    assert "∂L/∂vⱼ = Σᵢ₌₁ⁿ δ⁽ᵈ⁾ⱼ xⱼ   for j = −1, 0\n" in text


def test_an_element_of_a_weight_is_called_as_in_the_diagram():
    assert "f   = u₋₁ x₋₁ + u₀ x₀\n" in printed(BELOW_ZERO, "nodes")
    assert "d_-1 = v_-1 x_-1\n" in in_ascii(printed(BELOW_ZERO, "nodes"))


def test_a_letter_counts_one_axis_and_is_shifted_for_the_other():
    assert "ξⱼ = Σₖ₌₀² Wⱼₖ xₖ + wⱼ xⱼ₋₁   for j = 1, …, 3\n" in printed(SHIFTED, "indexed", "forward")
