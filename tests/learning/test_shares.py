"""Processes that share batches find what one process finds: any loss, any number of tokens, any number of processes."""

from __future__ import annotations

import numpy as np
import pytest

import flowc
from flowc import pipeline
from flowc.learning.shares import share_of, share_slopes
from flowc.nets.training.step import Learner
from flowc.program.splits_over_batch import over_tokens

NET = "input x[3]\ntarget y[2]\nnode h[4] : tanh\noutput f[2]\nx -> h -> f : ~\n1 -> h, f : ~\n"
LOSSES = {
    "mse(f, y)": "mean",
    "0.5*sse(f, y)": "sum",
    "mse(f, y) + 0.1*sum(W_h_x^2)": "mean",
    "sse(f, y) + 0.1*sum(W_h_x^2)": None,
    "2*mse(f, y) + sse(f, y) - 0.3*sum(W_f_h^2)": None,
}


@pytest.mark.parametrize(("loss", "how"), LOSSES.items())
@pytest.mark.parametrize(("processes", "count"), [(1, 5), (2, 7), (3, 7), (4, 3)])
def test_they_find_what_one_finds(loss: str, how: str | None, processes: int, count: int) -> None:
    flow = flowc.loads(f"{NET}loss {loss}\n")
    assert over_tokens(pipeline.forward(flow.network)) == how
    net = flow.compile()
    rng = np.random.default_rng(0)
    learner = Learner(net, {"x": rng.normal(size=(10, 3)), "y": rng.normal(size=(10, 2))})
    weights, tokens = learner.own_arrays(net.init()), list(rng.permutation(10)[:count])
    parts: list = []
    for process in range(processes):
        own = share_slopes(learner.slopes, how, process, processes, lambda loss, slopes: (loss, slopes))
        parts.append(own(weights, tokens))
    expected = learner.slopes(weights, tokens)
    assert sum(loss for loss, _ in parts) == pytest.approx(expected[0], rel=1e-12)
    for name, slope in expected[1].items():
        np.testing.assert_allclose(sum(slopes[name] for _, slopes in parts), slope, rtol=1e-11, atol=1e-13)


def test_shares_are_even() -> None:
    shares = [share_of(range(11), k, 4) for k in range(4)]
    assert [len(s) for s in shares] == [2, 3, 3, 3] and [t for s in shares for t in s] == list(range(11))
