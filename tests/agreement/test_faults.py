"""Do the tests notice? Hundreds of faults are seeded into flowc, and at least 98 of 100 must be caught."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

import flowc
from flowc.diagnostics.error import FlowError
from flowc.maths.functions import FUNCTIONS
from flowc.nets.value_names import symbols_by_name
from flowc.nets.verifying.diagram import describe_network
from flowc.nets.verifying.numbers import some_inputs, some_weights
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.ways import Way, check_decisions, check_learning, check_slopes, check_ways
from flowc.oracle import Reading
from flowc.syntax import parse
from flowc.testing import assert_backends_agree
from tests.agreement import faults, lowering_faults, room_faults, source_faults
from tests.agreement.fault_cases import CASES, CLASSES, DECIDED, activation_case
from tests.agreement.faults import Fault
from tests.agreement.judges import JUDGES, MESH, forget, of_room
from tests.program.test_layers import SOURCES
from tests.program.test_mesh import MIXED, SMOOTH

NOTICED = (
    AssertionError,
    ArithmeticError,
    AttributeError,
    FlowError,
    LookupError,
    NameError,
    pytest.fail.Exception,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Case:
    """A diagram with numbers for it, and what the second reading finds."""

    flow: Any
    learnt: dict[str, np.ndarray]
    inputs: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    loss: float | None
    slopes: dict[str, np.ndarray]


def case(text: str) -> Case:
    flow = flowc.loads(text)
    learnt = some_weights({w.name: w.shape for w in flow.network.weights if w.learnt}, 5)
    inputs = some_inputs(describe_network(flow.network), 7)
    read = Reading(parse(flow.network.source), inputs, learnt)
    values = {n.name: read.node(n.name) for n in flow.network.nodes if not n.anonymous and n.role != "loss"}
    if flow.network.loss is None:
        return Case(flow, learnt, inputs, values, None, {})
    return Case(flow, learnt, inputs, values, read.loss(), read.gradients())


def check_meaning(c: Case) -> None:
    """The interpreter against the second reading."""
    reference = Reference(c.flow, describe_network(c.flow.network), c.learnt, c.inputs)
    for name, value in c.values.items():
        np.testing.assert_allclose(reference.expected_value(("node", name))[0], value, rtol=1e-9, atol=1e-9)
    program = reference.program
    if program.loss is None:
        return
    np.testing.assert_allclose(reference.values[program.loss], c.loss, rtol=1e-9)
    for name, slope in c.slopes.items():
        np.testing.assert_allclose(reference.expected_value(("gradient", name))[0], slope, rtol=1e-9, atol=1e-9)


def check_printing(c: Case) -> None:
    """The backends against the interpreter; the diagram of ties, which has no loss, bit for bit."""
    diagram = replace(describe_network(c.flow.network), exact=c.loss is None)
    assert_backends_agree(diagram, weights=c.learnt, values=c.inputs, single=False)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    activations = [activation_case(f.name) for f in FUNCTIONS.values() if f.is_activation]
    return [case(text) for text in (*CASES, *activations)]


# ------------------------------------------------------------ what notices


WAYS = {
    "mesh": MESH,
    "layers": (Way("numpy", "layers", "dense", "explicit"),),
    "numpy mesh": MESH,
    "torch mesh": tuple(replace(way, backend="torch", gradient=g) for way in MESH for g in ("explicit", "autograd")),
    "scalar": (Way("numpy", "fast", "scalar", "explicit"),),
    "numpy fast": (Way("numpy", "fast", "chunked", "explicit"), Way("numpy", "fast", "dense", "explicit")),
    "torch fast": (Way("torch", "fast", "dense", "explicit"),),
}
GATHERED = (SMOOTH, MIXED, SOURCES)


@cache
def reference(text: str) -> Reference:
    return Reference.of(text, seed=5, batch=5)


def check_lowerings(ways: tuple[Way, ...], texts: tuple[str, ...]) -> None:
    """All that holds of lowerings: values, gradients, slopes of nodes, learning, decisions."""
    for text in texts:
        reference(text).nets.clear()  # which were printed without the fault
        check_ways(reference(text), ways)
    for text in texts:
        explicit = [way for way in ways if way.gradient == "explicit"]
        for of in excitations(reference(text))[:1]:
            check_slopes(reference(text), explicit, of)
        check_learning(reference(text), ways)
    tenths = np.random.default_rng(0).integers(-9, 10, size=(3, 200)) / 10
    check_decisions(Reference.of(DECIDED, {}, dict(zip("abc", tenths, strict=True))), ways)


def excitations(found: Reference) -> list[str]:
    return [name for name, s in symbols_by_name(found.network, found.program).items() if s.kind == "excitation"]


def noticing(name: str, cases: list[Case]) -> list[Any]:
    """What may notice a fault, one after the other."""
    if name in WAYS:
        drawn = name in ("scalar", "numpy fast", "torch fast")
        return [partial(check_lowerings, WAYS[name], CLASSES if drawn else GATHERED)]
    if name in JUDGES:
        return JUDGES[name]()
    if name.startswith("tests/"):
        return [partial(of_room, name)]
    return [partial(check_printing if name == "printing" else check_meaning, c) for c in cases]


def test_without_a_fault_nothing_is_caught(cases: list[Case]) -> None:
    each = {ways: name for name, ways in WAYS.items()}  # some names are of the same ways
    for name in ("meaning", "printing", *each.values(), *JUDGES):
        for notice in noticing(name, cases):
            notice()


def caught(fault: Fault, cases: list[Case]) -> bool:
    for notice in noticing(fault.check, cases):
        try:
            notice()
        except NOTICED:
            return True
    return False


@pytest.mark.parametrize(
    ("seeded", "least"),
    [(faults, 100), (lowering_faults, 100), (source_faults, 40), (room_faults, 40)],
    ids=["plain", "lowerings", "sources", "rooms"],
)
def test_seeded_faults_are_caught(
    seeded: Any, least: int, cases: list[Case], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    missed, every = [], seeded.every()
    for fault in every:
        with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
            fault.patch(patch)
            if not caught(fault, cases):
                missed.append(fault.name)
        forget()
    count = len(every)
    share = 1 - len(missed) / count
    with capsys.disabled():
        print(f"\n{count} seeded faults, {share:.1%} caught; missed: {missed or 'none'}")
    assert count >= least
    assert len(missed) <= max(1, 0.02 * count), missed
