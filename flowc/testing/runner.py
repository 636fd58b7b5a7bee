"""Draws diagrams for a time, holds each to everything, and keeps what fails as the smallest diagram that does."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIG_IGN, SIGINT, default_int_handler, signal
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from flowc.testing.census import Census
from flowc.testing.checks import SHARES, Case, Check
from flowc.testing.choices import Random
from flowc.testing.diagram import Diagram
from flowc.testing.make import make
from flowc.testing.shrink import shrunk


@dataclass(frozen=True, slots=True)
class Failure:
    """A diagram that does not hold. `check` is the name of what it fails, `message` what was said of it."""

    seed: int
    check: str
    message: str
    diagram: Diagram

    @property
    def name(self) -> str:
        return f"{self.seed}-{self.check}"

    def keep(self, folder: Path) -> Path:
        """The diagram, its files, and a note how to see it again, in a folder of their own; the diagram's path."""
        place = folder / self.name
        place.mkdir(parents=True, exist_ok=True)
        again = f"python -m flowc.testing --seed {self.seed} --count 1"
        (place / "note.txt").write_text(f"{again}\n{self.check}: {self.message}\n", encoding="utf-8")
        return self.diagram.write(place)


@dataclass
class Report:
    """What came of a run."""

    checks: Counter[str] = field(default_factory=Counter)
    census: Census = field(default_factory=Census)
    failures: list[Failure] = field(default_factory=list)

    def add(self, failure: Failure, folder: Path | None) -> None:
        """A failure, which is kept in a folder of its own where there is one for all."""
        self.failures.append(failure)
        if folder:
            failure.keep(folder)

    def merge(self, other: Report) -> None:
        self.checks += other.checks
        self.census.merge(other.census)
        self.failures += other.failures


@dataclass(frozen=True, slots=True)
class Search:
    """What to draw and for how long: seeds from `first`, for `seconds` or `count` of them; `shares` as in SHARES."""

    first: int = 1
    seconds: float = 60.0
    count: int | None = None
    share: str = "all"
    backends: Sequence[str] = ("numpy", "torch")
    shrinking: float = 30.0  # seconds for each failure
    enough: int = 20  # failures of one worker, at which it ends: more of them say little
    folder: Path | None = None  # for what fails, as soon as it does
    telling: bool = False  # of every thousandth diagram, on standard error


def of_seed(seed: int) -> Diagram:
    """The diagram of a seed: mostly a few nodes, now and then one alone, exact ones, scalars, and one of many nodes."""
    sizes: dict[str, Any] = {"most_nodes": 1, "most_inputs": 2} if seed % 4 == 1 else {}
    if seed % 40 == 7:
        sizes = {"most_nodes": 25, "depth": 3, "most_inputs": 6}
    rarity = 4 if seed % 3 == 0 else 1
    return make(Random(seed), exact=seed % 6 == 2, scalars=seed % 7 == 3, rarity=rarity, without=(), **sizes)


def search(how: Search, workers: int = 1) -> Report:
    """Everything that was drawn and found, by so many processes."""
    if workers == 1:
        return _of_worker(how, 0, 1)
    report = Report()
    with _interrupts_ignored(), ProcessPoolExecutor(workers, initializer=signal, initargs=(SIGINT, default_int_handler)) as pool:
        for part in pool.map(_of_worker, [how] * workers, range(workers), [workers] * workers):
            report.merge(part)
    return report


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Here, but not in the workers, each of which then ends and says what it has."""
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


def _of_worker(how: Search, place: int, workers: int) -> Report:
    """Every `workers`-th seed, until the time is over or somebody interrupts."""
    report, end = Report(), monotonic() + how.seconds
    try:
        for seed in _seeds_of_worker(how, place, workers):
            if monotonic() > end or len(report.failures) >= how.enough:
                break
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                hold(how, seed, report)
            if how.telling and report.census.diagrams % 1000 == 0:
                text = f"{report.census.diagrams} diagrams, {len(report.failures)} failures, seed {seed}"
                print(text, file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        pass
    return report


def _seeds_of_worker(how: Search, place: int, workers: int) -> Iterator[int]:
    last = how.first + (how.count if how.count is not None else 10**9)
    return iter(range(how.first + place, last, workers))


def hold(how: Search, seed: int, report: Report) -> None:
    """One diagram, held to everything of its share; what fails is shrunk."""
    diagram = of_seed(seed)
    try:
        report.census.add(diagram.text, diagram.load().network)
    except Exception as error:  # noqa: BLE001 a valid text is not read: that is a failure like any other
        report.add(Failure(seed, "load", _spell_error(error), diagram), how.folder)
        return
    for check in SHARES[how.share]:
        first_failure = failing(check, diagram, seed, how.backends)
        report.checks[check.__name__] += 1
        if first_failure:
            smallest = smallest_failing(check, diagram, seed, how, first_failure)
            failure = failing(check, smallest, seed, how.backends) or first_failure
            report.add(Failure(seed, check.__name__, _spell_error(failure), smallest), how.folder)


def failing(check: Check, diagram: Diagram, seed: int, backends: Sequence[str]) -> Exception | None:
    """What a check says of a diagram; None where it holds."""
    with TemporaryDirectory() as folder:
        try:
            check(Case(diagram, Path(folder), seed, backends))
        except Exception as error:  # noqa: BLE001 whatever it is, it is a failure
            return error
    return None


def smallest_failing(check: Check, diagram: Diagram, seed: int, how: Search, error: Exception) -> Diagram:
    """The smallest diagram of which the check says the same kind of thing."""

    def fails(candidate: Diagram) -> bool:
        return type(failing(check, candidate, seed, how.backends)) is type(error)

    return shrunk(diagram, fails, how.shrinking)


def _spell_error(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:2000]}"
