"""Which lowering each shape gets: pinned, so that a change of the rules is seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import flowc
from flowc.graph.network import Network
from flowc.program.lowering import Lowering, Unsuitable, choose, depth, size

EXAMPLES = Path(__file__).parents[2] / "examples"
TORCH = ("auto", "dense", "sparse")
NO_MESH = ("auto", "dense")

MLP = """
input x[784]
target y[10]
node h1[256] : relu, h2[128] : relu
output p[10] : softmax
x -> h1 -> h2 -> p : ~
1 -> h1, h2, p : ~
loss cross_entropy(p, y)
"""


def wide(count: int) -> Network:
    """`count` tanh nodes on three inputs, all into one."""
    names = ", ".join(f"h{k}" for k in range(count))
    text = f"input a, b, c\nnode {names} : tanh\noutput f\na, b, c, 1 -> {names} : 0.5\n{names} -> f : 0.25\n"
    return flowc.loads(text).network


def example(name: str) -> Network:
    return flowc.load(EXAMPLES / f"{name}.flow").network


@pytest.mark.parametrize(
    ("network", "batch", "expected"),
    [
        (example("xor"), 1, "scalar"),
        (example("xor"), 4, "scalar"),
        (example("xor"), 1000, "chunked"),
        (example("xor"), None, "chunked"),
        (example("net232"), 1, "scalar"),
        (example("net232"), 128, "dense"),
        (flowc.loads(MLP).network, 1, "dense"),
        (flowc.loads(MLP).network, 4096, "dense"),
        (wide(4), 1000, "chunked"),
        (wide(40), 1, "scalar"),
        (wide(40), 128, "mesh"),
        (wide(4000), 1, "mesh"),
        (example("evolved"), 1, "scalar"),
        (example("evolved"), 128, "chunked"),
    ],
)
def test_fast(network: Network, batch: int | None, expected: str) -> None:
    assert choose(network, "fast", batch=batch).name == expected


def test_the_slides_style_is_a_line_for_each_node() -> None:
    assert choose(example("xor")) == choose(example("xor"), "nodes") == Lowering("nodes")
    assert choose(example("xor"), "layers") == Lowering("layers")


def test_one_can_be_forced() -> None:
    xor = example("xor")
    assert choose(xor, "fast", "dense") == Lowering("mesh", "dense")
    assert choose(xor, "fast", "sparse", batch=1) == Lowering("mesh", "sparse")
    assert choose(xor, "fast", "scalar").name == "scalar"
    assert choose(xor, "fast", "chunked", batch=1).name == "chunked"
    assert choose(flowc.loads(MLP).network, "fast", "sparse").name == "dense"  # nothing is drawn scalar by scalar


def test_a_backend_gets_what_it_can_print() -> None:
    assert choose(example("xor"), "fast", batch=1, able=TORCH).name == "dense"
    assert choose(wide(40), "fast", able=TORCH).name == "mesh"
    assert choose(wide(40), "fast", able=NO_MESH).name == "dense"


@pytest.mark.parametrize(
    ("style", "lower", "batch", "words"),
    [
        (None, "dense", None, "`--lower` goes with"),
        ("layers", None, 4, "`--batch` goes with"),
        ("layers", "scalar", None, "`--style layers` has matrices"),
    ],
)
def test_what_does_not_go_together(style: str | None, lower: str | None, batch: int | None, words: str) -> None:
    with pytest.raises(Unsuitable, match=re.escape(words)):
        choose(example("xor"), style, lower, batch)
    with pytest.raises(Unsuitable, match="no lowering `scalar`"):
        choose(example("xor"), "fast", "scalar", able=TORCH)


def test_sizes() -> None:
    assert size(example("xor")) == 9 and depth(example("xor")) == 2
    assert size(flowc.loads(MLP).network) == 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10


def test_sparse_layers_need_scalar_sums() -> None:
    """Else nothing is gathered, and a scalar target stays (n,)."""
    vectors = flowc.loads("input x[2]\ntarget y\noutput f\nweight w[2] ~\nf = w @ x + 1\nloss mse(f, y)\n").network
    assert choose(vectors, "layers", "sparse") == Lowering("layers")
    scalars = flowc.loads("input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n").network
    assert choose(scalars, "layers", "sparse") == Lowering("mesh", "sparse")
