"""Which outputs put tokens into classes: one rule for `flowc train`, `flowc run` and the printed loops."""

import pytest

import flowc
from flowc.graph.class_outputs import classified

NET = "input x\ntarget y{axes}\noutput f{axes} : {function}\nx -> f : ~ {start}\n1 -> f : ~ 0\nloss {loss}(f, y)\n"


def of(loss: str, function: str, axes: str = "") -> list[tuple[tuple[str, ...], float | None]]:
    text = NET.format(loss=loss, function=function, axes=axes, start="[1, 2, 3]" if axes else "1")
    return [(c.names, None if c.many else c.middle) for c in classified(flowc.loads(text).network)]


@pytest.mark.parametrize(("loss", "function", "axes", "expected"), [
    ("cross_entropy", "softmax", "[3]", [(("1", "2", "3"), None)]),
    ("perceptron", "argmax", "[0..2]", [(("0", "1", "2"), None)]),
    ("binary_cross_entropy", "logistic", "", [(("0", "1"), 0.5)]),
    ("perceptron", "step", "", [(("0", "1"), 0.5)]),
    ("perceptron", "sign", "", [(("-1", "1"), 0.0)]),
    ("hinge", "identity", "", [(("-1", "1"), 0.0)]),
    ("binary_cross_entropy", "logistic", "[3]", []),  # several answers at once
    ("hinge", "identity", "[3]", []),
    ("mse", "softmax", "[3]", []),
    ("mse", "logistic", "", []),
])  # fmt: skip
def test_of_a_loss(loss: str, function: str, axes: str, expected: list) -> None:
    assert of(loss, function, axes) == expected


def test_each_pair_once() -> None:
    text = "input x\ntarget y\noutput f : logistic\nx -> f : ~\nloss bce(f, y) + 2*bce(f, y)\n"
    assert len(classified(flowc.loads(text).network)) == 1
