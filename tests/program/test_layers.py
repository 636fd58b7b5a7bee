"""Layers mean what the diagram means: scalar nodes as vectors, their arrows as matrices, and files that say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc import pipeline
from flowc.backends import find
from flowc.backends.backend import Options
from flowc.graph.network import Network
from flowc.program.exact_sums import inexact
from flowc.program.ir import Program
from flowc.program.lowering import Lowering, choose
from flowc.program.ops import Contract
from flowc.program.run import run
from tests.program.test_mesh import EXAMPLES, MIXED, SMOOTH, diagrams, given
from tests.scripts import as_script

LAYERS = Lowering("layers")

# A layer of each kind of source: one scalar, two products, a vector, an earlier layer, biases; a vector's weight too.
SOURCES = """
input x, v[4]
target y, z
node h1, h2, h3 : tanh, k1, k2 : logistic
output f : logistic, g : logistic
weight u[3] ~ 0.4

x, 1 -> h1, h2, h3 : ~
v[2] -> h2 : ~
v[4] -> h3 : -2*u[1]
m = h1*h2
n = h2*h3
m, n -> k1 : ~
n, h3 -> k2 : u[2]
k1, k2, x -> f : ~
k1, h1, 1 -> g : ~
loss binary_cross_entropy(f, y) + binary_cross_entropy(g, z)
train gd(rate=0.5, steps=10)
"""


def cases() -> list[tuple[str, str]]:
    return [*diagrams(), ("sources", SOURCES)]


def understood(name: str, text: str) -> Network:
    return flowc.loads(text, EXAMPLES / f"{name}.flow").network


@pytest.mark.parametrize(("name", "text"), cases(), ids=[name for name, _ in cases()])
def test_same_values_and_gradients(name: str, text: str) -> None:
    network = understood(name, text)
    plain, layered = pipeline.plan(network), pipeline.plan(network, LAYERS)
    values = given(network, plain)
    expected, found = run(plain, values), run(layered, values)
    assert layered.activations.keys() == plain.activations.keys()
    assert layered.excitations.keys() == plain.excitations.keys()
    for node, symbol in plain.activations.items():
        assert close(found[layered.activations[node]], expected[symbol]), node
    for node, symbol in plain.excitations.items():
        assert close(found[layered.excitations[node]], expected[symbol]), node
    for weight, gradient in plain.gradients.items():
        assert close(found[layered.gradients[weight]], expected[gradient]), weight.owner


def close(found: np.ndarray, expected: np.ndarray) -> bool:
    return np.allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("text", [MIXED, SMOOTH, SOURCES], ids=["mixed", "smooth", "sources"])
def test_gradients_of_nodes_and_excitations(text: str) -> None:
    network = understood("diagram", text)
    plain, layered = pipeline.forward(network), pipeline.forward(network, LAYERS)
    assert plain.loss is not None and layered.loss is not None
    values = given(network, plain)

    def slopes(program: Program, kind: str) -> list[np.ndarray]:
        some = {n: s for n, s in getattr(program, kind).items() if not s.anonymous}
        made = pipeline.slopes(program, program.loss, tuple(some.values()))  # type: ignore[arg-type]
        known = run(made, values)
        return [known[made.gradients[some[name]]] for name in sorted(some)]

    for kind in ("activations", "excitations"):
        for ours, theirs in zip(slopes(layered, kind), slopes(plain, kind), strict=True):
            assert close(ours, theirs)


def printed(name: str, text: str, backend: str = "numpy", **options: str) -> str:
    network = understood(name, text)
    return find(backend).emit(network, pipeline.plan(network, LAYERS), Options(style="layers", **options)).text


def example(name: str, backend: str = "numpy") -> str:
    return printed(name, (EXAMPLES / f"{name}.flow").read_text(), backend)


def test_the_worked_example_is_a_chain_of_matrices() -> None:
    text = example("worked_example")
    assert '''\
    i = np.stack([i1, i2], axis=-1)
    W_h_i = np.array([[w1, w2], [w3, w4]])
    b_h = np.array([b1, b1])
    xi_h = i @ W_h_i.T + b_h  # worked_example.flow:11
    h = logistic(xi_h)
    W_o_h = np.array([[w5, w6], [w7, w8]])
    b_o = np.array([b2, b2])
    xi_o = h @ W_o_h.T + b_o  # worked_example.flow:13
    o = logistic(xi_o)
    o1 = o[:, 0]  # worked_example.flow:13
    o2 = o[:, 1]  # worked_example.flow:14
    return o1, o2
''' in text  # fmt: skip
    assert "    d_W_h_i = d_xi_h.T @ i\n    d_w1 = d_W_h_i[0, 0]\n" in text
    assert "        W_h_i -= rate * d_W_h_i\n" in text


def test_in_torch_too() -> None:
    text = example("worked_example", "torch")
    assert "    W_h_i = torch.stack([w1, w2, w3, w4]).reshape(2, 2)\n" in text
    assert "    xi_h = i @ W_h_i.T + b_h" in text


def test_xor_has_exact_sums() -> None:
    assert '''\
    x = np.stack([x1, x2], axis=-1)
    W_h_x = np.array([[-1.0, -1.0], [1.0, 1.0]])
    b_h = np.array([0.5, -1.5])
    xi_h = x @ W_h_x.T + b_h  # xor.flow:7
    h = step(xi_h)  # h1: neither of them; h2: both of them
''' in example("xor")  # fmt: skip


STEPS = """
input a, b
output f, g
f = step(a + {weight}*b - 0.5)
g = step(a - b)
{data}
"""
TABLE = "data {{\n  a b | f g\n  1 {b} | 1 1\n}}"


@pytest.mark.parametrize(
    ("weight", "data", "gathers"),
    [
        ("2", TABLE.format(b="0.25"), True),
        ("0.3", TABLE.format(b="0.25"), False),  # f rounds, and a layer of g alone is none
        ("2", TABLE.format(b="0.1"), False),
        ("1000.5", TABLE.format(b="1000"), False),  # 1,000,500: single precision might round
        ("2", "", False),
    ],
)
def test_before_a_threshold_sums_must_be_exact(weight: str, data: str, gathers: bool) -> None:
    network = understood("steps", STEPS.format(weight=weight, data=data))
    assert ("f" not in inexact(network)) == gathers
    assert any(isinstance(s.op, Contract) for s in pipeline.forward(network, LAYERS).steps) == gathers


def names(text: str) -> list[str]:
    """What is made in `forward`, in order."""
    body = text[text.index("def forward") :].split("\n\n\n")[0]
    return [line.split(" = ")[0].strip() for line in body.splitlines() if " = " in line]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input a, b\nnode p, q : tanh\noutput f\na, b -> p, q : 2\nf = p*q", ["x", "W_layer1_x", "xi_layer1", "layer1"]),
        ("input a, b\nnode x1, x2\noutput f\na, b -> x1, x2 : 2\nf = x1*x2", ["x", "W_layer1_x", "layer1"]),
        ("input a, b\nnode x : tanh, h1, h2\noutput f\na, b -> h1, h2 : 2\nh1 -> x : 1\nf = x*h2", ["inputs", "W_h_inputs", "h"]),
        ("input a\nnode h1, h2\noutput f\na -> h1, h2 : 2\nf = h1*h2", ["w_h_a", "h"]),
        ("input a, b\nnode h1, h2\noutput f\na -> h1 : 2\nb -> h2 : 2\nf = h1*h2", ["h1", "h2"]),  # nothing in common
        ("input a, b\nnode h1, h2\noutput f\nweight u = 2\nh1 = a*u + 3*a + b\nh2 = b + a\nf = h1*h2", ["h1", "h2"]),  # like terms
    ],
)  # fmt: skip
def test_names(text: str, expected: list[str]) -> None:
    assert names(printed("names", text))[: len(expected)] == expected


def test_without_layers_the_order_is_that_of_the_text() -> None:
    network = understood("sine", (EXAMPLES / "sine.flow").read_text())
    assert pipeline.forward(network, LAYERS).steps == pipeline.forward(network).steps


def test_matrices_of_very_many_nodes_are_meshes(tmp_path: Path) -> None:
    rows = [f"a,n{k},1" for k in range(1000)] + [f"n{k},f,1" for k in range(1000)]
    (tmp_path / "edges.csv").write_text("\n".join(["source,target,weight", *rows]))
    (tmp_path / "nodes.csv").write_text("\n".join(["name,role,activation", *(f"n{k},hidden,tanh" for k in range(1000))]))
    text = 'input a\noutput f\nnodes "nodes.csv"\nedges "edges.csv"\n'
    network = flowc.loads(text, tmp_path / "many.flow").network
    assert choose(network, "layers") == Lowering("mesh")
    assert choose(network, "layers", "dense") == LAYERS


@pytest.mark.parametrize(("name", "text"), [("sources", SOURCES), ("mixed", MIXED)])
def test_single_precision_stays_so(name: str, text: str) -> None:
    space: dict = {"__name__": "made"}
    exec(printed(name, text, dtype="float32"), space)
    network = understood(name, text)
    rows = {s.owner: v.astype(np.float32) for s, v in given(network, pipeline.plan(network)).items() if s.kind in ("input", "target")}
    loss, slopes = space["gradients"](**rows, **space["initial_weights"]())
    assert np.asarray(loss).dtype == np.float32
    assert all(np.asarray(slope).dtype == np.float32 for slope in slopes.values())


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize(("name", "text"), [("sources", SOURCES), ("mixed", MIXED), ("smooth", SMOOTH)])
def test_the_files_test_themselves(name: str, text: str, backend: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.py"
    file.write_text(printed(name, text, backend))
    assert as_script(file, "--selftest") == "ok\n"


@pytest.mark.parametrize("name", ["xor", "xor_arrows", "worked_example"])
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_the_files_of_examples_run(name: str, backend: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.py"
    file.write_text(example(name, backend))
    assert as_script(file)


def test_nodes_by_name() -> None:
    net = flowc.load(EXAMPLES / "worked_example.flow").compile(style="layers")
    plain = flowc.load(EXAMPLES / "worked_example.flow").compile()
    data = {"i1": [0.05], "i2": [0.1], "t1": [0.01], "t2": [0.99]}
    weights = plain.init()
    assert np.allclose(net.forward(weights, data)["h1"], plain.forward(weights, data)["h1"])
    ours, theirs = (n.gradients(weights, data, wrt=["w1", "h1", "i1"]) for n in (net, plain))
    assert all(np.allclose(ours[name], theirs[name]) for name in ("w1", "h1", "i1"))


def test_nodes_that_are_parts_of_others_are_no_layer() -> None:
    """All that arrives at an input's element, or at some of them, is not all that arrives at the node."""
    text = "input x[4], z\nnode h[2], k\noutput f\nh = x[1..2]\nk = x[3]\nf = tanh(k) + sum(h) + 2*x[3] + x[1]*z\n"
    plain, layered = (flowc.loads(text).compile(style=style) for style in ("nodes", "layers"))
    data = {"x": [[0.1, 0.2, 0.3, 0.4]], "z": [0.5]}
    for of in ("f", "h"):
        ours, theirs = (net.gradients({}, data, of=of, wrt=["k", "h", "x"]) for net in (layered, plain))
        for name, value in theirs.items():
            np.testing.assert_array_equal(ours[name], value, err_msg=name)
