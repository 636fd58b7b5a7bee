"""The numbers of a trace are the net's, on every backend; its formulas give them; so do nodes without a name."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import flowc
from flowc.learning.trace.formula import Number, Quantity, evaluate, size_of_terms
from flowc.learning.trace.text import as_text
from flowc.nets.verifying.numbers import some_inputs
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples
from tests.learning.tracing import number, traced

EXAMPLES = {
    "xor.flow": {"x1": 1, "x2": 0},
    "net232.flow": {"x": [0.5, -1], "y": [1, 0]},
    "worked_example.flow": {"i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99},
    "softmax.flow": {"x": [2, 1], "y": [0, 0, 1]},
    "layers.flow": {"x": [0.3, -1.2, 0.7, 2], "y": [0, 1]},
    "autoencoder.flow": {"x": [0, 1, 0, 0]},
    "perceptron.flow": {"x": [0.5, -2], "y": [0] * 7 + [1] + [0] * 12},
    "skip.flow": {"x": [1, -1, 0.5]},
    "sine.flow": {"x": 0.7, "y": 0.6442},
    "activations.flow": {"x": -0.7},
    "evolved.flow": {"x1": 1, "x2": 0, "x3": 1, "y": 0},
}


def known(trace, leaf):
    return leaf.value if isinstance(leaf, Number) else trace.numbers[leaf]


def assert_formulas(trace):
    """Every formula gives the number of its line, but for rounding: of what cancelled on the way to it, too."""
    sizes = {}
    for line in trace.lines():
        if line.formula is not None:
            value = evaluate(line.formula, lambda leaf: known(trace, leaf))
            plain = size_of_terms(line.formula, lambda leaf: known(trace, leaf))
            before = size_of_terms(line.formula, lambda leaf: sizes.get(leaf, abs(known(trace, leaf))))
            sizes[line.left] = max(plain, before)
            allowed = 1e-13 * (sizes[line.left] + abs(value)) + 1e-300
            assert abs(value - trace.numbers[line.left]) <= allowed, trace.names.name_of(line.left)


def assert_net(trace, net, weights, batch):
    """Every number with a name of the API is the net's own."""
    values = net.forward(weights, batch)
    gradients = {}
    if any(section.name == "backward" for section in trace.sections):
        gradients = net.gradients(weights, batch, wrt=[n for n in values if n not in net.targets])
        gradients = {n: g[0] for n, g in gradients.items()} | net.gradients(weights, batch)
    count = 0
    for q, value in trace.numbers.items():
        if isinstance(q, Quantity) and q.kind == "" and q.name in values:
            assert value == float(values[q.name][0][q.index])
            count += 1
        if isinstance(q, Quantity) and q.kind == "d" and q.name in gradients:
            assert value == float(gradients[q.name][q.index])
            count += 1
    return count


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("path", EXAMPLES)
def test_examples(path, backend):
    flow = flowc.load(f"examples/{path}")
    trace = traced(flow, EXAMPLES[path], backend=backend)
    net = flow.compile(backend, dtype="float64")
    batch = {name: np.array(x, float)[None] for name, x in EXAMPLES[path].items()}
    assert assert_net(trace, net, net.init(), batch) > 5
    assert_formulas(trace)


@pytest.mark.parametrize("path", EXAMPLES)
def test_backends_print_the_same(path):
    flow = flowc.load(f"examples/{path}")
    one, other = (as_text(traced(flow, EXAMPLES[path], backend=backend)) for backend in ("numpy", "torch"))
    assert one == other


@examples(25)
@given(diagrams(), st.integers(0, 2**32 - 1))
def test_random_diagrams(diagram, seed):
    try:
        trace = traced(flowc.loads(diagram.text), some_inputs(diagram, seed, 1), seed=seed)
    except FloatingPointError:
        assume(False)
    assert_formulas(trace)


def test_the_loss_after_the_step_is_that_of_the_new_weights():
    flow = flowc.load("examples/net232.flow")
    trace = traced(flow, EXAMPLES["net232.flow"], rate=0.25)
    net = flow.compile("numpy")
    weights, batch = net.init(), {name: np.array(x)[None] for name, x in EXAMPLES["net232.flow"].items()}
    slopes = net.gradients(weights, batch)
    after = {name: w - 0.25 * slopes[name] for name, w in weights.items()}
    assert number(trace, "loss'") == net.loss(after, batch) < number(trace, "loss")
    assert number(trace, "W_f_h[2,3]'") == after["W_f_h"][1, 2]
    assert trace.rate == 0.25 and trace.rate_from == "the command line's"


def test_large_excitations_are_shifted_so_that_nothing_overflows():
    text = "input x[3]\ntarget y[3]\noutput p[3] : softmax\nx[i] -> p[i] : w[i]\nweight w[3] ~ 1\nloss cross_entropy(p, y)\n"
    trace = traced(text, {"x": [1000, 1001, -1000], "y": [1, 0, 0]})
    assert_formulas(trace)
    assert [number(trace, f"e_p[{k}]") for k in (1, 2, 3)] == pytest.approx([np.exp(-1), 1, 0])
    assert number(trace, "loss") == pytest.approx(np.log1p(np.e), rel=1e-12)


def test_a_probability_of_0_needs_the_excitations_for_its_loss():
    text = "input x[2]\ntarget y[2]\noutput p[2] : softmax\nx[i] -> p[i] : w[i]\nweight w[2] ~ 1\nloss cross_entropy(p, y)\n"
    trace = traced(text, {"x": [0, 1000], "y": [1, 0]})
    assert number(trace, "p[1]") == 0 and number(trace, "loss") == 1000
    assert_formulas(trace)


def test_numbers_so_small_that_they_have_hardly_a_digit():
    """The signal of a long chain fades below what a float holds with all its digits."""
    count = 400
    nodes = "".join(f"h{k} = 0.13*h{k - 1}\n" for k in range(1, count))
    text = f"input h0\ntarget y\noutput f\nweight w ~ 1\n{nodes}f = w*h{count - 1}\nloss mse(f, y)\n"
    trace = traced(text, {"h0": 0.37, "y": 0.41})
    assert 0 < number(trace, "h362") < 1e-320 and number(trace, "f") == 0
    assert_formulas(trace)
    as_text(trace)


@pytest.mark.parametrize("function, value", [("max", 2), ("product", 1)])
def test_a_function_of_very_many(function, value):
    trace = traced(f"input x\noutput f\nf = {function}({'x, ' * 100}2*x - {2 - value}*x)\n", {"x": 1})
    assert number(trace, "f") == value
    assert_formulas(trace)
