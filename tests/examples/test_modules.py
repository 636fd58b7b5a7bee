"""The printed modules and chains of layers: the same values and gradients, and torch.optim learns with them."""

import numpy as np
import pytest
import torch

from tests.examples.reference import reference
from tests.examples.test_values import arrays, close, executed, together
from tests.examples.variants import CHAINS, NAMES

ENDS_AT_EXCITATIONS = ("iris", "layers", "softmax")  # CrossEntropyLoss takes them


def module(name, dtype):
    """The file's one class, made, and a function from its parameters' names to the diagram's."""
    made = executed(name, "torch_module", dtype)
    (kind,) = [v for v in made.values() if isinstance(v, type) and issubclass(v, torch.nn.Module)]
    weights = reference(name).weights
    model = kind(dtype=getattr(torch, dtype)) if weights else kind()
    put(model, {weight: weight for weight in weights}, arrays(weights, "torch", dtype))
    return made, model


def put(model, names, weights):
    """The reference's weights into the model, which must have just these."""
    with torch.no_grad():
        parameters = dict(model.named_parameters())
        assert {names[key] for key in parameters} == set(weights)
        for key, parameter in parameters.items():
            parameter.copy_(weights[names[key]].reshape(parameter.shape))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", NAMES)
def test_modules_agree_with_the_interpreter(name, dtype):
    known = reference(name)
    made, model = module(name, dtype)
    inputs, targets = arrays(known.inputs, "torch", dtype), arrays(known.targets, "torch", dtype)
    for found, wanted in zip(together(model(**inputs)), known.outputs.values(), strict=True):
        close(found, wanted, dtype)
    if known.gradients:
        loss = model.loss(**inputs, **targets)
        loss.backward()
        close(loss, known.loss, dtype)
        for weight, wanted in known.gradients.items():
            close(getattr(model, weight).grad, wanted, dtype)
        learn_once(made, model, inputs | targets, known, {weight: weight for weight in known.weights})


def learn_once(made, model, samples, known, names):
    """The file's `learn`, with plain gradient descent."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = made["learn"](optimizer, **samples) if "model" in made else made["learn"](model, optimizer, **samples)
    dtype = str(loss.dtype).removeprefix("torch.")
    close(loss, known.loss, dtype)
    for key, parameter in model.named_parameters():
        weight = names[key]
        wanted = known.weights[weight] - 0.1 * known.gradients[weight]
        close(parameter.detach().reshape(np.shape(wanted)), wanted, dtype)


@pytest.mark.parametrize("name", NAMES)
def test_torch_compiles_modules_without_a_break(name):
    known = reference(name)
    _, model = module(name, "float64")
    torch._dynamo.reset()
    compiled = torch.compile(model, fullgraph=True, backend="eager")
    outputs = together(compiled(**arrays(known.inputs, "torch", "float64")))
    for found, wanted in zip(outputs, known.outputs.values(), strict=True):
        close(found, wanted, "float64")


@pytest.mark.parametrize("name", CHAINS)
def test_chains_agree_with_the_interpreter(name):
    known = reference(name)
    made = dict(executed(name, "torch_sequential", "float64"))
    model = made["model"].double()
    put(model, made["NAMES"], arrays(known.weights, "torch", "float64"))
    samples = arrays(known.inputs | known.targets, "torch", "float64")
    (output,) = known.outputs.values()
    found = model(*arrays(known.inputs, "torch", "float64").values())
    close(torch.softmax(found, dim=-1) if name in ENDS_AT_EXCITATIONS else found, output, "float64")
    learn_once(made, model, samples, known, made["NAMES"])


def test_chains_are_made_of_standard_layers_alone():
    for name in CHAINS:
        model = executed(name, "torch_sequential", "float64")["model"]
        assert type(model) is torch.nn.Sequential
        assert all(type(layer).__module__.startswith("torch.nn.modules") for layer in model)
