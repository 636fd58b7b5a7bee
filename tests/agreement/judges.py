"""What notices faults that reach further than lowerings: the checks of random diagrams, on some that they have drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from inspect import signature
from pathlib import Path
from types import ModuleType

import pytest

import flowc
from flowc.backends.code import quote, scope
from flowc.nets.verifying.diagram import describe_network
from flowc.nets.verifying.loops import assert_loops_agree
from flowc.nets.verifying.numbers import some_inputs
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.second import check_reading
from flowc.nets.verifying.ways import Way, check_ways
from flowc.pipeline import plan
from flowc.program.ir import Program
from flowc.program.lowering import Lowering
from tests.backends import test_spelled_names
from tests.backends.code import test_expressions, test_statements, test_templates
from tests.equations.test_numbers import FORMS
from tests.equations.test_random import assert_computed
from tests.learning.test_trace_numbers import assert_formulas
from tests.learning.tracing import traced
from tests.program import test_passes

ROOT = Path(__file__).parents[2]
DRAWN = Path(__file__).parent / "drawn"  # by the strategies; every folder a diagram and its files
MESH = tuple(Way("numpy", "fast", lower, "explicit") for lower in ("dense", "sparse"))

Notice = Callable[[], object]


def drawn(kind: str) -> list[Path]:
    return sorted(DRAWN.glob(f"{kind}*/diagram.flow"))


def check_meaning(path: Path) -> None:
    check_reading(Reference.of(flowc.load(path), seed=1, batch=3))


@cache
def _reference(path: Path) -> Reference:
    return Reference.of(flowc.load(path), seed=1, batch=3)


def check_mesh(path: Path) -> None:
    check_ways(_reference(path), MESH)


def check_loops(path: Path) -> None:
    assert assert_loops_agree(flowc.load(path), dtypes=("float64",)).compared


def check_trace(path: Path) -> None:
    flow = flowc.load(path)
    assert_formulas(traced(flow, some_inputs(describe_network(flow.network), 1, 1)))


def check_equations(path: Path) -> None:
    for form in FORMS:
        assert_computed(form, flowc.load(path))


def of_room(test: str) -> None:
    """A test where it stands. Raises AssertionError where it fails, whatever the reason."""
    found = pytest.main(["-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", str(ROOT / test)])
    assert found != pytest.ExitCode.TESTS_FAILED, test
    if found != pytest.ExitCode.OK:
        raise pytest.UsageError(f"{test} does not run: {found!r}")


def passes() -> list[Notice]:
    """Every list of passes on some programs, held to the interpreter."""
    ways = test_passes.WAYS.values()
    kinds = [(scalar, program) for scalar in (False, True) for program in _programs(scalar)]
    checks = [partial(test_passes.check, way, program) for scalar, program in kinds for way in ways if way.scalar == scalar]
    return [*checks, *(test for test in called(test_passes) if not test.keywords)]


@cache
def _programs(scalar: bool) -> list[Program]:
    """Those that most passes change come first."""
    lowerings = [None] if scalar else [None, Lowering("layers")]
    return [plan(net, lowering) for net in reversed(test_passes.NETS.values()) for lowering in lowerings]


def called(*modules: ModuleType) -> list[partial[object]]:
    """The tests of modules that need no fixture, with each of their parameters, without collecting them."""
    return [
        partial(test, **dict(zip(names, values)))
        for module in modules
        for name, test in vars(module).items()
        if name.startswith("test_")
        for names, rows in [_parameters(test)]
        if names == [*signature(test).parameters]
        for values in rows
    ]


def _parameters(test: Callable[..., object]) -> tuple[list[str], list[tuple[object, ...]]]:
    marks = getattr(test, "pytestmark", [])
    if len(marks) != 1:
        return [], [()]
    names, rows = marks[0].args
    return ([names], [(row,) for row in rows]) if isinstance(names, str) else (list(names), list(rows))


def code() -> list[Notice]:
    """What the tests of trees hold of them, those of printed files last."""
    tests = called(test_expressions, test_statements, test_templates, test_spelled_names)
    return [forget, *sorted(tests, key=lambda test: "name" in test.keywords)]


def forget() -> None:
    """What was read before a fault, or with one."""
    quote.read.cache_clear()
    quote.names_in.cache_clear()
    scope._NAMES_OF_NODES.clear()


def _on(notice: Callable[[Path], None], kind: str) -> Callable[[], Sequence[Notice]]:
    return lambda: [partial(notice, path) for path in drawn(kind)]


JUDGES: Mapping[str, Callable[[], Sequence[Notice]]] = {
    "reading": _on(check_meaning, "nodes"),
    "mesh of files": _on(check_mesh, "files"),
    "loops": _on(check_loops, "lesson"),
    "trace": _on(check_trace, "traced"),
    "equations": _on(check_equations, "written"),
    "passes": passes,
    "code": code,
}
