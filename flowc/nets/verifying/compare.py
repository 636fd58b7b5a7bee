"""One result beside the reference: how far it is away, where, and how far rounding may move it."""

from __future__ import annotations

import numpy as np

from flowc.nets.verifying.reference import Key, Reference
from flowc.nets.verifying.tolerance import allowed_difference
from flowc.records import Record

Array = np.ndarray


class Difference(Record):
    """The number at one place of a result and what it should be; `allowed` is what rounding explains."""

    way: str
    key: Key
    place: tuple[int, ...]
    computed: float
    expected: float
    allowed: float

    @property
    def size(self) -> float:
        return 0.0 if self.computed == self.expected else abs(self.computed - self.expected)

    @property
    def share(self) -> float:
        """Of what rounding explains; above 1 it does not. A number that is none is explained by nothing."""
        if self.size == 0:
            return 0.0
        share = self.size / self.allowed if self.allowed else np.inf
        return np.inf if np.isnan(share) else share


def largest_difference(way: str, key: Key, result: Array, expected: Array, limit: Array) -> Difference:
    """Where a result is farthest away, measured by what rounding explains. Shapes are equal."""
    with np.errstate(all="ignore"):
        shares = np.where(result == expected, 0.0, np.abs(result - expected) / limit)
    shares = np.where(np.isnan(shares), np.inf, shares)
    place = np.unravel_index(int(np.argmax(shares)), shares.shape) if shares.ndim else ()
    at = tuple(int(k) for k in place)
    return Difference(way, key, at, *(float(a[at]) for a in (result, expected, limit)))


def measure_result(reference: Reference, way: str, key: Key, result: Array) -> Difference:
    """Of one result in float64. Raises AssertionError where its shape is another."""
    expected, scale = reference.expected_value(key)
    check_shape(reference, way, key, result)
    return largest_difference(way, key, result, expected, allowed_difference(scale, key[0] == "gradient"))


def check_shape(reference: Reference, way: str, key: Key, result: Array) -> None:
    """Raises AssertionError."""
    expected, _ = reference.expected_value(key)
    if result.shape != expected.shape:
        raise reference.failure_of(way, key, f"has the shape {result.shape}, not {expected.shape}")


def compare_result(reference: Reference, way: str, key: Key, result: Array) -> None:
    """One result in float64. Raises AssertionError."""
    expected, scale = reference.expected_value(key)
    worst = measure_result(reference, way, key, result) if result.size or result.shape != expected.shape else None
    if reference.exact and key[0] != "loss" and not np.array_equal(result, expected):
        raise reference.failure_of(way, key, f"is {result}, not exactly {expected}")
    if worst and worst.share > 1:
        raise reference.failure_of(way, key, f"is {result}, not {expected}; their scale is {scale}")
