"""The share that is right, and the printed loop's: the same."""

import numpy as np
import pytest

import flowc
from flowc.learning.metrics import score_outputs
from tests.backends.scripts import executed, script


@pytest.mark.parametrize("form", [[], ["--backend", "torch"]])
@pytest.mark.parametrize(("loss", "function", "low"), [("hinge", "identity", -1), ("perceptron", "sign", -1), ("bce", "logistic", 0)])  # fmt: skip
def test_the_printed_loop_counts_the_same(tmp_path, loss: str, function: str, low: int, form: list[str]) -> None:
    path = tmp_path / "net.flow"
    path.write_text(
        f"input x\ntarget y\noutput f : {function}\nx -> f : w ~ 1\n1 -> f : b ~ 0\nloss {loss}(f, y)\n"
        f"data {{ x y\n-2 {low}\n-1 1\n0.5 1\n3 1\n }}\ntrain gd(rate=0.001, steps=100)\n"
    )
    flow = flowc.load(path)
    values = flow.compile().forward(flow.train().weights, flow.data().arrays)
    (score,) = score_outputs(flow.network, values)
    assert (score.right, score.tokens, score.classes) == (3, 4, (str(low), "1"))
    assert score.confusion.tolist() == [[1, 0], [1, 2]]
    assert executed(script(path, *form)).end[-1] == "f right: 3 of 4"


def test_targets_that_are_shares_count_for_the_largest() -> None:
    text = "input x\ntarget y[2]\noutput p[2] : softmax\nx -> p : ~ [1, 0]\nloss cross_entropy(p, y)\n"
    values = {"p": np.array([[0.7, 0.3], [0.4, 0.6]]), "y": np.array([[0.6, 0.4], [0.9, 0.1]])}
    (score,) = score_outputs(flowc.loads(text).network, values)
    assert (score.right, score.tokens) == (1, 2)
