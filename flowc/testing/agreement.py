"""Do all backends compute what the diagram means? The interpreter is the meaning; every backend is held to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowc.nets.verifying.compare import compare_result
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.results import module_values, results_of_ways
from flowc.nets.verifying.tolerance import NEAR, NEAR_SINGLE, allowed_single, rounding_units

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Outcome:
    """`skipped` says why nothing was compared; `single` whether float32 was compared too."""

    compared: int = 0
    skipped: str = ""
    single: bool = False


def assert_backends_agree(
    flow: Any, backends: Sequence[str] = ("numpy", "torch"), weights: Mapping[str, Array] | None = None,
    values: Mapping[str, Array] | None = None, seed: int = 1, batch: int = 4, single: bool = True,
) -> Outcome:  # fmt: skip
    """Every backend gives the values, the loss and the gradients of the interpreter, within tolerance.

    `flow` is a text, a `Diagram` or a compiled `flowc.Flow`. `weights` (by name, learnt ones) and `values` (inputs
    and targets, (n, *shape)) are drawn from `seed` where they are not given. Diagrams of `exact` arithmetic must be
    equal bit for bit. A diagram that comes too close to a jump is skipped, and the outcome says so.
    Raises AssertionError with the text, the backend and the first difference.
    """
    reference = Reference.of(flow, weights, values, seed, batch)
    if not reference.exact and reference.scales.nearest < NEAR:
        return Outcome(skipped="near a jump")
    if not reference.finite:
        return Outcome(skipped="not finite")
    compared = sum(_compare_double(reference, name) for name in backends)
    single = single and (reference.scales.nearest > NEAR_SINGLE) and reference.moderate
    if single:
        _compare_single(reference, backends)
    return Outcome(compared, single=single)


def _compare_double(reference: Reference, backend: str) -> int:
    """float64: values, loss and gradients, of the API's modules and of the file as printed. How many were compared."""
    count = 0
    for way, values in results_of_ways(reference, backend, "float64"):
        for key, result in values.items():
            compare_result(reference, f"{backend} {way}", key, result)
            count += 1
    return count


def _compare_single(reference: Reference, backends: Sequence[str]) -> None:
    """float32 against the float64 answer: numpy by itself, the others beside numpy."""
    peers: dict[tuple[str, str], Array] = {}
    for backend in sorted(backends, key=lambda name: name != "numpy"):
        for key, result in module_values(reference, backend, "float32").items():
            expected, scale = reference.expected_value(key)
            error = np.abs(result.astype(float) - expected)
            limit = allowed_single(scale, rounding_units(reference.program), peers.get(key))
            if np.any(error > limit) or np.any(np.isnan(result)):
                raise reference.failure_of(f"{backend} in float32", key, f"is {result}, not {expected}")
            if backend == "numpy":
                peers[key] = error
