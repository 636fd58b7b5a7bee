"""A printed file, executed: what goes in and comes out has the names of the diagram, also where one array holds many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from flowc.backends.backend import as_bytes
from flowc.execution.python import execute
from flowc.graph.network import Weight
from flowc.nets.net import Net
from flowc.nets.verifying.reference import Key, Reference
from flowc.nets.verifying.results import Results, outputs_of
from flowc.program.ir import Program, Symbol
from flowc.program.mesh.mesh import Pack

Array = np.ndarray

CHUNK = 3  # tokens that a chunked file takes at a time, and lines that a mesh does


class File:
    """The file of a net, for the numbers of a reference."""

    def __init__(self, net: Net, reference: Reference, chunk: int = CHUNK):
        self.reference = reference
        self.options = net._options
        self.dtype = net.library.dtype
        self.torch: Any = import_module("torch") if net._backend.library == "torch" else None
        self.program: Program = net.plan
        self.module = _execute_file(net)
        self.module |= {"CHUNK": chunk} if "CHUNK" in self.module else {}
        self.records = [w for w in self.program.records or reference.network.weights if w.learnt]

    def results(self) -> Results:
        """The outputs; the loss and the gradients where there is something to learn."""
        weights = self.weights(self.reference.learnt)
        inputs = self.token_samples(self.program.inputs)
        results = self.outputs(self._run_forward(inputs, weights))
        if "gradients" in self.module:
            loss, slopes = self.module["gradients"](*inputs, *self.token_samples(self.program.targets), **weights)
            assert self.program.loss is not None
            results["loss", self.program.loss.owner] = as_array(loss)
            results |= {("gradient", name): d for name, d in self.by_name(slopes).items()}
        return results

    def _run_forward(self, inputs: list[Any], weights: Mapping[str, Any]) -> Sequence[Any]:
        """The outputs; where the file takes one token, of one after the other."""
        forward = self.module["forward"]
        if self.program.lowering != "scalar" or self.options.batch not in (None, 1):
            return outputs_of(forward(*inputs, **weights))
        tokens = zip(*inputs, strict=True) if inputs else [()]
        rows = [outputs_of(forward(*token, **weights)) for token in tokens]
        return [*zip(*rows, strict=True)]

    def token_samples(self, symbols: Sequence[Symbol]) -> list[Any]:
        """The tokens of inputs or targets."""
        return [self.make_array(self._tokens_of(s)) for s in symbols]

    def _tokens_of(self, symbol: Symbol) -> Array:
        arrays, names = self.reference.inputs, self._columns_of(symbol, symbol.kind)
        return np.stack([arrays[n] for n in names], axis=-1) if names else arrays[symbol.owner]

    def _columns_of(self, symbol: Symbol, role: str) -> Sequence[str]:
        """The scalars that are the columns of an array, which then stands before the others of its role."""
        first = {"input": self.program.inputs, "target": self.program.targets, "output": self.program.outputs}[role][0]
        return self.program.columns.get(role, ()) if symbol == first else ()

    def outputs(self, values: Sequence[Any]) -> Results:
        results: Results = {}
        for symbol, value in zip(self.program.outputs, map(as_array, values), strict=True):
            names = self._columns_of(symbol, "output")
            columns = zip(names, value.T, strict=True) if names else [(symbol.owner, value)]
            results |= {("node", name): column for name, column in columns}
        return results if self.program.inputs else {key: self._of_every_token(key, v) for key, v in results.items()}

    def _of_every_token(self, key: Key, value: Array) -> Array:
        """What a file without inputs computes once, for as many tokens as there are of the targets."""
        expected, _ = self.reference.expected_value(key)
        return np.broadcast_to(value, expected.shape) if value.shape == (1, *expected.shape[1:]) else value

    # -------------------------------------------------------------- weights

    def weights(self, learnt: Mapping[str, Array]) -> dict[str, Any]:
        """Arguments, by the file's names."""
        return dict(zip(self.weight_names, (self.make_array(_pack_weight(w, learnt)) for w in self.records), strict=True))

    @cached_property
    def weight_names(self) -> list[str]:
        """The file's names of the weights, in the order of the program's."""
        return list(self.module["initial_weights"]()) if self.records else []

    def by_name(self, found: Mapping[str, Any], else_: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Weights, or their gradients, by the diagram's names; elements that no arrow has are those of `else_`, or 0."""
        result = {
            name: np.array(else_[name] if else_ else np.zeros(w.shape)) for name, w in self.reference.learnt.items()
        }
        for weight, name in zip(self.records, self.weight_names, strict=True):
            _unpack(weight, as_array(found[name]), result)
        return result

    def starts(self, seed: int, else_: Mapping[str, Array]) -> dict[str, Array]:
        return self.by_name(self.module["initial_weights"](seed=seed), else_) if self.records else {}

    def make_array(self, value: Array) -> Any:
        """As this file takes it: a tensor, a list, an array of its own."""
        if self.torch:
            return self.torch.tensor(value, dtype=getattr(self.torch, self.dtype))
        return value.tolist() if self.program.lowering == "scalar" else np.array(value, self.dtype)


def _execute_file(net: Net) -> dict[str, Any]:
    """The file's names; what it loads lies beside it while it does."""
    name = f"{net._backend.name} file"
    if not net.printed.beside:
        return execute(net.source, name)
    with TemporaryDirectory() as folder:
        for file in net.printed.beside:
            Path(folder, file.name).write_bytes(as_bytes(file.content))
        return execute(net.source, name, {"__file__": str(Path(folder, "file.py"))})


def _pack_weight(weight: Weight, values: Mapping[str, Array]) -> Array:
    """The weight, out of all that the diagram learns, in its order."""
    start: Any = weight.start
    if not isinstance(start, Pack):
        return np.asarray(values[weight.name], float)
    numbers: Array = np.concatenate([np.ravel(v) for v in values.values()])[start.order]
    return numbers


def _unpack(weight: Weight, value: Array, into: dict[str, Array]) -> None:
    start: Any = weight.start
    if not isinstance(start, Pack):
        into[weight.name] = value
        return
    places = [(array, k) for array in into.values() for k in range(array.size)]
    for place, number in zip(start.order, value, strict=True):
        array_weight, k = places[place]
        array_weight.reshape(-1)[k] = number


def as_array(value: Any) -> Array:
    return np.asarray(value.detach().numpy() if hasattr(value, "detach") else value, float)
