"""How long it takes to compile a million arrows, from their lists to the file; beside numpy reading the list of arrows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import dag_files
from benchmarks.command import Spent, spent
from benchmarks.dag import INTO
from benchmarks.harness import Effort, Row, seconds
from benchmarks.made import ROOT

SIZES, QUICK = (100_000, 1_000_000), (10_000, 100_000)  # arrows: the second is asked about, the first is to grow from
DEPTH = 100
ARROW = np.dtype([("source", "U8"), ("target", "U8"), ("weight", float), ("learnt", "U3")])
LIMIT, GROWTH, MEMORY = 30, 2.5, 4e9


def compiled(place: Path) -> Spent:
    """The whole command, as a process."""
    return spent(ROOT, place, "compile", "diagram.flow", "--style", "fast", "-o", "big.py")


def loaded(place: Path) -> np.ndarray:
    return np.loadtxt(place / "edges.csv", ARROW, delimiter=",", skiprows=1)


def written(arrows: int) -> tuple[Path, int]:
    """The folder of a diagram with about so many arrows, and how many it has."""
    _, place = dag_files.written(arrows // (INTO + 1) // DEPTH * DEPTH, DEPTH)
    return place, len(loaded(place))


def rows(sizes: Sequence[int], effort: Effort) -> Iterator[Row]:
    (few, some), (big, many) = map(written, sizes)
    rounds = [(compiled(few), compiled(big), seconds(lambda: loaded(big), 1)) for _ in range(effort.rounds)]
    question, took = f"compile {many:,} arrows", median(large.seconds for _, large, _ in rounds)
    reading = tuple(large.seconds / numpy for _, large, numpy in rounds)
    growth = tuple(large.seconds / many * some / small.seconds for small, large, _ in rounds)
    memory = tuple(large.memory / MEMORY for _, large, _ in rounds)
    yield Row(question, "numpy", "`numpy.loadtxt` of the arrows", LIMIT, took, reading)
    yield Row(f"{question}, time per arrow", "numpy", f"the same of {some:,}", GROWTH, took / many, growth)
    yield Row(f"{question}, memory", "numpy", f"{MEMORY / 1e9:g} GB", 1.0, None, memory)
