"""What a backend's source gives, executed: the module of the API, and the file as it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from flowc.backends import find
from flowc.backends.backend import Options
from flowc.execution.python import execute
from flowc.nets.execute import library_of
from flowc.nets.verifying.reference import Key, Reference

Array = np.ndarray
Results = dict[Key, Array]


def results_of_ways(reference: Reference, backend: str, dtype: str) -> Iterator[tuple[str, Results]]:
    """Each way to run a diagram on a backend, by a name for messages, and the values that it gives.

    The API's module gives every node, excitation and gradient; the file its outputs, loss and gradients, for each
    way of the backend to write gradients.
    """
    yield "values", module_values(reference, backend, dtype)
    printer = find(backend)
    for gradient in printer.gradients if printer.language == "python" else ():
        yield f"{gradient} file", _results_of_file(reference, backend, dtype, gradient)


def module_values(reference: Reference, backend: str, dtype: str) -> Results:
    """Every node, excitation and gradient, and the loss, by the module that the API runs."""
    symbols = {f"{kind} {name}": symbol for (kind, name), symbol in reference.symbols.items()}
    options = Options(dtype=dtype)
    printer = find(backend)
    source = printer.emit_values(reference.network, reference.program, symbols, options)
    function = library_of(printer, dtype, None).execute(source, f"{backend} values")
    values = function(**{symbol.owner: np.asarray(value, dtype) for symbol, value in reference.given.items()})
    return {key: np.asarray(values[" ".join(key)]) for key in reference.symbols}


def _results_of_file(reference: Reference, backend: str, dtype: str, gradient: str) -> Results:
    """The printed file: `forward` and, where there is something to learn, `gradients`."""
    options = Options(dtype=dtype, gradient=gradient, form=find(backend).forms[0])
    text = find(backend).emit(reference.network, reference.program, options).text
    module = execute(text, f"{backend} file")
    array = _array_maker(backend, dtype)
    program = reference.program
    names = module["initial_weights"]() if reference.learnt else {}
    weights = {name: array(w) for name, w in zip(names, reference.learnt.values(), strict=True)}
    inputs = [array(reference.inputs[s.owner]) for s in program.inputs]
    targets = [array(reference.inputs[s.owner]) for s in program.targets]
    outputs = module["forward"](*inputs, **weights)
    results = {("node", s.owner): _as_numpy(v) for s, v in zip(program.outputs, outputs_of(outputs), strict=True)}
    if "gradients" in module:
        loss, slopes = module["gradients"](*inputs, *targets, **weights)
        assert program.loss is not None
        results["loss", program.loss.owner] = _as_numpy(loss)
        results.update(_gradients_by_name(reference, names, slopes))
    return results


def outputs_of(outputs: Any) -> Sequence[Any]:
    """What a function gives that has several outputs, one or none."""
    return outputs if isinstance(outputs, tuple) else () if outputs is None else (outputs,)


def _gradients_by_name(reference: Reference, names: Mapping[str, Any], slopes: Mapping[str, Any]) -> Results:
    """The file's own names of weights are in the order of the diagram's."""
    return {("gradient", w): _as_numpy(slopes[name]) for w, name in zip(reference.learnt, names, strict=True)}


def _array_maker(backend: str, dtype: str) -> Callable[[Array], Any]:
    """How arrays are made for a file of a backend."""
    if find(backend).library != "torch":
        return lambda value: np.asarray(value, dtype)
    torch = import_module("torch")
    return lambda value: torch.tensor(np.asarray(value), dtype=getattr(torch, dtype))


def _as_numpy(value: Any) -> Array:
    return np.asarray(value.detach().numpy() if hasattr(value, "detach") else value)
