"""torch that learns: as plain functions of tensors, as a module, or as a chain of layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flowc.backends.code.build import Group
from flowc.backends.code.tree import Expression
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.training.loop import Loop
from flowc.backends.python.training.script import Script
from flowc.backends.python.weights import stream_functions
from flowc.backends.torch import sequential
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.module import class_sections
from flowc.backends.torch.shared import ARRAY, Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.train_model import LayerLoop, ModuleLoop
from flowc.backends.torch.train_tensors import TensorLoop, TrackedLoop


def train_functions(script: Script, spelling: TorchSpelling) -> str:
    """Raises Refused."""
    library, fixed = TorchLibrary(spelling.dtype), Fixed(script)
    loop = (TensorLoop if script.explicit else TrackedLoop)(script, spelling, library, fixed)
    return _script_around(loop, dict, library.shape_draws(), {":constants": fixed.module_constants()})


def train_module(script: Script, spelling: TorchSpelling) -> str:
    """The class, and a loop that makes one of it. Raises Refused."""
    loop = ModuleLoop(script, spelling, TorchLibrary(spelling.dtype, doubled=True))
    return _script_around(loop, lambda: class_sections(script, spelling, loop.name), ARRAY)


def train_sequential(script: Script, spelling: TorchSpelling) -> str:
    """The chain of layers, made when the file is read, and a loop that teaches it. Raises Refused."""
    layers = sequential.find_chain(script.network)
    loss = sequential.loss_of(script.network, layers)
    assert loss is not None
    loop = LayerLoop(script, spelling, TorchLibrary(spelling.dtype, doubled=True), layers[-1].node, loss)
    return _script_around(loop, lambda: sequential.model_sections(script, layers, loss, script.plan.seed), ARRAY)


def _script_around(
    loop: Loop, model_sections: Callable[[], Mapping[str, Group]], array: Expression, constants: Mapping[str, Group] = MappingProxyType({})
) -> str:
    """`model_sections` print the model once the data have what they call; `array`: of drawn numbers."""
    script, train = loop.script, loop.train_function()
    model = model_sections()
    helpers = {name: code for name, code in helpers_in_order(loop.spelling).items() if name not in model}
    return loop.print_script(train, {**constants, **stream_functions(script.drawn_distributions, array), **model, **helpers})
