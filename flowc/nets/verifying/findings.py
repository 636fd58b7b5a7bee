"""Everything that computes a diagram, on the same numbers: what each gives beside the interpreter, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from flowc.backends import find
from flowc.nets.net import Net
from flowc.nets.opened import Opened
from flowc.nets.verifying.compare import Difference, check_shape, largest_difference, measure_result
from flowc.nets.verifying.differences import central_difference, tolerance_of
from flowc.nets.verifying.forms import file_of
from flowc.nets.verifying.loops import loop_differences
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.results import Results, module_values
from flowc.nets.verifying.second import read_again
from flowc.nets.verifying.tolerance import NEAR_SINGLE, allowed_single, rounding_units
from flowc.nets.verifying.ways import Way, by_api
from flowc.oracle import Arithmetic
from flowc.records import Record

Array = np.ndarray

ELEMENTS = 3  # of each weight, whose gradients are held to differences


class Finding(Record):
    """What one way gave: how many numbers were compared, the one that is farthest away, those that are too far.

    `broken` says why there is nothing to compare: the way does not run.
    """

    group: str
    way: str
    count: int = 0
    worst: Difference | None = None
    wrong: tuple[Difference, ...] = ()
    broken: str = ""


def make_finding(group: str, way: str, differences: Callable[[], Iterable[tuple[int, Difference]]]) -> Finding:
    """`differences`: of each result how many numbers it has, and the one that is farthest away."""
    try:
        results = [*differences()]
    except Exception as error:  # noqa: BLE001 whatever printed code, or a stranger's backend, raises
        why = str(error).strip().split("\n")[0]
        shape = why.removeprefix(f"{way}: ") if isinstance(error, AssertionError) else ""
        return Finding(group, way, broken=shape or f"it does not run, {type(error).__name__}: {why}")
    worst = max((d for _, d in results), key=lambda d: d.share, default=None)
    wrong = tuple(d for _, d in results if d.share > 1)
    return Finding(group, way, sum(count for count, _ in results), worst, wrong)


def of_results(reference: Reference, group: str, way: str, results: Callable[[], Results]) -> Finding:
    """In float64."""

    def differences() -> Iterator[tuple[int, Difference]]:
        for key, result in results().items():
            check_shape(reference, way, key, result)
            if result.size:
                yield result.size, measure_result(reference, way, key, result)

    return make_finding(group, way, differences)


# ------------------------------------------------------------------------------------------------ the meaning, otherwise


def of_second_reading(reference: Reference) -> Finding:
    return of_results(reference, "second reading", "second reading", lambda: read_again(reference))


def of_digits(reference: Reference, arithmetic: Arithmetic) -> Finding:
    """The interpreter beside numbers that do not round."""

    def results() -> Results:
        return {key: value.astype(float) for key, value in read_again(reference, arithmetic).items()}

    return of_results(reference, arithmetic.name, arithmetic.name, results)


def of_differences(reference: Reference, seed: int) -> Finding:
    """The interpreter's gradients, at some elements of each weight, beside differences of its loss."""
    program = reference.program
    generator = np.random.default_rng(seed)
    largest_value = max(float(np.max(np.abs(v), initial=0)) for v in reference.values.values())

    def differences() -> Iterator[tuple[int, Difference]]:
        for weight, gradient in program.gradients.items():
            places = [*np.ndindex(weight.type.shape)]
            for k in generator.permutation(len(places))[:ELEMENTS]:
                assert program.loss is not None
                slope = central_difference(program, reference.values, program.loss, weight, places[k])
                if slope is not None:
                    number, key = float(reference.values[gradient][places[k]]), ("gradient", weight.owner)
                    yield 1, Difference("differences", key, places[k], number, slope, tolerance_of(slope, largest_value))

    return make_finding("finite differences", "differences", differences)


def of_loops(diagram: Opened, backends: Sequence[str]) -> Finding:
    """Three steps of `flow.train`, and of every loop that is printed, beside the interpreter's."""
    return make_finding("learning", "learning", lambda: loop_differences(diagram, backends))


# ----------------------------------------------------------------------------------------------------------- the backends


def of_way(reference: Reference, way: Way, net: Net) -> Iterator[Finding]:
    """By the API, where the way is one of functions, and by the printed file."""
    if way.form == "functions":
        yield of_results(reference, way.backend, f"{way} values", lambda: by_api(net, reference))
    if find(way.backend).language == "python":
        yield of_results(reference, way.backend, f"{way} file", lambda: file_of(net, reference).results())


def of_single(reference: Reference, backends: Sequence[str]) -> Iterator[Finding]:
    """float32 against the float64 answer: numpy by itself, the others beside numpy."""
    if reference.scales.nearest <= NEAR_SINGLE or not reference.moderate:
        return
    peers: dict[tuple[str, str], Array] = {}
    for backend in sorted(backends, key=lambda name: name != "numpy"):
        differences = partial(_single_differences, reference, backend, peers)
        yield make_finding(f"{backend}, float32", f"{backend} in float32", differences)


def _single_differences(
    reference: Reference, backend: str, peers: dict[tuple[str, str], Array]
) -> Iterator[tuple[int, Difference]]:  # fmt: skip
    beside: Mapping[tuple[str, str], Array] = dict(peers)
    way = f"{backend} in float32"
    for key, result in module_values(reference, backend, "float32").items():
        expected, scale = reference.expected_value(key)
        check_shape(reference, way, key, result)
        if backend == "numpy":
            peers[key] = np.abs(result.astype(float) - expected)
        limit = allowed_single(scale, rounding_units(reference.program), beside.get(key))
        if result.size:
            yield result.size, largest_difference(way, key, result.astype(float), expected, limit)
