"""A printed file in each of its forms, executed: functions, a module of torch, a chain of layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from flowc.backends.torch.sequential import FROM_EXCITATION
from flowc.nets.net import Net
from flowc.nets.verifying.printed import CHUNK, File, as_array
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.results import Results, outputs_of

Array = np.ndarray


def file_of(net: Net, reference: Reference, chunk: int = CHUNK) -> File:
    """The file of a net, in whatever form it has."""
    forms = {"module": ModuleFile, "sequential": SequentialFile}
    return forms.get(net._options.form or "", File)(net, reference, chunk)


class ModuleFile(File):
    """A class of torch, whose parameters are the weights in their order."""

    @cached_property
    def model(self) -> Any:
        torch = self.torch
        (kind,) = [v for v in self.module.values() if isinstance(v, type) and issubclass(v, torch.nn.Module)]
        return kind(dtype=getattr(torch, self.dtype))

    @property
    def names(self) -> Mapping[str, str]:
        """The weight, as the file calls it, of each parameter."""
        return dict(zip(dict(self.model.named_parameters()), self.weight_names, strict=True))

    def results(self) -> Results:
        self.put(self.weights(self.reference.learnt))
        self.model.zero_grad()
        inputs = self.token_samples(self.program.inputs)
        with self.torch.no_grad():
            results = self.of_outputs(self.model(*inputs))
        if self.program.loss is not None:
            loss = self.loss(inputs, self.token_samples(self.program.targets))
            results["loss", self.program.loss.owner] = as_array(loss)
            if getattr(loss, "requires_grad", False):  # a loss that is a number alone is printed as that
                loss.backward()
                results |= {("gradient", name): d for name, d in self.by_name(self.slopes()).items()}
        return results

    def loss(self, inputs: Sequence[Any], targets: Sequence[Any]) -> Any:
        return self.model.loss(*inputs, *targets)

    def of_outputs(self, outputs: Any) -> Results:
        return self.outputs(outputs_of(outputs))

    def put(self, weights: Mapping[str, Any]) -> None:
        """Weights into the parameters, as a state that is loaded: of the diagram's names."""
        self.model.load_state_dict(dict(zip(self.reference.learnt, weights.values(), strict=True)))

    def slopes(self) -> dict[str, Any]:
        """The gradients by the file's names of the weights; a weight that none reaches has none, which is 0."""
        shapes = {name: np.shape(w) for name, w in self.weights(self.reference.learnt).items()}
        grads = {key: w.grad for key, w in self.model.named_parameters()}
        return {
            name: np.zeros(shapes[name]) if grads[key] is None else as_array(grads[key]).reshape(shapes[name])
            for key, name in self.names.items()
        }


class SequentialFile(ModuleFile):
    """A chain of layers, which ends at the excitation where the loss function takes that."""

    @cached_property
    def model(self) -> Any:
        return self.module["model"]

    @property
    def names(self) -> Mapping[str, str]:
        names: Mapping[str, str] = self.module["NAMES"]
        return names

    def put(self, weights: Mapping[str, Any]) -> None:
        shapes = {key: tuple(w.shape) for key, w in self.model.named_parameters()}
        self.model.load_state_dict({key: weights[name].reshape(shapes[key]) for key, name in self.names.items()})

    def loss(self, inputs: Sequence[Any], targets: Sequence[Any]) -> Any:
        return self.module["loss_function"](self.model(*inputs), *targets)

    def of_outputs(self, outputs: Any) -> Results:
        network = self.reference.network
        if network.loss and network.node(network.loss).function in FROM_EXCITATION:
            return {("excitation", self.program.outputs[0].owner): as_array(outputs)}
        return super().of_outputs(outputs)
