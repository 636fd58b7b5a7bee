"""How many diagrams: FLOWC_EXAMPLES=2000 asks for a long run, with diagrams that no run has seen before."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

FACTOR = float(os.environ.get("FLOWC_EXAMPLES", "0")) / 100


def examples(number: int) -> settings:
    """`number` examples, always the same ones; or as many times more as FLOWC_EXAMPLES is times 100, drawn anew."""
    return settings(
        max_examples=max(1, round(number * (FACTOR or 1))),
        derandomize=not FACTOR,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
