"""Numbers of constants that were put together are written as what they are, and no other number is."""

import math
import random

import pytest

import flowc
from flowc.equations.numbers import exact
from flowc.equations.text import formula as text
from flowc.equations.tree import Number
from flowc.equations.typeset import formula as latex

WRITTEN = [
    (0.1 * 3, "0.3", "0.3"),
    (0.05**3, "0.000125", "0.000125"),
    (1 / 3, "1/3", r"\frac{1}{3}"),
    (-2 / 3, "−2/3", r"-\frac{2}{3}"),
    (1 / 28, "1/28", r"\frac{1}{28}"),
    (1 / 0.21, "1/0.21", r"\frac{1}{0.21}"),
    (0.1 / 3, "1/30", r"\frac{1}{30}"),
    (1 / math.sqrt(2), "1/√2", r"\frac{1}{\sqrt{2}}"),
    (math.sqrt(8), "2 √2", r"2 \sqrt{2}"),
    (math.sqrt(3) / 2, "√3/2", r"\frac{\sqrt{3}}{2}"),
    (-3 / math.sqrt(2), "−3/√2", r"-\frac{3}{\sqrt{2}}"),
    (math.sqrt(2 / 3), "√(2/3)", r"\sqrt{\frac{2}{3}}"),
    (math.pi, "π", r"\pi"),
    (2 * math.pi, "2 π", r"2 \pi"),
    (math.pi / 4, "π/4", r"\frac{\pi}{4}"),
    (1 / math.pi, "1/π", r"\frac{1}{\pi}"),
    (1 / math.sqrt(2 * math.pi), "1/√(2 π)", r"\frac{1}{\sqrt{2 \pi}}"),
    (math.sqrt(2 / math.pi), "√(2/π)", r"\sqrt{\frac{2}{\pi}}"),
    (0.044715 * math.sqrt(2 / math.pi), "0.044715 √(2/π)", r"0.044715 \sqrt{\frac{2}{\pi}}"),
    (2.125 * math.sqrt(2), "2.125 √2", r"2.125 \sqrt{2}"),
    (1e-7, "10⁻⁷", "10^{-7}"),
    (2.5e-9, "2.5·10⁻⁹", r"2.5 \cdot 10^{-9}"),
    (3e22, "3·10²²", r"3 \cdot 10^{22}"),
    (0.1415926535897932, "0.1415926535897932", "0.1415926535897932"),
]


@pytest.mark.parametrize(("value", "as_text", "as_latex"), WRITTEN, ids=lambda x: x if isinstance(x, str) else "")
def test_a_number_is_written_as_what_it_is(value, as_text, as_latex):
    assert text(exact(value)) == as_text
    assert latex(exact(value)) == as_latex


def test_what_is_short_already_stays():
    for value in (0.0, 1.0, -1.5, 0.25, 0.333, 0.7071, 3.1416, 1e300, math.inf):
        assert exact(value) == Number(value)


def test_any_other_number_stays():
    draw = random.Random(0)
    for _ in range(3000):
        value = draw.gauss(0, 1) * 10 ** draw.randint(-6, 2)
        assert exact(value) == Number(value), value


def test_every_fraction_of_small_numbers_is_read():
    for above in range(1, 40):
        for below in range(1, 40):
            if math.gcd(above, below) == 1 and len(repr(above / below)) > 10:
                assert text(exact(above / below)) == f"{above}/{below}"


SCALED = "input x[2]\noutput z[2], g, h, n\nz = (x - [157, 0.54]) / [28, 0.21]\ng = 0.1*3*x[1]\nh = x[1]/sqrt(2)\nn = (x[1] - 1e-7)^2\n"


def test_equations_have_these_numbers():
    lines = flowc.loads(SCALED).equations("text", "nodes").split("\n")
    assert "  z₁ = (x₁ − 157)/28" in lines and "  z₂ = (x₂ − 0.54)/0.21" in lines
    assert "  g  = 0.3 x₁" in lines and "  h  = x₁/√2" in lines and "  n  = (x₁ − 10⁻⁷)²" in lines
