"""Data from formulas: the functions are the language's, draws come from streams of the standard library."""

from __future__ import annotations

import random
from statistics import NormalDist

import numpy as np
import pytest

import flowc
from flowc import FlowError
from flowc.data.dataset import BadData, Dataset
from flowc.data.read_data import read_dataset
from flowc.maths.functions import FUNCTIONS
from tests.data.tables import network, no_files

LINE = "input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"


def formulas(text: str, seed: int = 0, flow: str = LINE) -> Dataset:
    found = read_dataset(network(f"{flow}data {{ {text} }}\n"), "train", no_files, seed)
    assert found is not None
    return found


def test_formulas_are_numpys() -> None:
    found = formulas("t = linspace(-1, 1, 5) ; x = -2*pi*t^2 ; y = sin(x) + max(t, 0, 0.5*t) - leaky_relu(t, 0.5)/4")
    t = np.linspace(-1, 1, 5)
    x = -2 * np.pi * t**2
    np.testing.assert_array_equal(found.arrays["x"], x)
    expected = np.sin(x) + np.maximum(np.maximum(t, 0), 0.5 * t) - np.where(t > 0, t, 0.5 * t) / 4
    np.testing.assert_allclose(found.arrays["y"], expected, rtol=1e-15)
    assert (found.name, found.tokens) == ("the data of net.flow", 5)
    assert formulas("x = arange(0, 1, 0.25) ; y = 3").arrays["y"].tolist() == [3, 3, 3, 3]
    assert formulas("x = 1 ; y = step(0)").arrays == {"x": [1.0], "y": [1.0]}
    assert formulas("x = 2 ; pi = 3 ; y = pi - x - 1").arrays["y"].tolist() == [0]


ELEMENTWISE = [f.name for f in FUNCTIONS.values() if f.kind == "elementwise"]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_functions_are_the_languages(name: str) -> None:
    data = formulas(f"x = linspace(0.25, 1, 4) ; y = {name}(x)").arrays
    net = flowc.loads(f"input x\noutput f\nf = {name}(x)\n").compile()
    np.testing.assert_array_equal(data["y"], net.forward({}, {"x": data["x"]})["f"])


def test_draws_come_from_streams_of_their_own() -> None:
    found = formulas("x = uniform(-1, 1, 3) ; y = normal(0, 2, 3) + normal(0, 1, 3)", seed=7)
    streams = {name: random.Random(f"7/{name}") for name in ("x", "y", "y/2")}
    assert found.arrays["x"].tolist() == [-1 + 2 * streams["x"].random() for _ in range(3)]
    first, second = ([NormalDist().inv_cdf(streams[n].random()) for _ in range(3)] for n in ("y", "y/2"))
    assert found.arrays["y"].tolist() == [2 * a + b for a, b in zip(first, second, strict=True)]
    assert formulas("x = uniform(-1, 1, 3) ; y = 0", seed=8).arrays["x"].tolist() != found.arrays["x"].tolist()
    alone = formulas("z = uniform(-1, 1, 3) ; x = uniform(-1, 1, 3) ; y = 0", seed=7)
    assert alone.arrays["x"].tolist() == found.arrays["x"].tolist()


def test_elements_classes_and_outputs_have_formulas() -> None:
    flow = "input x[2]\ntarget y[0..1]\noutput p[0..1] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n"
    found = formulas("x[1] = linspace(0, 1, 3) ; x[2] = x[1]^2 ; y = step(x[1] - 0.5)", flow=flow)
    assert found.arrays["x"].tolist() == [[0, 0], [0.5, 0.25], [1, 1]]
    assert found.arrays["y"].tolist() == [[1, 0], [0, 1], [0, 1]]
    grid = "input x[1, 2]\noutput f\nx -> f : 1\n"
    both = formulas("x[1, 1] = linspace(0, 1, 2) ; x[1, 2] = 5 ; f = x[1, 1] + 5", flow=grid)
    assert both.arrays["x"].tolist() == [[[0, 5]], [[1, 5]]] and both.expected["f"].tolist() == [5, 6]


