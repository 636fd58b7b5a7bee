"""What a drawn diagram is held to: values, every printed form, learning, and every text that shows numbers or names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from flowc.drawing.draw import Drawing, draw
from flowc.drawing.svg import as_svg
from flowc.drawing.tikz import as_tikz
from flowc.graph.column_names import element_of
from flowc.graph.equality import differences
from flowc.graph.writing.problem import NoText
from flowc.learning.trace.as_json import as_json
from flowc.learning.trace.build import trace
from flowc.nets.trace_values import find_values
from flowc.nets.verifying.loops import assert_loops_agree
from flowc.nets.verifying.numbers import some_inputs, some_weights
from flowc.nets.verifying.printed import CHUNK
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.saved import check_saved
from flowc.nets.verifying.second import check_reading
from flowc.nets.verifying.tolerance import NEAR, allowed_difference
from flowc.nets.verifying.ways import all_ways, check_learning, check_selftest, check_ways, differing_ways, plain_way
from flowc.source import Source
from flowc.syntax import format_source
from flowc.testing.agreement import assert_backends_agree
from flowc.testing.diagram import Diagram

FORMS = ("nodes", "layers", "augmented", "indexed")
LARGE = 60  # nodes; beyond it one style stands for all


@dataclass(frozen=True)
class Case:
    """A diagram in a folder, with the numbers of a seed."""

    diagram: Diagram
    folder: Path
    seed: int
    backends: Sequence[str]

    @cached_property
    def flow(self) -> Any:
        import flowc

        return flowc.load(self.diagram.write(self.folder))

    def reference(self, batch: int = 4) -> Reference:
        shapes = {w.name: w.shape for w in self.flow.network.weights if w.learnt}
        weights = some_weights(shapes, self.seed, self.diagram.exact)
        return Reference(self.flow, self.diagram, weights, some_inputs(self.diagram, self.seed, batch))

    @cached_property
    def plain(self) -> Reference:
        return self.reference()

    @property
    def clear(self) -> bool:
        """Whether the values are numbers, and rounding decides nothing."""
        return self.plain.finite and (self.plain.exact or self.plain.scales.nearest > NEAR)


Check = Callable[[Case], None]


# ------------------------------------------------------------------ values


def backends(case: Case) -> None:
    """The API and the printed file of each backend, in float64 and float32."""
    flow, reference = case.flow, case.plain
    assert_backends_agree(flow, case.backends, reference.learnt, reference.inputs, single=not case.diagram.exact)


def second_reading(case: Case) -> None:
    """Values and gradients by the oracle, which shares nothing with the compiler."""
    if case.clear:
        check_reading(case.plain)


# ------------------------------------------------------------------- forms


def ways(case: Case) -> None:
    """Every form, style and lowering, for one token or for five; exact ones for halves and quarters of a batch."""
    many, chunk = (4, 2) if case.diagram.exact else (5, CHUNK)
    reference = case.reference(1 if case.seed % 4 == 0 else many)
    if reference.finite and reference.scales.nearest > NEAR:
        check_ways(reference, _ways(case), chunk)


def learning(case: Case) -> None:
    """`learn` and `fit` of every file."""
    if case.clear and case.plain.moderate:
        check_learning(case.plain, [w for w in _ways(case) if w.form == "functions" and w.style != "nodes"])


def selftests(case: Case) -> None:
    if case.clear and case.plain.moderate:
        check_selftest(case.plain, [w for w in _ways(case) if w.style == "nodes"])


def saved(case: Case) -> None:
    check_saved(case.plain, [w for w in _ways(case) if w.form == "module"])


def loops(case: Case) -> None:
    """`flow.train` and every printed loop, for three steps, where the diagram learns from data of its own."""
    network = case.flow.network
    learns = network.loss and any(w.learnt for w in network.weights)
    if learns and any(d.part != "test" for d in network.data) and case.clear:
        assert_loops_agree(case.flow, case.backends)


def _ways(case: Case) -> list[Any]:
    large = len(case.flow.network.nodes) > LARGE
    some = plain_way(case.backends) if large else (*plain_way(case.backends), *all_ways(case.backends))
    return differing_ways(case.flow.network, some)


# ------------------------------------------------------------------- texts


def formatted(case: Case) -> None:
    """Formatting again changes nothing, and the numbers stay."""
    import flowc

    before = case.flow
    once = format_source(Source("diagram.flow", case.diagram.text))
    assert format_source(Source("diagram.flow", once)) == once, "`fmt` changes what it has formatted"
    after = flowc.loads(once, case.folder / "formatted.flow")
    for first, second in zip(_facts(before.network), _facts(after.network), strict=True):
        assert first == second, f"`fmt` makes {second} of {first}"
    data, same = before.data(), after.data()
    assert (data is None) == (same is None), "`fmt` adds or drops data"
    if data is None or same is None:
        return
    for name, array in data.arrays.items():
        assert np.array_equal(array, same.arrays[name]), f"the data of `{name}` are others after `fmt`"


def rewritten(case: Case) -> None:
    """The text that the network becomes means the same network, and is formatted; one in ten thousand is refused."""
    import flowc

    try:
        text = case.flow.text()
    except NoText:  # that the diagrams of the suite are not is held in tests/graph/writing
        return
    assert format_source(Source("diagram.flow", text)) == text, "`fmt` changes what is written of a network"
    again = flowc.loads(text, case.folder / "diagram.flow")
    difference = next(differences(case.flow.network, again.network), None)
    assert difference is None, f"the written text is another network: {difference}"


def _facts(network: Any) -> list[tuple[str, ...]]:
    """What formatting must leave as it is, node by node and weight by weight."""
    nodes = [(n.name, n.role, str(n.shape), n.function, str(n.parameters)) for n in network.nodes]
    return nodes + [(w.name, str(w.learnt), str(w.shape), str(w.start)) for w in network.weights]


def pictures(case: Case) -> None:
    """SVG is well-formed with ids that are its own, TikZ is one picture."""
    picture = draw(case.flow.network, Drawing())
    svg = as_svg(picture, "auto")
    ElementTree.fromstring(svg)
    ids = re.findall(r'\bid="([^"]*)"', svg)
    twice = sorted({i for i in ids if ids.count(i) > 1})
    assert not twice, f"ids that two parts of the picture have: {', '.join(twice)}"
    assert as_tikz(picture).count(r"\begin{tikzpicture}") == 1


def equations(case: Case) -> None:
    """Every form in every format is printed."""
    for form, format in product(FORMS, ("text", "latex", "markdown")):
        assert case.flow.equations(format, form), f"no equations of the form {form} as {format}"


def traces(case: Case) -> None:
    """Every number of a node in a trace is the net's."""
    reference = case.reference(1)
    if not (reference.finite and case.clear and reference.moderate):
        return
    flow = case.flow
    numbers = find_values(flow.network, flow.compile("numpy", dtype="float64"), reference.learnt, reference.inputs)
    table = json.loads(as_json(trace(flow.network, numbers, dtype="float64")))
    expected = dict(_elements(reference))
    lines = [line for s in table["sections"][:1] for node in s["nodes"] for line in node["lines"]]
    for line in lines:
        if line["what"] in ("value", "given") and line["name"] in expected:
            value, limit = expected[line["name"]]
            assert abs(line["value"] - value) <= limit, f"the trace has {line['name']} = {line['value']}, not {value}"


def _elements(reference: Reference) -> Iterator[tuple[str, tuple[float, float]]]:
    """Every scalar of a named node of the first token, and how far it may be away."""
    for (kind, name), symbol in reference.symbols.items():
        if kind == "node":
            value, scale = reference.expected_value((kind, name))
            first = (0,) if symbol.type.batched else ()
            node = reference.network.node(name)
            for place in np.ndindex(*symbol.type.shape):
                at = (*first, *place)
                allowed = float(allowed_difference(scale, False)[at])
                yield element_of(node, place) if place else name, (float(value[at]), allowed)


SHARES: dict[str, tuple[Check, ...]] = {
    "values": (backends, second_reading),
    "forms": (ways, learning, selftests, saved, loops),
    "texts": (formatted, rewritten, pictures, equations, traces),
}
SHARES["all"] = tuple(check for share in SHARES.values() for check in share)
