"""One result beside the reference: how far it may be away."""

from __future__ import annotations

import numpy as np

from flowc.doors.verifying.reference import Key, Reference
from flowc.doors.verifying.tolerance import allowed

Array = np.ndarray


def compare(reference: Reference, who: str, key: Key, result: Array) -> None:
    """One result in float64. Raises AssertionError."""
    expected, scale = reference.expected(key)
    if result.shape != expected.shape:
        raise reference.failure(who, key, f"has the shape {result.shape}, not {expected.shape}")
    if reference.exact and key[0] != "loss" and not np.array_equal(result, expected):
        raise reference.failure(who, key, f"is {result}, not exactly {expected}")
    far = np.abs(result - expected) > allowed(scale, key[0] == "gradient")
    if np.any(far | np.isnan(result)):
        raise reference.failure(who, key, f"is {result}, not {expected}; their scale is {scale}")
