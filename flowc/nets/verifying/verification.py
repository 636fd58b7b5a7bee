"""What `flowc verify` does: rounds of numbers, everything that computes the diagram on each, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from itertools import count
from time import monotonic

import numpy as np

from flowc.backends import find
from flowc.data.dataset import Dataset
from flowc.graph.network import Network
from flowc.nets.diagram_data import diagram_data
from flowc.nets.net import Net
from flowc.nets.opened import Opened
from flowc.nets.verifying.compare import Difference
from flowc.nets.verifying.diagram import describe_network
from flowc.nets.verifying.findings import (
    Finding,
    of_differences,
    of_digits,
    of_loops,
    of_second_reading,
    of_single,
    of_way,
)
from flowc.nets.verifying.numbers import some_inputs, some_weights
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.tolerance import NEAR
from flowc.nets.verifying.ways import Way, all_ways, differing_ways, plain_way, printed_way
from flowc.oracle import digits
from flowc.oracle.functions import KNOWN
from flowc.program.lowering import size
from flowc.records import Record

Array = np.ndarray

TOKENS = 64  # of the data, at most
BATCHES = (4, 1)  # tokens of the draws, by turns
LINES = 200_000  # scalar lines, times tokens, of a second reading that takes a second
FEW_LINES = 20_000  # of one in many digits
TRIES = 20  # of draws, until one is taken that comes too near to a jump
QUICK_LINES = 2_000  # of a diagram whose first round is whole, whatever time it takes
STEPS = 2_000  # of a program whose loss is computed again and again


class Round(Record):
    """Numbers for a diagram; `name` as in "on iris.csv"."""

    name: str
    reference: Reference


@dataclass
class Group:
    """All findings of one kind."""

    ways: set[str] = field(default_factory=set)
    count: int = 0
    worst: Difference | None = None
    where: str = ""  # the round of the worst


@dataclass
class Outcome:
    """`wrong` and `broken`: what differs and what does not run, with the round. `thresholds`: where rounding decides."""

    groups: dict[str, Group] = field(default_factory=dict)
    rounds: list[str] = field(default_factory=list)
    skipped: int = 0  # draws that came too near to a jump, or were not finite
    wrong: list[tuple[str, Difference]] = field(default_factory=list)
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    thresholds: list[str] = field(default_factory=list)
    decided: int = 0  # results that differ there
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        return not self.wrong and not self.broken

    def add_finding(self, round: Round, found: Finding) -> None:
        group = self.groups.setdefault(found.group, Group())
        group.ways.add(found.way)
        group.count += found.count
        if found.broken:
            self.broken.append((round.name, found.way, found.broken))
        if found.wrong and round.reference.scales.nearest <= NEAR:
            self.decided += len(found.wrong)
            return
        if found.worst and (group.worst is None or found.worst.share > group.worst.share):
            group.worst, group.where = found.worst, round.name
        self.wrong += [(round.name, d) for d in found.wrong]


def _first_infinite(reference: Reference) -> str:
    """What is not finite: a value that has a name, else the first of those within formulas, as the exp of 1/(1 + exp(x))."""
    for (kind, name), symbol in reference.symbols.items():
        if not np.isfinite(reference.values[symbol]).all():
            what = {"node": "", "loss": "the loss ", "gradient": "the gradient of "}.get(kind, "the excitation of ")
            return f"{what}`{name}`"
    owners = (s.owner for s, value in reference.values.items() if s.owner and not np.isfinite(value).all())
    return next((f"`{owner}`" for owner in owners), "a value on the way")


class Verification:
    """Of a diagram, on backends whose nets can be made. `tell` hears of each finding, before it is made."""

    def __init__(
        self, diagram: Opened, backends: Sequence[str], weights: Mapping[str, Array], data: Dataset | None, seed: int = 0,
        seconds: float = 10, tell: Callable[[str], None] = lambda what: None,
    ):  # fmt: skip
        self.diagram, self.backends, self.weights, self.data = diagram, backends, weights, data
        self.seed, self.tell = seed, tell
        self.lines = max(1, size(diagram.network))
        self._end = monotonic() + seconds
        self._nets: dict[Way, Net | None] = {}
        self.outcome = Outcome()

    @property
    def network(self) -> Network:
        return self.diagram.network

    @property
    def learns(self) -> bool:
        """Whether it can learn from data of its own."""
        return bool(self.network.loss and self.weights and any(d.part != "test" for d in self.network.data))

    def run(self) -> Outcome:
        """One round, whole but for large diagrams; then random numbers until the time is over. Raises FloatingPointError."""
        for number, round in enumerate(self._all_rounds()):
            self.outcome.rounds.append(round.name)
            self._note_threshold(round)
            for finding in self._findings_of(round, first=number == 0):
                self.outcome.add_finding(round, finding)
            if self._is_late():
                break
        self._note_left_out()
        return self.outcome

    def _is_late(self) -> bool:
        return monotonic() > self._end

    # ---------------------------------------------------------------------------------------------------------- rounds

    def _all_rounds(self) -> Iterator[Round]:
        if self.data is not None:
            yield self._of_data(self.data)
        near: Round | None = None  # a draw to be taken where there is no better one
        for seed in count(self.seed + 1):
            drawn = self._of_seed(seed)
            if drawn and drawn.reference.scales.nearest > NEAR:
                yield drawn
                continue
            near = near or drawn
            self.outcome.skipped += 1
            if self._is_late() or self.outcome.skipped >= TRIES and not self.outcome.rounds:
                break
        if near and not self.outcome.rounds:
            yield near

    def _of_data(self, data: Dataset) -> Round:
        """The first tokens. Raises FloatingPointError where a value is not finite."""
        tokens = min(data.tokens, TOKENS, max(1, LINES // self.lines))
        some = data.take(slice(0, tokens))
        drawn = some_inputs(describe_network(self.network), self.seed + 1, tokens)
        inputs = {name: some.arrays.get(name, value) for name, value in drawn.items()}
        reference = Reference(self.diagram, describe_network(self.network), self.weights, inputs)
        if not reference.finite:
            name = _first_infinite(reference)
            raise FloatingPointError(f"{name} is not finite on {data.name}, so that nothing can be compared")
        of = f"{tokens} of {data.tokens}" if tokens < data.tokens else f"{tokens}"
        return Round(f"{of} token{'s' if data.tokens != 1 else ''} of {data.name}", reference)

    def _of_seed(self, seed: int) -> Round | None:
        """None where a value is not finite."""
        shapes = {w.name: w.shape for w in self.network.weights if w.learnt}
        tokens = BATCHES[seed % len(BATCHES)]
        about = describe_network(self.network)
        reference = Reference(self.diagram, about, some_weights(shapes, seed), some_inputs(about, seed, tokens))
        return Round(f"draw {seed}", reference) if reference.finite else None

    def _note_threshold(self, round: Round) -> None:
        scales = round.reference.scales
        if scales.nearest > NEAR or scales.jump is None:
            return
        symbol, at = scales.jump
        token = f" for token {at + 1}" if at is not None else ""
        of = round.name.partition(" of ")[2] or round.name
        self.outcome.thresholds.append(f"`{symbol.owner}`{token} of {of}")

    # -------------------------------------------------------------------------------------------------------- findings

    def _findings_of(self, round: Round, first: bool) -> Iterator[Finding]:
        yield from self._of_meaning(round.reference)
        for way in self._all_ways(plain_way(self.backends)):
            yield from self._of_way(round.reference, way)
        self.tell("float32")
        yield from of_single(round.reference, self.backends)
        if first and self.learns and self.lines <= QUICK_LINES:
            yield from self._of_learning()
        for way in self._all_ways(all_ways(self.backends)):
            if self._is_late() and (not first or self.lines > QUICK_LINES):
                if first:
                    self.outcome.left_out["some lowerings"] = "for want of time; `--seconds` gives more"
                return
            yield from self._of_way(round.reference, way)

    def _of_meaning(self, reference: Reference) -> Iterator[Finding]:
        tokens = len(next(iter(reference.inputs.values()), (0,)))
        lines = self.lines * tokens
        if lines <= LINES and not self._why_unread:
            self.tell("second reading")
            yield of_second_reading(reference)
        if lines <= FEW_LINES and not self._why_unread and find_spec("mpmath"):
            self.tell("50 digits")
            yield of_digits(reference, digits(50))
        if reference.program.gradients and len(reference.program.steps) <= STEPS:
            self.tell("finite differences")
            yield of_differences(reference, self.seed)

    def _all_ways(self, ways: Iterator[Way]) -> list[Way]:
        return differing_ways(self.network, ways)

    def _of_learning(self) -> Iterator[Finding]:
        """From the diagram's own data, also where others stand in their place."""
        self.tell("learning")
        try:
            diagram_data(self.diagram, "train", 0)
        except ValueError as error:
            self.outcome.left_out["learning"] = f"since the diagram's own data cannot be used: {str(error).splitlines()[0]}"
        else:
            yield of_loops(self.diagram, [name for name in self.backends if find(name).language == "python"])

    def _of_way(self, reference: Reference, way: Way) -> Iterator[Finding]:
        self.tell(str(way))
        if way not in self._nets:
            try:
                self._nets[way] = printed_way(way, reference)
            except Exception as error:  # noqa: BLE001 a fault of the backend's
                self._nets[way] = None
                yield Finding(way.backend, f"{way}", broken=f"it cannot be printed, {type(error).__name__}: {error}")
        net = self._nets[way]
        if net is not None:
            yield from of_way(reference, way, net)

    @cached_property
    def _why_unread(self) -> list[str]:
        """Functions that were added to flowc, of which the second reading knows nothing."""
        return sorted({node.function for node in self.network.nodes} - KNOWN)

    def _note_left_out(self) -> None:
        left_out, compared = self.outcome.left_out, self.outcome.groups
        slow = f"which {self.lines:,} lines make too slow"
        if self._why_unread:
            left_out["the second reading"] = f"which has no function `{self._why_unread[0]}`"
        elif "second reading" not in compared:
            left_out["the second reading"] = slow
        if find_spec("mpmath") is None:
            left_out["50 digits"] = "for which mpmath is not installed: `pip install flowc[verify]`"
        elif "50 digits" not in compared and not self._why_unread:
            left_out["50 digits"] = slow
        if "finite differences" not in compared and self.network.loss and len(self.weights):
            left_out["finite differences"] = slow
