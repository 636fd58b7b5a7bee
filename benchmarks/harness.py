"""Timing: interleaved rounds, the ratio of each round, its median and quartiles."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from statistics import median, quantiles

from benchmarks.race import Peer, Race, Task, Work, difference, missing


@dataclass(frozen=True)
class Row:
    """One line of the table. `note` says why there are no ratios."""

    question: str
    file: str
    peer: str
    limit: float | None = None
    seconds: float | None = None  # that flowc's file takes, the median
    ratios: tuple[float, ...] = ()
    note: str = ""

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles around the median."""
        if len(self.ratios) < 2:
            return (self.ratios[0],) * 2
        low, _, high = quantiles(self.ratios, n=4, method="inclusive")
        return low, high

    @property
    def met(self) -> bool | None:
        """Whether the lower quartile is within the limit; None where there is nothing to say."""
        return self.spread[0] <= self.limit if self.ratios and self.limit is not None else None


@dataclass(frozen=True)
class Effort:
    """How often a race is run, and how long at least a single timing takes."""

    rounds: int = 7
    least: float = 0.01  # seconds


def seconds(work: Work, times: int) -> float:
    """For doing it once, when it is done so many times; the garbage collector rests."""
    collects = gc.isenabled()
    gc.disable()
    try:
        started = time.perf_counter()
        for _ in repeat(None, times):
            work()
        return (time.perf_counter() - started) / times
    finally:
        if collects:
            gc.enable()


def repetitions(work: Work, least: float) -> int:
    """How many times take at least so many seconds; the first call warms up."""
    work()
    times = 1
    while (taken := seconds(work, times) * times) < least:
        times = max(2 * times, int(times * 1.2 * least / taken)) if taken > least / 100 else 10 * times
    return times


def timed(works: Mapping[str, Work], effort: Effort) -> dict[str, list[float]]:
    """The times of each, round by round; every other round runs in the opposite order."""
    times = {name: repetitions(work, effort.least) for name, work in works.items()}
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(effort.rounds):
        for name in [*works][:: -1 if number % 2 else 1]:
            found[name].append(seconds(works[name], times[name]))
    return found


def run(race: Race, effort: Effort) -> Iterator[Row]:
    """The rows of a race. Results are compared first; only what agrees has a ratio."""
    tasks = {name: make() for name, make in race.makes.items()}
    faults = disagreements(race, tasks)
    times = timed({name: task.work for name, task in tasks.items()}, effort)
    yield from faster(_row(race, file, peer, times, faults) for file, peer in race.pairs)


def disagreements(race: Race, tasks: Mapping[str, Task]) -> dict[tuple[str, str], str | None]:
    """For each file and peer how their results differ, if they do. Every work is done once, from its start."""
    results = {name: task.shown(task.work()) for name, task in tasks.items()}
    return {
        (file, peer.name): difference(results[file], results[peer.name], race.tolerance)
        for file, peer in race.pairs
        if not missing(file, peer)
    }


def _row(race: Race, file: str, peer: Peer, times: Mapping[str, list[float]], faults: Mapping) -> Row:
    row = Row(race.question, file, peer.name, peer.limit)
    if package := missing(file, peer):
        return replace(row, note=f"`{package}` is not installed")
    if fault := faults[file, peer.name]:
        return replace(row, note=fault)
    ratios = tuple(a / b for a, b in zip(times[file], times[peer.name], strict=True))
    return replace(row, seconds=median(times[file]), ratios=ratios)


def faster(rows: Iterable[Row]) -> list[Row]:
    """Where several files face one peer, the limit stays with the faster alone."""
    rows = [*rows]
    best: dict[str, float] = {}
    for row in rows:
        if row.ratios:
            best[row.peer] = min(row.ratio, best.get(row.peer, row.ratio))
    return [row if not row.ratios or row.ratio == best[row.peer] else replace(row, limit=None) for row in rows]
