"""Diagrams without inputs: one token where nothing is given; the batch of the targets while learning."""

import numpy as np
import pytest

import flowc

ALONE = ["output f\nf = 3", "output f[2]\nf = [3, 4]", "output f[2]\nweight w ~ 2\nf = [1, w]\nloss sum(f)"]
MEAN = "target y\noutput f\nweight w ~ 2\nf = w\nloss mse(f, y) + 0.5*w^2"


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("text", ALONE)
def test_one_token_where_nothing_is_given(text: str, backend: str) -> None:
    net = flowc.loads(text).compile(backend, dtype="float64")
    weights = net.init()
    expected = {"f = 3": [3], "[3, 4]": [[3, 4]], "[1, w]": [[1, 2]]}
    (values,) = (v for k, v in expected.items() if k in text)
    np.testing.assert_array_equal(net.forward(weights, {})["f"], values)
    exec(compile(net.source, "made", "exec"), made := {"__name__": "made"})  # what a student runs
    given = made["initial_weights"]() if weights else {}
    np.testing.assert_array_equal(np.asarray(made["forward"](**given)), values)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_constant_learns_the_mean_of_its_targets(backend: str) -> None:
    net = flowc.loads(MEAN).compile(backend, dtype="float64")
    y = [1.0, 2.0, 6.0]
    assert net.loss({"w": 2.0}, {"y": y}) == pytest.approx(np.mean((2 - np.array(y)) ** 2) + 2)
    assert net.gradients({"w": 2.0}, {"y": y})["w"] == pytest.approx(2 * (2 - 3) + 2)
