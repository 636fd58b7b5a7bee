"""One core, one thread for every library, and the line that says what was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "scipy", "torch", "jax", "neat-python", "scikit-learn")

# Libraries read these when they are imported.
ALONE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


def pin() -> None:
    """This process, and those that it starts, on one core: the last that it may use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def pools() -> list[str]:
    """Libraries with more than one thread, which would make the times worthless; without threadpoolctl, none is known."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return []
    return [pool["internal_api"] for pool in threadpool_info() if pool["num_threads"] > 1]


def line() -> str:
    """The processor and the versions, without a date."""
    return f"{processor()}, one core, one thread; {', '.join(versions())}"


def processor() -> str:
    """Its name, and the widest vectors that it has."""
    file = Path("/proc/cpuinfo")
    told = file.read_text(encoding="utf-8") if file.exists() else ""
    facts = {key.strip(): value.strip() for key, _, value in (row.partition(":") for row in told.splitlines())}
    name = facts.get("model name") or platform.processor() or platform.machine()
    widest = next(
        (words for flag, words in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in facts.get("flags", "")), ""
    )
    return ", ".join(filter(None, (name, platform.machine(), widest)))


def versions() -> Iterator[str]:
    yield f"Python {platform.python_version()}"
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"no {package}"
