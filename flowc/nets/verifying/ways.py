"""Every way in which a diagram becomes code: backend, style, lowering, gradients; each is held to the plain meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from itertools import product

import numpy as np

from flowc import pipeline
from flowc.backends import find
from flowc.backends.backend import lowering
from flowc.graph.network import Network
from flowc.maths.functions import lookup
from flowc.nets.net import Net
from flowc.nets.opened import Opened
from flowc.nets.value_names import symbols_by_name
from flowc.nets.verifying.compare import compare_result
from flowc.nets.verifying.forms import file_of
from flowc.nets.verifying.printed import CHUNK, File
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.results import Results
from flowc.nets.verifying.tolerance import Scales, allowed_difference
from flowc.program import differentiate, lower
from flowc.program.lowering import Lowering, Unsuitable
from flowc.program.run import run
from flowc.records import Record

Array = np.ndarray

RATE = 1e-4
STEPS = 3
KINDS = {"activation": "node", "input": "node", "target": "node", "excitation": "excitation"}


class Way(Record):
    backend: str
    style: str
    lower: str | None
    gradient: str | None
    form: str = "functions"
    dtype: str = "float64"
    batch: int | None = None

    def __str__(self) -> str:
        form = self.form if self.form != "functions" else ""
        tokens = f"batch {self.batch}" if self.batch else ""
        dtype = self.dtype if self.dtype != "float64" else ""
        return " ".join(filter(None, (self.backend, self.style, self.lower, tokens, self.gradient, form, dtype)))

    def lowering(self, network: Network) -> Lowering:
        """Raises Unsuitable."""
        return lowering(network, find(self.backend), self.form, self.style, self.lower, self.batch)

    def net(self, diagram: Opened) -> Net:
        """Raises ValueError where the backend refuses."""
        return Net(
            diagram, self.backend, self.dtype, None, self.form, self.gradient, self.style, self.lower, self.batch
        )


def all_ways(backends: Iterable[str] = ("numpy", "torch")) -> Iterator[Way]:
    """Every style and lowering that gathers nodes or takes them apart, as functions."""
    for backend in map(find, backends):
        for style, forced in product(("layers", "fast"), backend.lowerings):
            if style not in backend.styles or (style == "layers" and forced in ("scalar", "chunked")):
                continue
            for gradient, batch in product(backend.gradients_in(style), (2, 1) if forced == "scalar" else (None,)):
                yield Way(backend.name, style, forced, gradient, batch=batch)


def plain_way(backends: Iterable[str] = ("numpy", "torch")) -> Iterator[Way]:
    """A line for each node, and every form but functions, in every style that it has."""
    for backend in map(find, backends):
        yield from (Way(backend.name, "nodes", None, gradient) for gradient in backend.gradients or (None,))
        for form in backend.forms[1:]:
            yield from (Way(backend.name, style, None, None, form) for style in backend.styles)


def differing_ways(network: Network, ways: Iterable[Way] | None = None) -> list[Way]:
    """Those that make different code of a network; of two alike the one that is not `auto`."""
    by_code: dict[tuple[object, ...], Way] = {}
    for way in all_ways() if ways is None else ways:
        try:
            by_code[way.backend, way.style, way.gradient, way.form, way.dtype, way.batch, way.lowering(network)] = way
        except Unsuitable:  # as plain Python of very many lines
            continue
    return [*by_code.values()]


# --------------------------------------------------------- values and gradients


def check_ways(reference: Reference, ways: Iterable[Way], chunk: int = CHUNK) -> int:
    """The values, the loss and the gradients of each way are the reference's. How many were compared."""
    count = 0
    for who, values in results_of(reference, ways, chunk):
        for key, result in values.items():
            compare_result(reference, who, key, result)
            count += 1
    return count


def results_of(reference: Reference, ways: Iterable[Way], chunk: int) -> Iterator[tuple[str, Results]]:
    """Of the program as the interpreter runs it, of the API, and of the file."""
    lowerings = set()
    for way in ways:
        chosen = way.lowering(reference.network)
        if chosen.name in ("layers", "mesh") and chosen not in lowerings:
            lowerings.add(chosen)
            yield f"{chosen.name} {chosen.matrices} interpreted", interpreted_way(reference, chosen)
        net = printed_way(way, reference)
        if net is None:
            continue
        if way.form == "functions":
            yield f"{way} values", by_api(net, reference)
        yield f"{way} file", file_of(net, reference, chunk).results()


def printed_way(way: Way, reference: Reference) -> Net | None:
    """The net of a way; None where its form is not for such diagrams."""
    try:
        net = net_of(way, reference)
        return net if net.source else None
    except ValueError:
        if way.form == "functions":
            raise
        return None


def net_of(way: Way, reference: Reference) -> Net:
    """The net of a way, which is printed once, however much is asked of it. Raises ValueError where the backend refuses."""
    net = reference.nets[way] = reference.nets.get(way) or way.net(reference.opened)
    return net


def interpreted_way(reference: Reference, lowering: Lowering) -> Results:
    program = pipeline.forward(reference.network, lowering)
    if program.loss:
        program = pipeline.slopes(
            program, program.loss, tuple(s for s in program.weights if s.owner in reference.learnt)
        )
    values = run(program, reference.given)
    results = {("node", name): values[s] for name, s in program.activations.items()}
    results |= {("excitation", name): values[s] for name, s in program.excitations.items()}
    results |= {("gradient", s.owner): values[d] for s, d in program.gradients.items()}
    results |= {("loss", program.loss.owner): values[program.loss]} if program.loss else {}
    return {key: results[key] for key in reference.symbols}


