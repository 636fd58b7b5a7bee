"""Meshes mean what the diagram means: the same values and gradients, whatever their levels are made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc import pipeline
from flowc.graph.network import Network
from flowc.nets.initial_weights import start
from flowc.program.ir import Program
from flowc.program.lowering import Lowering, gathered
from flowc.program.mesh.pack import places_by_weight
from flowc.program.ops import MeshValues
from flowc.program.run import run

EXAMPLES = Path(__file__).parents[2] / "examples"

# Two meshes with a product between them, skips, shared and fixed weights, a threshold, vectors beside the scalars.
MIXED = """
input a, b, c, x[3]
target t, s
node h1, h2 : tanh, h3 : sin, h4 : logistic
output p, q : logistic, z[3] : relu, r
weight w1 ~ 0.3, w2 ~ -0.2, k = 0.7

a, b, c -> h1 : ~
a, b, 1 -> h2 : w1
h1 -> h3 : w2
h2, x[2] -> h3 : -1.5
1 -> h3 : ~
h1, h2, h3 -> h4 : ~
m = h4*h3
h4, m -> p : ~
1 -> p : k
p, h1 -> q : 2*w1
x, h4 -> z : ~
r = step(h1 + h2 - q) + 2*softplus(m)
loss binary_cross_entropy(q, t) + mse(p, s) + 0.01*w1^2
"""

# Without a threshold, so that every level may be a matrix.
SMOOTH = """
input a, b
target y
node g1 : tanh, g2 : logistic, g3 : relu, h1 : cos, h2 : leaky_relu(0.1), h3 : leaky_relu(0.3)
output f

a, b, 1 -> g1, g2, g3 : ~
g1, g2, a -> h1 : ~ 0.4
g2, g3, 1 -> h2 : -0.7
g1, g2, g3 -> h3 : ~ 1
f = 2*h1 + h2*h3 + 0.25*(h3 + g1)
loss mse(f, y)
"""


def given(network: Network, program: Program, tokens: int = 5) -> dict:
    rng = np.random.default_rng(0)
    values = {s: rng.normal(size=(tokens, *s.type.shape)) for s in (*program.inputs, *program.targets)}
    weights = {w.name: w for w in network.weights}
    return values | {s: start(weights[s.owner], seed=1) for s in program.weights}


def diagrams() -> list[tuple[str, str]]:
    found = [(path.stem, path.read_text()) for path in sorted(EXAMPLES.glob("*.flow"))]
    return [("mixed", MIXED), ("smooth", SMOOTH), *found]


@pytest.mark.parametrize("matrices", ["auto", "dense", "sparse"])
@pytest.mark.parametrize(("name", "text"), diagrams(), ids=[name for name, _ in diagrams()])
def test_same_values_and_gradients(name: str, text: str, matrices: str) -> None:
    network = flowc.loads(text, EXAMPLES / f"{name}.flow").network
    if not gathered(network):
        pytest.skip("nothing to gather")
    plain = pipeline.plan(network)
    meshed = pipeline.forward(network, Lowering("mesh", matrices))
    if meshed.loss is not None:
        learnt = tuple(s for s in meshed.weights if s in plain.gradients)
        meshed = pipeline.slopes(meshed, meshed.loss, learnt)
    values = given(network, plain)
    expected, found = run(plain, values), run(meshed, values)
    for node, symbol in plain.activations.items():
        part = meshed.parts.get(node)
        value = found[meshed.activations[node]] if part is None else found[part.mesh][:, part.place]
        np.testing.assert_allclose(value, expected[symbol], rtol=1e-13, atol=1e-14, err_msg=node)
    for weight, gradient in plain.gradients.items():
        np.testing.assert_allclose(
            found[meshed.gradients[weight]], expected[gradient], rtol=1e-11, atol=1e-13, err_msg=weight.owner
        )


def levels(text: str, matrices: str) -> list[str]:
    program = pipeline.forward(flowc.loads(text).network, Lowering("mesh", matrices))
    return [level.how for step in program.steps if isinstance(step.op, MeshValues) for level in step.op.mesh.levels]


def test_levels_are_what_was_asked_for() -> None:
    assert set(levels(SMOOTH, "dense")) == {"dense"}
    assert set(levels(SMOOTH, "sparse")) == {"sparse"}


def test_before_a_threshold_the_order_is_kept() -> None:
    found = levels(MIXED, "dense")
    assert "ordered" in found and "dense" in found


def test_thresholds_do_not_flip() -> None:
    """0.1 + 0.2 - 0.3 is positive in one order and more so in another; 0.3 - 0.2 - 0.1 is negative."""
    text = """
    input a, b, c
    output f, g
    f = step(a + b - c)
    g = step(-0.3 + a + b)
    """
    network = flowc.loads(text).network
    rng = np.random.default_rng(0)
    tenths = rng.integers(-9, 10, size=(400, 3)) / 10
    plain = pipeline.forward(network)
    meshed = pipeline.forward(network, Lowering("mesh", "dense"))
    values = dict(zip(plain.inputs, tenths.T, strict=True))
    expected, found = run(plain, values), run(meshed, values)
    for ours, theirs in zip(meshed.outputs, plain.outputs, strict=True):
        assert np.array_equal(found[ours], expected[theirs])


@pytest.mark.parametrize("matrices", ["dense", "sparse"])
def test_gradients_of_an_excitation_reach_what_comes_from_outside(matrices: str) -> None:
    network = flowc.loads(SMOOTH).network
    plain, meshed = pipeline.forward(network), pipeline.forward(network, Lowering("mesh", matrices))
    values = given(network, plain)
    for name in plain.excitations:
        slopes = []
        for program in (plain, meshed):
            made = pipeline.slopes(program, program.excitations[name], (*program.inputs, *program.weights))
            known = run(made, values)
            slopes.append([known[made.gradients[s]] for s in (*program.inputs, *program.weights)])
        for ours, theirs in zip(*reversed(slopes), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14, err_msg=name)


def test_a_file_has_every_learnt_weight() -> None:
    """Also one that no arrow carries; its gradient is 0."""
    text = "input x\ntarget y\noutput f : tanh\nweight u[2] ~ 0.5\nx -> f : w ~\nloss mse(f, y)\n"
    program = pipeline.plan(flowc.loads(text).network, Lowering("mesh", "sparse"))
    assert [w.name for w in program.records] == ["w_", "u"]


def test_the_gradient_of_an_excitation_for_itself_is_one() -> None:
    """Also of one that a loss asks for, which is a value of the mesh itself."""
    text = "input x\ntarget y\noutput f : logistic\nx -> f : w ~\nloss binary_cross_entropy(f, y)\n"
    net = flowc.loads(text).compile(style="fast", lower="sparse")
    found = net.gradients({"w": 0.5}, {"x": [1.0, 2.0], "y": [0, 1]}, of="xi_f", wrt=["xi_f", "x", "f"])
    assert {name: d.tolist() for name, d in found.items()} == {"xi_f": [1, 1], "x": [0.5, 0.5], "f": [0, 0]}


def test_places_by_weight():
    """Each weight once, its lines in their order; lines without a weight (-1) are nobody's."""
    places = {k: lines.tolist() for k, lines in places_by_weight(np.array([2, -1, 0, 2, -1, 0, 5]))}
    assert places == {0: [2, 5], 2: [0, 3], 5: [6]}
    assert not list(places_by_weight(np.array([-1, -1])))
    assert not list(places_by_weight(np.array([], int)))
