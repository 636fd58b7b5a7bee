"""What is printed of a diagram grows as the diagram does: four times the nodes are no more than so many times the text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.program import differentiate, lower
from tests.doors.command import in_process

FEW, TIMES = 120, 4
MOST = 1.2 * TIMES  # longer names and lines among it


def each(text: str, count: int, between: str = ", ") -> str:
    return between.join(text.replace("#", str(i)) for i in range(count))


def weights(n: int) -> str:
    return f"input x\ntarget y\noutput f\nweight {each('a# ~ 0.9', n)}\nf = {each('a#', n, '*')}*x\nloss mse(f, y)\n"


def inputs(n: int) -> str:
    return f"input {each('a#', n)}\ntarget y\noutput f\nweight w\nf = w*{each('a#', n, '*')}\nloss mse(f, y)\n"


def hidden(n: int) -> str:
    lines = each("h# = tanh(w#*x)", n, "\n")
    return (
        f"input x\ntarget y\noutput f\nweight {each('w#', n)}\n{lines}\nf = product({each('h#', n)})\nloss mse(f, y)\n"
    )


def divisor(n: int) -> str:
    return weights(n).replace("f = ", "f = x/(").replace("*x\n", ")\n")


def quotients(n: int) -> str:
    return weights(n).replace("f = ", "f = x/").replace("*x\n", "\n").replace("*", "/")


def of_loss(n: int) -> str:
    factors = each("a#", n, "*")
    return f"input x\ntarget y\noutput f\nweight {each('a# ~ 0.9', n)}\nf = x\nloss mse(f, y) + {factors}\n"


def largest(n: int) -> str:
    return hidden(n).replace("product(", "max(")


def products(n: int) -> str:
    total = each("a#*a#*x^2", n, " + ")
    return f"input x\ntarget y\noutput f\nweight {each('a#', n)}\nf = {total}\nloss mse(f, y)\n"


def listed(n: int) -> str:
    return hidden(n).replace("product(", "product([").replace(")\nloss", "])\nloss")


SHAPES = [weights, inputs, hidden, divisor, quotients, of_loss, largest, products, listed]
WAYS = [
    ("compile",), ("compile", "--style", "fast"), ("compile", "--style", "fast", "--lower", "scalar"),
    ("compile", "--backend", "torch", "--gradient", "explicit"), ("equations",),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("shape", SHAPES)
def test_text_is_linear(
    shape: Callable[[int], str], way: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *options = way
    lengths = []
    for n in (FEW, TIMES * FEW):
        diagram = tmp_path / "many.flow"
        diagram.write_text(shape(n))
        status, text, said = in_process(capsys, name, diagram, *options)
        assert status == 0, said
        lengths.append(len(text))
    assert lengths[1] < MOST * lengths[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_steps_are_linear(shape: Callable[[int], str]) -> None:
    sizes = []
    for n in (FEW, TIMES * FEW):
        program = lower(flowc.loads(shape(n)).network)
        assert program.loss is not None
        steps = differentiate(program, program.loss, program.weights).steps
        sizes.append(sum(1 + len(step.args) for step in steps))
    assert sizes[1] < MOST * sizes[0]


@pytest.mark.parametrize("zeros", [(), (3,), (3, 37)])
@pytest.mark.parametrize("style", ["nodes", "fast"])
def test_gradients_of_many_factors(style: str, zeros: tuple[int, ...]) -> None:
    """Also of those that are 0: nothing is divided."""
    net = flowc.loads(weights(40)).compile(style=style)
    factors = np.random.default_rng(0).uniform(0.5, 1.5, 40)
    factors[[*zeros]] = 0
    x, y = np.array([0.5, -2.0]), np.array([1.0, 3.0])
    found = net.gradients({f"a{k}": a for k, a in enumerate(factors)}, {"x": x, "y": y})
    value = np.prod(factors) * x
    for k in range(40):
        slope = np.mean(2 * (value - y) * x) * np.prod(np.delete(factors, k))
        np.testing.assert_allclose(found[f"a{k}"], slope, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize(("count", "nodes"), [(16, 1), (17, 2), (31, 2), (32, 3)])
def test_sixteen_factors_are_one_node(count: int, nodes: int) -> None:
    """At the limit, and one past it; the product is taken in the order written all the same."""
    flow = flowc.loads(f"input {each('a#', count)}\noutput f\nf = {each('a#', count, '*')}\n")
    assert sum(node.function == "product" for node in flow.network.nodes) == nodes
    numbers = np.random.default_rng(count).normal(size=count)
    expected = 1.0
    for number in numbers:
        expected *= number
    found = flow.compile().forward({}, {f"a{k}": [a] for k, a in enumerate(numbers)})
    assert found["f"][0] == expected


def softmaxes(n: int) -> str:
    return f"input {each('x#', n)}\ntarget y\noutput f\nweight w[{n}]\nf = w@softmax([{each('x#', n)}])\nloss mse(f, y)\n"


def vector(n: int) -> str:
    return f"input x[{n}]\ntarget y\noutput f\nweight w[{n}]\nf = product(w*x)\nloss mse(f, y)\n"


@pytest.mark.parametrize("shape", [listed, softmaxes, vector])
def test_work_of_a_trace_is_linear(
    shape: Callable[[int], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counted in calls of functions, Python's own among them."""
    counts = []
    for n in (FEW // 4, FEW, TIMES * FEW):  # the first imports what is needed
        path = tmp_path / "many.flow"
        path.write_text(shape(n))
        inputs = [node for node in flowc.load(path).network.nodes if node.role == "input"]
        words = [f"{node.name}={','.join(['0.9'] * prod(node.shape))}" for node in inputs]
        with counted() as calls:
            status, _, said = in_process(capsys, "trace", path, *words, "y=1")
        assert status == 0, said
        counts.append(calls[0])
    assert counts[2] < MOST * counts[1]


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many functions are called meanwhile."""
    calls = [0]

    def profile(frame: object, event: str, argument: object) -> None:
        calls[0] += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("style", ["nodes", "fast"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("count", "word"), [(1000, "np.eye(1000"), (1001, "np.arange(1001)")])
def test_no_matrix_is_made_for_the_largest_of_many(count: int, word: str, dtype: str, style: str) -> None:
    flow = flowc.loads(f"input x[{count}]\ntarget y\noutput f\nweight w[{count}] ~ 1\nf = max(w*x)\nloss mse(f, y)\n")
    net = flow.compile(dtype=dtype, style=style)
    assert word in net.source
    x = np.zeros((2, count))
    x[0, 7], x[1, [500, 900]] = 3, 2
    expected = np.zeros(count)
    expected[7], expected[500] = 3 * 3, 2 * 2  # the first of equals; (3 - 0)*3 of two tokens, 2*2
    found = net.gradients({"w": np.ones(count)}, {"x": x, "y": [0.0, 0.0]})["w"]
    assert found.dtype == dtype and found.tolist() == expected.tolist()