def by_api(net: Net, reference: Reference) -> Results:
    """Every node and excitation, the loss, the gradients."""
    arguments = reference.learnt, reference.inputs
    symbol_of = net._symbols
    results = {(KINDS[symbol_of[n].kind], symbol_of[n].owner): value for n, value in net.forward(*arguments).items()}
    if reference.program.loss:
        results["loss", reference.program.loss.owner] = np.asarray(net.loss(*arguments))
        results |= {("gradient", name): d for name, d in net.gradients(*arguments).items()}
    assert results.keys() == reference.symbols.keys()
    return results


def check_again(reference: Reference, other: Reference, ways: Iterable[Way]) -> None:
    """What a file gave stays as it was when the functions are called again, with other numbers."""
    for way in ways:
        net = net_of(way, reference)
        first, second = File(net, reference), File(net, other)
        second.module = first.module
        results = first.results()
        before = {key: np.array(value) for key, value in results.items()}
        second.results()
        for key, value in before.items():
            assert np.array_equal(results[key], value), reference.failure_of(
                str(way), key, "changes when it is called again"
            )


# -------------------------------------------------------------------- decisions


def check_decisions(reference: Reference, ways: Iterable[Way]) -> int:
    """What a threshold decides is decided alike, however near it is. How many such nodes were compared."""
    functions = {n.name: lookup(n.function) for n in reference.network.nodes}
    jumps = {("node", name) for name, function in functions.items() if function and function.jumps}
    count = 0
    for who, values in results_of(reference, ways, CHUNK):
        for key in jumps & values.keys():
            expected, _ = reference.expected_value(key)
            what = f"is {values[key]}, not exactly {expected}"
            assert np.array_equal(values[key], expected), reference.failure_of(who, key, what)
            count += 1
    return count


# ------------------------------------------------------------ slopes of a node


def check_slopes(reference: Reference, ways: Iterable[Way], of: str) -> None:
    """The gradients of a node or excitation, for all others, inputs and weights, are the interpreter's."""
    plain = lower(reference.network)
    symbol_of = symbols_by_name(reference.network, plain)
    wrt = {name: s for name, s in symbol_of.items() if s.kind != "target" and s != plain.loss}
    program = differentiate(plain, symbol_of[of], wrt.values())
    values = run(program, reference.given)
    scales = Scales(program, values)
    for way in ways:
        slopes = net_of(way, reference).gradients(reference.learnt, reference.inputs, of=of, wrt=list(wrt))
        for name, symbol in wrt.items():
            gradient = program.gradients[symbol]
            far = np.abs(slopes[name] - values[gradient]) > allowed_difference(np.max(scales.of[gradient], initial=0.0), True)
            what = f"of `{of}` is {slopes[name]}, not {values[gradient]}"
            assert not np.any(far | np.isnan(slopes[name])), reference.failure_of(str(way), ("gradient", name), what)


# --------------------------------------------------------------------- learning


def check_learning(reference: Reference, ways: Iterable[Way]) -> None:
    """A file starts where the API does; `learn` is one step downhill, `fit` is many."""
    for way in ways:
        net = net_of(way, reference)
        file = File(net, reference)
        start = net.init(seed=3)
        for name, w in file.starts(3, start).items():
            np.testing.assert_array_equal(w, start[name])
        if "learn" not in file.module:
            continue
        samples = file.token_samples((*file.program.inputs, *file.program.targets))
        _, learnt = file.module["learn"](file.weights(reference.learnt), *samples, rate=RATE)
        _check_step(reference, way, file.by_name(learnt, reference.learnt))
        fitted = file.module["fit"](file.weights(reference.learnt), *samples, rate=RATE, steps=STEPS)
        for _ in range(STEPS - 1):
            _, learnt = file.module["learn"](learnt, *samples, rate=RATE)
        for name, value in file.by_name(learnt).items():
            what = f"{way} fit, `{name}` of\n{reference.diagram.text}"
            np.testing.assert_allclose(file.by_name(fitted)[name], value, rtol=1e-9, atol=1e-10, err_msg=what)


def _check_step(reference: Reference, way: Way, learnt: dict[str, Array]) -> None:
    for name, value in learnt.items():
        w = reference.learnt[name]
        d, scale = reference.expected_value(("gradient", name))
        far = np.abs(value - (w - RATE * d)) > allowed_difference(np.abs(w) + RATE * scale, True)
        what = f"leads to {value}, not {w - RATE * d}"
        assert not np.any(far | np.isnan(value)), reference.failure_of(f"{way} learn", ("gradient", name), what)


# ------------------------------------------------------- what a file does by itself


def check_selftest(reference: Reference, ways: Iterable[Way]) -> None:
    """A file's own test of its gradients, and of what it can be called with, passes."""
    for way in ways:
        net = printed_way(way, reference)
        if net is None:
            continue
        test = file_of(net, reference).module.get("selftest")
        output = StringIO()
        try:
            with redirect_stdout(output):
                if test:
                    test()
        except SystemExit as end:
            raise AssertionError(f"{way}: its selftest says {end}\n\n{reference.diagram.text}") from None
        assert output.getvalue() == ("ok\n" if test else ""), f"{way}: its selftest says {output.getvalue()}"
