"""Learning goes step by step, can go on from any state, and stops where the loss is no number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from flowc.graph.network import Training
from flowc.learning.loop import NotFinite, State, begin_state, descent_by
from flowc.learning.loop import learn as run_steps
from flowc.learning.method import Method, method_of
from flowc.source import NOWHERE

X = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
Y = 2 * X + 1


def learn(method, slopes, state, sqrt):
    return run_steps(method, descent_by(method, slopes, sqrt), state)


def made(name: str, **settings: float) -> Method:
    return method_of(Training(name, tuple(settings.items()), NOWHERE), len(X))


def slopes(weights, tokens: Sequence[int]):
    """Of mse for f = w x + b."""
    x, y = X[list(tokens)], Y[list(tokens)]
    error = weights["w"] * x + weights["b"] - y
    return float(np.mean(error**2)), {"w": np.mean(2 * error * x), "b": np.mean(2 * error)}


def start(m: Method) -> State:
    return begin_state(m, {"w": np.array(0.0), "b": np.array(0.0)})


def test_gradient_descent_by_hand() -> None:
    """w = b = 0: the mean of y² is 57; of -2xy it is -50, of -2y -14; so w = 0.5, b = 0.14 at the rate 0.01."""
    first = next(learn(made("gd", rate=0.01), slopes, start(made("gd")), np.sqrt))
    assert first.loss == pytest.approx(57) and first.rate == 0.01 and first.state.step == 1
    assert first.state.weights == {"w": pytest.approx(0.5), "b": pytest.approx(0.14)}


@pytest.mark.parametrize("name", ["gd", "sgd", "momentum", "adam"])
def test_going_on_gives_the_same_bits(name: str) -> None:
    batch = {} if name == "gd" else {"batch": 2.0}
    m = made(name, rate=0.01, steps=20, **batch)
    whole = list(learn(m, slopes, start(m), np.sqrt))
    assert [s.state.step for s in whole] == list(range(1, 21))
    for at in (0, 3, 7, 19):
        again = list(learn(m, slopes, whole[at].state, np.sqrt))
        assert again == whole[at + 1 :]


def test_it_learns() -> None:
    m = made("sgd", rate=0.02, batch=2, steps=3000)
    *_, last = learn(m, slopes, start(m), np.sqrt)
    assert last.state.weights == {"w": pytest.approx(2, abs=1e-3), "b": pytest.approx(1, abs=1e-2)}


@pytest.mark.filterwarnings("ignore:overflow")
def test_it_stops_where_the_loss_is_no_number() -> None:
    m = made("gd", rate=10.0, steps=1000)
    with pytest.raises(NotFinite) as stopped:
        list(learn(m, slopes, start(m), np.sqrt))
    error = stopped.value
    assert np.isfinite(slopes(error.good.weights, error.tokens)[0])
    assert not np.isfinite(slopes(error.failed.weights, error.tokens)[0])
    assert error.failed.step == error.good.step + 1


def test_it_stops_where_the_last_step_goes_too_far() -> None:
    m = made("gd", rate=0.1, steps=2)

    def wrong(weights, tokens):
        return 1.0, {"w": np.array(np.inf if weights["w"] else -1.0), "b": np.array(0.0)}

    with pytest.raises(NotFinite) as stopped:
        list(learn(m, wrong, start(m), np.sqrt))
    assert stopped.value.good.step == 1


@pytest.mark.parametrize("steps", [206, 250, 1000])
def test_it_stops_where_a_weight_is_no_number_though_the_loss_is(steps: int) -> None:
    """At the step that made it so, which is found when the weights are looked at."""
    m = made("gd", rate=0.1, steps=steps)

    def masked(weights, tokens):
        return 1.0, {"w": np.array(np.nan if weights["b"] < -2.045 else 0.1), "b": np.array(0.1)}

    with pytest.raises(NotFinite) as stopped:
        list(learn(m, masked, start(m), np.sqrt))
    error = stopped.value
    assert (error.good.step, error.failed.step) == (205, 206)
    assert np.isfinite(error.good.weights["w"]) and np.isnan(error.failed.weights["w"])


def test_a_state_beyond_the_last_step_is_not_learnt_on() -> None:
    """It is the result at once, however many steps it has made."""
    m = made("sgd", batch=2, steps=5)
    assert list(learn(m, slopes, State(2**53, start(m).weights, start(m).memory), np.sqrt)) == []