def test_a_helper_may_be_called_as_a_part_of_an_expression_is() -> None:
    flow = "input x\ntarget y\noutput f\nf = x + exp(x)\nloss mse(f, y) + mae(f, y)\n"
    assert formulas("loss_1 = 3 ; x = loss_1 ; f_1 = x/2 ; y = f_1", flow=flow).arrays == {"x": [3.0], "y": [1.5]}


def test_helpers_are_no_columns() -> None:
    flow = "input x[2]\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"
    found = formulas("x1 = linspace(0, 1, 5) ; n = 3 ; x[1] = linspace(0, 1, n) ; x[2] = n ; y = 0", flow=flow)
    assert found.arrays["x"].tolist() == [[0, 3], [0.5, 3], [1, 3]] and found.expected == {}


def test_long_formulas() -> None:
    assert formulas(f"x = 1 ; y = {' + '.join(['x'] * 2000)} - {'-' * 90}x").arrays["y"].tolist() == [1999]


@pytest.mark.parametrize(("text", "message"), [
    ("x = linspace(0, 1, 5) ; y = linspace(0, 1, 6)",
        "the data of net.flow: the formulas have different numbers of tokens: `x` has 5, `y` has 6"),
    ("x = linspace(0, 1, 5) ; y = x + linspace(0, 1, 6)", "net.flow:6:36: 5 numbers and 6 cannot be put together"),
    ("x = linspace(0, 1, 5) ; y = max(x, linspace(0, 1, 6))",
        "net.flow:6:36: 5 numbers and 6 cannot be put together"),
    ("x = linspace(0, 1, 2.5) ; y = 0", "net.flow:6:12: `linspace` makes a whole number of tokens, 1 to 10000000, not 2.5"),
    ("x = linspace(0, 1, -1) ; y = 0", "net.flow:6:12: `linspace` makes a whole number of tokens, 1 to 10000000, not -1"),
    ("x = normal(0, 1, 1e9) ; y = 0", "net.flow:6:12: `normal` makes a whole number of tokens, 1 to 10000000, not 1e+09"),
    ("x = arange(0, 1, 0) ; y = 0", "net.flow:6:12: `arange` makes a whole number of tokens, 1 to 10000000, not inf"),
    ("x = arange(0, 1, 1e-30) ; y = 0",
        "net.flow:6:12: `arange` makes a whole number of tokens, 1 to 10000000, not 1e+30"),
    ("x = normal(0, -1, 3) ; y = 0", "net.flow:6:12: `normal(0, -1, 3)`: a standard deviation is not negative"),
    ("x = uniform(1, 0, 3) ; y = 0", "net.flow:6:12: `uniform(1, 0, 3)`: the low end is above the high end"),
    ("x = linspace(0, 1, 3) ; y = normal(0, x, 3)", "net.flow:6:36: `normal` takes a number there, not a column of them"),
    ("x = linspace(0, 1, 3) ; y = leaky_relu(x, x)",
        "net.flow:6:36: `leaky_relu` takes a number there, not a column of them"),
    ("x = 1 ; y = x @ x", "net.flow:6:20: a product of columns is written `*`"),
    ("x = 1 ; y = [x, x]", "net.flow:6:20: numbers, names, `+ - * / ^` and functions make a formula of data"),
    ("x = linspace(0, 1, 3) ; y = log(x)",
        "the data of net.flow, token 1, column `y`: `-inf` is no number that a diagram can compute with"),
    ("x = linspace(-1, 1, 3) ; y = 1/x + x^0.5",
        "the data of net.flow, token 1, column `y`: `nan` is no number that a diagram can compute with\n"
        + "the data of net.flow, token 2, column `y`: `inf` is no number that a diagram can compute with"),
])  # fmt: skip
def test_bad_formulas(text: str, message: str) -> None:
    with pytest.raises(BadData) as raised:
        formulas(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(("left", "code"), [("x[1..2] = 1", "bad-column"), ("x[1] = 1", "missing-column")])
def test_what_the_diagram_refuses(left: str, code: str) -> None:
    with pytest.raises(FlowError) as raised:
        network(f"input x[2]\noutput f\nx -> f : ~\ndata {{ {left} }}\n")
    assert code in {d.code for d in raised.value.diagnostics}
