"""A compiled diagram: its source, and its values, loss and gradients by executing such source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from flowc import pipeline
from flowc.backends import answerable
from flowc.backends.backend import Backend, Options, Printed, Refused, lowering
from flowc.diagnostics.shorten import in_brief
from flowc.diagnostics.suggest import closest
from flowc.graph.files.arrow_names import arrow_names
from flowc.graph.network import Network
from flowc.maths.optimisers import Optimiser
from flowc.nets.arguments import check_names
from flowc.nets.command_line import command_line
from flowc.nets.execute import Library, cast, library_of
from flowc.nets.initial_weights import start
from flowc.nets.inputs import Given, check_arrays
from flowc.nets.value_names import symbols_by_name
from flowc.program.ir import Program, Symbol
from flowc.source import NOWHERE
from flowc.syntax.names import folded

if TYPE_CHECKING:
    from flowc.nets.mimes import Bundle
    from flowc.nets.opened import Opened

Array = np.ndarray
Shapes = dict[str, tuple[int, ...]]
Values = Callable[..., dict[str, Any]]

OUTPUT = "arrows.py"  # what files beside the source are named after


class PrintsAlone(ValueError):
    """There are no numbers of a backend."""


class Net:
    """A diagram on a backend. Names are the diagram's; an excitation has the author's name, or `xi1`, `xi_h`.

    inputs, targets, outputs, weights: name -> shape of one token or of the weight; weights are the learnt ones. Data
    may be arrays with a leading batch axis (n, *shape), lists, numbers (the same for every token), or, for a target
    with one axis, classes.
    """

    def __init__(
        self, diagram: Opened, backend: str = "numpy", dtype: str | None = None, device: Any = None, form: str | None = None,
        gradient: str | None = None, style: str | None = None, lower: str | None = None, batch: int | None = None,
    ):  # fmt: skip
        check_names(backend=backend, form=form, gradient=gradient, style=style, lower=lower)
        self._network = network = diagram.network
        self._backend = _find_backend(backend)
        self._options = Options(form, style, gradient, dtype, lower=lower, batch=batch)
        self._lowering = lowering(network, self._backend, form, style, lower, batch)
        self._command = command_line(network.source.name, backend, self._options, dict(diagram.settings))
        with _refusals_as_sentences():
            self._backend.complete(self._options)
        if self._options != Options(dtype=dtype):
            _ = self.printed  # whether a diagram has this form, style or gradient shows when it is printed
        self._program: Program = pipeline.forward(network, self._lowering)
        self._symbols = symbols_by_name(network, self._program)
        self._learnt = {w.name: w for w in network.weights if w.learnt}
        self.fixed = {w.name: start(w, 0) for w in network.weights if not w.learnt}
        self.library: Library = library_of(self._backend, dtype or self._backend.dtypes[0], device)
        self._modules: dict[tuple[object, ...], Values] = {}
        self.inputs: Shapes = {s.owner: s.type.shape for s in self._program.inputs}
        self.targets: Shapes = {s.owner: s.type.shape for s in self._program.targets}
        self.outputs: Shapes = {s.owner: s.type.shape for s in self._program.outputs}
        self.weights: Shapes = {name: w.shape for name, w in self._learnt.items()}

    def check(self) -> None:
        """Raises ValueError where the backend prints alone or has no such device, ModuleNotFoundError without its library."""
        if not self._backend.runs:
            raise PrintsAlone(self._backend.prints_alone)
        self.library.check()

    @cached_property
    def printed(self) -> Printed:
        """What `flowc compile` prints, and the files beside it."""
        options = replace(self._options, command=self._command, output=OUTPUT)
        with _refusals_as_sentences(), answerable(self._backend):
            return self._backend.emit(self._network, self.plan, options)

    @property
    def source(self) -> str:
        """What `flowc compile` prints. Raises ValueError where that is no text, but bytes."""
        with _refusals_as_sentences():
            return self.printed.text

    def part_of_source(self, part: str) -> str:
        """One function of the source alone, as `flowc compile --part`. Raises ValueError where there is none of that name."""
        with _refusals_as_sentences(), answerable(self._backend):
            return self._backend.emit(self._network, self.plan, replace(self._options, part=part)).text

    @property
    def language(self) -> str:
        """Of the source, as highlighters call it."""
        return self._backend.language

    @cached_property
    def plan(self) -> Program:
        """What the source computes, gradients and all."""
        return pipeline.plan(self._network, self._lowering)

    def init(self, seed: int = 0) -> dict[str, Array]:
        """Where the learnt weights start: the same numbers on every backend, in this one's dtype."""
        kind = self.library.numpy_dtype
        return {name: cast(start(weight, seed), kind) for name, weight in self._learnt.items()}

    def forward(self, weights: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Array]:
        """Every named node and excitation: name -> (n, *shape), in order of evaluation.

        What depends on a target is there if every target is given. Raises ValueError for missing, unknown or
        misshapen arrays, FloatingPointError where a value is not finite.
        """
        data_given = self._check_arrays(weights, data, targets=False)
        values = self._compute_nodes(data_given)
        self._check_finite(data_given, values)
        return values

    def values(self, weights: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Array]:
        """As `forward`, but what is not finite stays in it: a plot leaves a gap there."""
        return self._compute_nodes(self._check_arrays(weights, data, targets=False))

    def loss(self, weights: Mapping[str, Any], data: Mapping[str, Any]) -> float:
        """The loss of a batch. Raises as `forward`, and ValueError where the diagram has none."""
        data_given = self.known(weights, data)
        value = self._loss_of(data_given)
        self._check_finite(data_given, {self._loss_symbol().owner: value})
        return float(value)

    def loss_value(self, weights: Mapping[str, Any], data: Mapping[str, Any]) -> float:
        """As `loss`, but what is not finite stays so: a trace shows where a step leads."""
        return float(self._loss_of(self.known(weights, data)))

    def gradients(
        self, weights: Mapping[str, Any], data: Mapping[str, Any], of: str | None = None,
        wrt: str | Iterable[str] | None = None,
    ) -> dict[str, Array]:  # fmt: skip
        """The derivatives of the loss, or of the sum of all elements of the node `of` over the batch.

        `wrt` names weights, inputs, nodes, excitations; the learnt weights by default. Those of weights have the
        weight's shape, others (n, *shape). An arrow of a file has a name, too: `w_h_x`, `b_h`. Raises as `forward`.
        """
        symbol = self._loss_symbol() if of is None else self._find_symbol(of)
        if symbol.kind == "weight":
            raise ValueError(f"`{of}` is a weight; a gradient is of the loss or of a node")
        if wrt is not None and not isinstance(wrt, Iterable):
            raise TypeError(f"`wrt` names weights, inputs, nodes and excitations; {wrt!r} does not")
        names = tuple(self._learnt) if wrt is None else (wrt,) if isinstance(wrt, str) else tuple(wrt)
        data_given = self._check_arrays(weights, data, targets=symbol in self._program.learning)
        arrows = self._arrows_of_files(names)
        symbols = {name: self._find_symbol(name) for name in dict.fromkeys(arrows[n][0] if n in arrows else n for n in names)}
        for name in symbols:
            role = "a target" if folded(name) in self.targets else "the loss" if self._is_loss(name) else None
            if role:
                raise ValueError(f"`{name}` is {role}; gradients are for weights, inputs, nodes and excitations")
        values = self._compute_gradients(symbol, symbols, data_given) if symbols else {}
        self._check_finite(data_given, values, "the gradient of ")
        return {n: values[arrows[n][0]][arrows[n][1]] if n in arrows else values[n] for n in names}

    def training(self) -> Values:
        """The function that learning calls: arrays of the library by name -> the loss, as "", and every gradient.

        Raises ValueError where the diagram has no loss, or learns nothing.
        """
        loss = self._loss_symbol()
        if not self._learnt:
            raise ValueError(f"{self._network.name} has no weight to learn; `~` in place of `=` makes one")
        weights = {name: self._find_symbol(name) for name in self._learnt}
        program = pipeline.slopes(self._program, loss, tuple(weights.values()))
        return self._make_module({"": loss, **{n: program.gradients[s] for n, s in weights.items()}}, program)

    def descent_source(self, method: Optimiser, settings: Mapping[str, float], most: int) -> str:
        """The text of a library that takes many steps at once; "" where the backend has none, or not for more than `most` numbers."""
        if self.library.dtype != "float64" or sum(map(prod, self.weights.values())) > most:
            return ""
        try:
            return self._backend.emit_descent(self._network, self.plan, method, settings)
        except Refused:
            return ""

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: Any
    ) -> Bundle:
        """A notebook shows the source of a net, highlighted."""
        from flowc.nets.mimes import of_source

        main = self.printed.main
        return of_source(main if isinstance(main, str) else repr(self), repr(self), include, exclude)

    def __repr__(self) -> str:
        learnt = ", ".join(self.weights) or "nothing"
        return f"<{self._network.name} in {self._backend.name}, {self.library.dtype}: {learnt} learnt>"

    def __getstate__(self) -> dict[str, Any]:
        """Copies, also in other processes, make their modules anew."""
        return self.__dict__ | {"_modules": {}}

    # ------------------------------------------------------------------------------------------------------- running

    def _compute_nodes(self, data: Given) -> dict[str, Array]:
        complete = all(name in data.arrays for name in self.targets)
        symbols = {
            name: symbol
            for name, symbol in self._symbols.items()
            if symbol.kind in ("excitation", "activation") and (complete or symbol not in self._program.learning)
        }
        computed = self._run_module("forward", symbols, data, lambda: self._make_module(symbols, self._program))
        names = [n for n, s in self._symbols.items() if n in computed or n in data.arrays and s.kind != "weight"]
        return {n: computed[n] if n in computed else self._as_result(data.arrays[n]) for n in names}

    def _loss_of(self, data: Given) -> Array:
        symbol = self._loss_symbol()
        symbols = {symbol.owner: symbol}
        return self._run_module("loss", symbols, data, lambda: self._make_module(symbols, self._program))[symbol.owner]

    def _as_result(self, array: Array) -> Array:
        """An array that was given, as a result."""
        return cast(array, self.library.numpy_dtype)

    def _compute_gradients(self, of: Symbol, wanted: dict[str, Symbol], known: Given) -> dict[str, Array]:
        trained = of == self._program.loss and all(name in self._learnt for name in wanted)

        def make_module() -> Values:
            program = pipeline.slopes(self._program, of, tuple(wanted.values()))
            gradients = {name: program.gradients[symbol] for name, symbol in wanted.items()}
            return self._make_module(gradients, program, explicit=not trained)  # autograd is for what learning needs

        return self._run_module(of, wanted, known, make_module)

    def _make_module(self, wanted: Mapping[str, Symbol], program: Program, explicit: bool = False) -> Values:
        """The function that gives the values of symbols, in source that the backend prints for them."""
        self.check()
        options = replace(self._options, form=None, style=None)
        if explicit and "explicit" in self._backend.gradients:
            options = replace(options, gradient="explicit")
        with _refusals_as_sentences(), answerable(self._backend):
            source = self._backend.emit_values(self._network, program, wanted, options)
        table = self._backend.arrays(program) if program.lowering == "mesh" else {}
        return self.library.execute(source, self._network.source.name, table)

    def _run_module(
        self, what: str | Symbol, symbols: Mapping[str, Symbol], data: Given, module: Callable[[], Values]
    ) -> dict[str, Array]:
        """What a module gives, each array in its symbol's type; it is made once for `what` and `symbols`."""
        if not symbols:
            return {}
        key = (what, *symbols.items())
        if key not in self._modules:
            self._modules[key] = module()
        results = self.library.call(self._modules[key], {**data.arrays, **data.weights})
        return {name: _broadcast_result(results[name], symbol, data.tokens) for name, symbol in symbols.items()}

    # ------------------------------------------------------------------------------------------------ names and checks

    def owner(self, name: str) -> str:
        """The node that a value is of: `h` for its excitation `xi_h`, and for itself."""
        return self._find_symbol(name).owner

    def known(self, weights: Mapping[str, Any], data: Mapping[str, Any]) -> Given:
        """Weights and data as learning needs them, checked. Raises ValueError, TypeError."""
        self._loss_symbol()
        return self._check_arrays(weights, data, targets=True)

    def _check_arrays(self, weights: Mapping[str, Any], data: Mapping[str, Any], targets: bool) -> Given:
        return check_arrays(self._network, self.fixed, weights, data, targets)

    def _loss_symbol(self) -> Symbol:
        if self._program.loss is None:
            raise ValueError(f"{self._network.name} has no loss; a diagram gets one by a line such as `loss mse(f, y)`")
        return self._program.loss

    def _is_loss(self, name: str) -> bool:
        return self._program.loss is not None and self._symbols[folded(name)] == self._program.loss

    def _arrows_of_files(self, names: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Of those names that are arrows of a file: its vector of weights, and the place there."""
        if not self._network.edges:
            return {}
        others = [n for n in names if isinstance(n, str) and folded(n) not in self._symbols]
        return {n: self._learnt_arrows[folded(n)] for n in others if folded(n) in self._learnt_arrows} if others else {}

    @cached_property
    def _learnt_arrows(self) -> dict[str, tuple[str, int]]:
        """The learnt arrows of the diagram's files."""
        return {
            name: (edges.weight, place)
            for edges in self._network.edges
            if edges.weight
            for place, name in enumerate(arrow_names(edges))
        }

    def _find_symbol(self, name: str) -> Symbol:
        if not isinstance(name, str) or folded(name) not in self._symbols:
            nearest = closest(str(name), self._symbols)
            way_out = f"did you mean `{nearest}`?" if nearest else f"there are {', '.join(self._symbols)}"
            raise ValueError(f"{self._network.name} has no node, excitation or weight `{name}`; {way_out}")
        return self._symbols[folded(name)]

    def _check_finite(self, data: Given, values: Mapping[str, Array], what: str = "") -> None:
        """Raises FloatingPointError at the first node that is not finite, with its line, if all that is given is."""
        if not data.finite or all(np.isfinite(v).all() for v in values.values()):
            return
        values_by_name = {**self._compute_nodes(data), **{what + name: value for name, value in values.items()}}
        name = next(n for n, v in values_by_name.items() if not np.isfinite(v).all())
        symbol = self._find_symbol(name.removeprefix(what))
        how = _say_nonfinite(values_by_name[name], symbol.type.batched)
        raise FloatingPointError(f"{_line_of(self._network, symbol.owner)}: {name} {how}")


@contextmanager
def _refusals_as_sentences() -> Iterator[None]:
    """What a backend refuses, as a ValueError."""
    try:
        yield
    except Refused as refused:
        raise ValueError(str(refused)) from None


def _find_backend(name: str) -> Backend:
    from flowc.backends import find, names

    try:
        return find(name)
    except KeyError:
        nearest = closest(in_brief(name), names())
        way_out = f"did you mean `{nearest}`?" if nearest else f"there are {', '.join(names())}"
        raise ValueError(f"there is no backend `{in_brief(name)}`; {way_out}") from None


def _broadcast_result(value: Any, symbol: Symbol, tokens: int) -> Array:
    """A result with all of its elements, in an array of its own."""
    shape = (tokens, *symbol.type.shape) if symbol.type.batched else symbol.type.shape
    return np.array(np.broadcast_to(value, shape))


def _line_of(network: Network, owner: str) -> str:
    """The line of a node or weight, as `xor.flow:7`."""
    spans = {n.name: n.span for n in network.nodes} | {w.name: w.span for w in network.weights}
    return f"{network.source.name}:{network.source.position(spans.get(owner, NOWHERE).start)[0]}"


def _say_nonfinite(value: Array, batched: bool) -> str:
    """What is not finite: `is nan for token 3 of 4`; tokens count from 1."""
    places = np.argwhere(~np.isfinite(value))
    first = value[tuple(places[0])]
    return f"is {first}" + (f" for token {places[0][0] + 1} of {len(value)}" if batched else "")
