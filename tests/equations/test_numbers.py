"""The equations as they are printed, computed: they give the numbers of the code that is printed, and of autograd."""

import re
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.program.notation import Notation
from tests.equations.calculator import Calculator, Names

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
FORMS = ("nodes", "layers", "augmented", "indexed")


def arrays(notation, network):
    """The arrays that equations name: shape, and how an element of it is spelled."""
    found = {}
    for node in network.nodes:
        kind = "loss" if node.role == "loss" else "node"
        found[kind, node.name] = node.shape, lambda at, n=node.name: notation.node(n, at).text
        if node.role in ("hidden", "output"):
            found["xi", node.name] = node.shape, lambda at, n=node.name: notation.excitation(n, at).text
            found["delta", node.name] = node.shape, lambda at, n=node.name: notation.delta(n, at).text
    for weight in network.weights:
        found["weight", weight.name] = weight.shape, lambda at, n=weight.name: notation.weight(n, at).text
    return found


def drawn(network, tokens, seed=0):
    """Inputs and targets of so many tokens; targets of classes are one-hot."""
    rng = np.random.default_rng(seed)
    data = {}
    for node in network.nodes:
        if node.role in ("input", "target"):
            data[node.name] = rng.normal(size=(tokens, *node.shape))
        if node.role == "target" and re.search(r"cross_entropy|perceptron", network.source.text):
            data[node.name] = one_hot(rng, tokens, node.shape)
    return data


def one_hot(rng, tokens, shape):
    """Truths; of a vector one that is true."""
    if not shape:
        return rng.integers(0, 2, tokens).astype(float)
    return np.eye(shape[-1])[rng.integers(shape[-1], size=(tokens, *shape[:-1]))]


def weights_of(network, net, seed=0):
    rng = np.random.default_rng(seed + 1)
    return {name: w + rng.normal(size=w.shape) for name, w in net.init().items()}


def computed(flow, net, form, tokens):
    network = flow.network
    data, weights = drawn(network, tokens), weights_of(network, net)
    from flowc.nets.initial_weights import start

    fixed = {w.name: start(w, 0) for w in network.weights if not w.learnt}
    values = {("weight", name): w for name, w in {**fixed, **weights}.items()}
    values |= {("node", name): array for name, array in data.items()}
    text = flow.equations("text", form, tokens="one" if tokens == 1 else "all", whole=True)
    names = Names(Notation(network), network, arrays)
    return Calculator(text, names, values, tokens), data, weights


@pytest.mark.parametrize("tokens", [1, 3])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_printed_equations_give_the_numbers_of_the_code(path, form, tokens):
    flow = flowc.load(path)
    net = flow.compile("numpy")
    found, data, weights = computed(flow, net, form, tokens)
    forward = net.forward(weights, data)
    for node in flow.network.nodes:
        if node.role in ("hidden", "output") and not node.anonymous:
            np.testing.assert_allclose(node_of(found, node), forward[node.name], rtol=1e-9, err_msg=node.name)
    if flow.network.loss is None:
        return
    loss = net.loss(weights, data)
    np.testing.assert_allclose(found.losses, [loss] * len(found.losses), rtol=1e-9)
    for name, gradient in flow.compile("torch", dtype="float64").gradients(weights, data).items():
        np.testing.assert_allclose(gradient_of(found, name), gradient, rtol=1e-9, atol=1e-12, err_msg=name)


def node_of(found, node):
    """A node's values, perhaps from the layer that it is in."""
    if ("node", node.name) in found.values:
        return found.values["node", node.name]
    key, (place,) = next(
        found.names[e] for rows in found.gathered.values() for (e, *_) in rows if e in names_of(found, node)
    )
    return found.values[key][:, place]


def names_of(found, node):
    return {node.name, node.name[:-1] + "₀₁₂₃₄₅₆₇₈₉"[int(node.name[-1])] if node.name[-1].isdigit() else node.name}


def gradient_of(found, name):
    """∂L/∂w, perhaps from that of the matrix that w is in."""
    if ("d", "weight", name) in found.values:
        return found.values["d", "weight", name][0]
    for matrix, rows in found.gathered.items():
        for j, row in enumerate(rows):
            for k, entry in enumerate(row):
                if found.names.get(entry) == (("weight", name), ()):
                    gradient = found.values["d", "weight", matrix][0]
                    return gradient[j, k] if gradient.ndim == 2 else gradient[j]
    raise AssertionError(f"no gradient of {name}")


LEARNING = [p for p in EXAMPLES if "loss" in p.read_text()]


@pytest.mark.parametrize("tokens", [1, 3])
@pytest.mark.parametrize("path", LEARNING, ids=lambda p: p.stem)
def test_the_printed_update_is_a_step_downhill(path, tokens):
    """Also the three cases of the perceptron, which say nothing of a gradient."""
    flow = flowc.load(path)
    net = flow.compile("numpy")
    found, data, weights = computed(flow, net, None, tokens)
    gradients = net.gradients(weights, data)
    assert found.updates
    for left in found.updates:
        if left == "w":  # any weight
            continue
        (_, name), _ = found.names[left]
        expected = weights[name] - 0.3 * gradients[name]
        np.testing.assert_allclose(found.updated(left, 0.3), expected, rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize(
    "right, wrong", [("h ⊙ (1 − h)", "h ⊙ (1 + h)"), ("δ⁽ᶠ⁾ hᵀ", "δ⁽ᶠ⁾ (2 h)ᵀ"), ("(f − y)/n", "(f − y)/2")]
)
def test_a_wrong_formula_is_noticed(right, wrong):
    flow = flowc.load(EXAMPLES[0].with_name("net232.flow"))
    net = flow.compile()
    data, weights = drawn(flow.network, 3), weights_of(flow.network, net)
    values = {("weight", n): w for n, w in weights.items()} | {("node", n): array for n, array in data.items()}
    text = flow.equations("text")
    assert right in text
    names = Names(Notation(flow.network), flow.network, arrays)
    found = Calculator(text.replace(right, wrong), names, values, 3)
    gradients = net.gradients(weights, data)
    assert not all(np.allclose(found.values["d", "weight", n][0], g) for n, g in gradients.items())
