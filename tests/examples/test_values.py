"""The printed files executed: they agree with the interpreter, with finite differences and with one another."""

from functools import cache

import numpy as np
import pytest
import torch

import flowc
from tests.examples.reference import loss_at, reference
from tests.examples.variants import EXAMPLES, FUNCTIONS, NAMES, VARIANTS, source

BY_FUNCTIONS = [(name, form) for name, form in VARIANTS if form in FUNCTIONS]
LEARNING = [name for name in NAMES if reference(name).gradients]
TOLERANCE = {"float64": 1e-12, "float32": 2e-5}  # of the largest number of its kind


def over(pairs):
    return pytest.mark.parametrize("name, form", pairs, ids=[f"{name}-{form}" for name, form in pairs])


@cache
def executed(name, form, dtype):
    text = source(name, form, "--dtype", dtype)
    made = {"__name__": "made"}
    exec(compile(text, f"{name}_{form}.py", "exec"), made)
    return made


def arrays(values, form, dtype):
    if form.startswith("torch"):
        return {name: torch.tensor(np.array(value), dtype=getattr(torch, dtype)) for name, value in values.items()}
    return {name: np.array(value, dtype) for name, value in values.items()}


def close(found, wanted, dtype):
    found = np.asarray(found.detach() if isinstance(found, torch.Tensor) else found, float)
    scale = max(1.0, float(np.abs(wanted).max()))
    assert found.shape == np.shape(wanted)
    assert np.abs(found - wanted).max() <= TOLERANCE[dtype] * scale


def together(values):
    return values if isinstance(values, tuple) else (values,)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@over(BY_FUNCTIONS)
def test_functions_agree_with_the_interpreter(name, form, dtype):
    known, made = reference(name), executed(name, form, dtype)
    inputs, weights = arrays(known.inputs, form, dtype), arrays(known.weights, form, dtype)
    outputs = together(made["forward"](**inputs, **weights))
    for found, wanted in zip(outputs, known.outputs.values(), strict=True):
        close(found, wanted, dtype)
    if known.gradients:
        loss, slopes = made["gradients"](**inputs, **arrays(known.targets, form, dtype), **weights)
        close(loss, known.loss, dtype)
        assert set(slopes) == set(known.gradients)
        for weight, wanted in known.gradients.items():
            close(slopes[weight], wanted, dtype)


@pytest.mark.parametrize("name", LEARNING)
def test_gradients_agree_with_finite_differences(name):
    known = reference(name)
    for weight, value in known.weights.items():
        for place in np.ndindex(value.shape):
            moved = []
            for step in (1e-5, -1e-5):
                other = np.array(value)
                other[place] += step
                moved.append(loss_at(name, known.weights | {weight: other}))
            slope = (moved[0] - moved[1]) / 2e-5
            assert abs(known.gradients[weight][place] - slope) <= 1e-6 * max(1.0, abs(known.loss), abs(slope))


@over([(name, form) for name, form in BY_FUNCTIONS if name in LEARNING])
def test_learn_is_one_step_downhill(name, form):
    known, made = reference(name), executed(name, form, "float64")
    rate = flowc.load(EXAMPLES / f"{name}.flow").network.train
    rate = rate.setting("rate", 0.1) if rate else 0.1
    samples = arrays(known.inputs | known.targets, form, "float64")
    loss, after = made["learn"](arrays(known.weights, form, "float64"), **samples)
    close(loss, known.loss, "float64")
    for weight, value in known.weights.items():
        close(after[weight], value - rate * known.gradients[weight], "float64")


@over([(name, form) for name, form in BY_FUNCTIONS if name in LEARNING])
def test_the_initial_weights_are_those_of_the_api(name, form):
    net = flowc.load(EXAMPLES / f"{name}.flow").compile(backend="numpy", dtype="float64")
    made = executed(name, form, "float64")
    for seed in (0, 7):
        wanted = net.init(seed=seed)
        found = made["initial_weights"](seed)
        assert list(found) == list(wanted)
        for weight, value in wanted.items():
            assert np.array_equal(np.asarray(found[weight]), value)


@pytest.mark.parametrize("name", NAMES)
def test_torch_compiles_without_a_break(name):
    known, made = reference(name), executed(name, "torch_explicit", "float64")
    weights = arrays(known.weights, "torch", "float64")
    inputs = arrays(known.inputs, "torch", "float64")
    torch._dynamo.reset()
    forward = torch.compile(made["forward"], fullgraph=True, backend="eager")
    for found, wanted in zip(together(forward(**inputs, **weights)), known.outputs.values(), strict=True):
        close(found, wanted, "float64")
    if known.gradients:
        gradients = torch.compile(made["gradients"], fullgraph=True, backend="eager")
        loss, slopes = gradients(**inputs, **arrays(known.targets, "torch", "float64"), **weights)
        close(loss, known.loss, "float64")
        for weight, wanted in known.gradients.items():
            close(slopes[weight], wanted, "float64")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("form", FUNCTIONS)
@pytest.mark.parametrize("name", ["xor", "xor_arrows"])
def test_the_table_of_xor_is_exact(name, form, dtype):
    x = arrays({"x1": [0, 0, 1, 1], "x2": [0, 1, 0, 1]}, form, dtype)
    assert executed(name, form, dtype)["forward"](**x).tolist() == [0.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", NAMES)
def test_the_api_agrees_with_the_interpreter(name, backend):
    known = reference(name)
    net = flowc.load(EXAMPLES / f"{name}.flow").compile(backend=backend, dtype="float64")
    values = net.forward(known.weights, known.inputs)
    for output, wanted in known.outputs.items():
        close(values[output], wanted, "float64")
    if known.gradients:
        data = known.inputs | known.targets
        close(net.loss(known.weights, data), known.loss, "float64")
        slopes = net.gradients(known.weights, data)
        for weight, wanted in known.gradients.items():
            close(slopes[weight], wanted, "float64")


def test_the_sum_and_the_mean_take_the_same_steps():
    rates = {
        name: flowc.load(EXAMPLES / f"{name}.flow").network.train.setting("rate", 0) for name in ("sine", "sine_mse")
    }
    x = np.linspace(-np.pi, np.pi, 2000)
    data, steps = {"x": x, "y": np.sin(x)}, {}
    for name, rate in rates.items():
        net = flowc.load(EXAMPLES / f"{name}.flow").compile(backend="numpy")
        weights = net.init(seed=0)
        for _ in range(3):
            slopes = net.gradients(weights, data)
            weights = {w: weights[w] - rate * slopes[w] for w in weights}
        steps[name] = weights
    for weight, value in steps["sine"].items():
        assert abs(value - steps["sine_mse"][weight]) <= 1e-12 * max(1.0, abs(float(value)))
