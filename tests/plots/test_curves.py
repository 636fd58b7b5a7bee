"""Curves are those of the records, and honest about kinks and jumps."""

import numpy as np
import pytest

from flowc.maths.functions import ACTIVATIONS
from flowc.maths.scalar import of_numbers
from flowc.plots.curves import curve, slope, value

ELEMENTWISE = [f for f in ACTIVATIONS if f.kind == "elementwise"]
NUMBERS = {"leaky_relu": (0.2,), "elu": (1.7,)}


def by_name(name):
    return next(f for f in ELEMENTWISE if f.name == name)


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.name)
@pytest.mark.parametrize("given", [False, True])
def test_a_curve_is_that_of_the_record(function, given):
    parameters = NUMBERS.get(function.name, ()) if given else ()
    points = np.concatenate(curve(value(function, parameters), -3, 3).pieces)
    within = points[points[:, 0] != 0]
    assert len(within) > 200
    assert np.allclose(
        within[:, 1], [of_numbers(function, x, *parameters) for x in within[:, 0]], rtol=1e-14, atol=1e-15
    )


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.name)
def test_a_slope_is_that_of_the_curve(function):
    parameters = NUMBERS.get(function.name, ())
    x = np.array([-2.3, -0.7, 0.4, 1.9])
    of, step = value(function, parameters), 1e-6
    by_differences = (of(x + step) - of(x - step)) / (2 * step)
    assert np.allclose(slope(function, parameters)(x), by_differences, atol=1e-6, equal_nan=True)


def test_a_step_has_no_riser():
    found = curve(value(by_name("step"), ()), -3, 3)
    left, right = found.pieces
    assert set(left[:, 1]) == {0} and left[-1].tolist() == [0, 0]
    assert set(right[:, 1]) == {1} and right[0].tolist() == [0, 1]
    assert (found.closed, found.open) == (((0, 1),), ((0, 0),))


def test_a_sign_has_a_point_of_its_own():
    found = curve(value(by_name("sign"), ()), -2.5, 3)
    assert (found.closed, found.open) == (((0, 0),), ((0, -1), (0, 1)))
    assert [set(piece[:, 1]) for piece in found.pieces] == [{-1}, {1}]


@pytest.mark.parametrize(
    "name, closed, opened",
    [
        ("relu", (0, 0), [(0, 1)]),
        ("leaky_relu", (0, 0.2), [(0, 1)]),
        ("abs", (0, 0), [(0, -1), (0, 1)]),
        ("sqrt", (0, 0), []),
    ],
)
def test_a_slope_at_a_kink_is_the_convention(name, closed, opened):
    found = curve(slope(by_name(name), NUMBERS.get(name, ())), -3, 3)
    assert found.closed == (closed,) and found.open == tuple(opened)


@pytest.mark.parametrize(
    "name", ["identity", "logistic", "tanh", "elu", "gelu", "silu", "softplus", "exp", "square", "sin", "cos"]
)
def test_what_is_smooth_is_in_one_piece(name):
    for of in (value, slope):
        found = curve(of(by_name(name), ()), -3, 3)
        assert len(found.pieces) == 1 and not found.open


@pytest.mark.parametrize("name", ["log", "sqrt"])
def test_there_is_no_curve_where_there_is_no_value(name):
    for of in (value, slope):
        assert all(piece[:, 0].min() >= 0 for piece in curve(of(by_name(name), ()), -3, 3).pieces)


def test_a_jump_is_found_where_no_sample_is():
    found = curve(lambda x: np.where(x > 0.3, 2.0, x), -1, 1)
    assert found.closed == ((0.3, 0.3),) and found.open == ((0.3, 2.0),)


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.name)
def test_a_wide_curve_has_no_more_points_than_a_narrow_one(function):
    """Of its whole numbers there would be more than memory holds."""
    for low, high in ((-1e100, 1e100), (-1e12, 1e12), (1e16, 1e16 + 2)):
        assert sum(map(len, curve(value(function, NUMBERS.get(function.name, ())), low, high).pieces)) < 10_000
