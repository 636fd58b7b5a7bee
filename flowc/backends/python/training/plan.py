"""How a diagram learns, as its script says it: the method, how long, on which tokens, at which rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowc.backends.code import tree as t
from flowc.backends.code.fill import fill
from flowc.backends.code.quote import read
from flowc.backends.code.quote_statements import statement
from flowc.backends.python import expression as e
from flowc.graph.network import Network
from flowc.maths.optimisers import DEFAULT, OPTIMISERS, Optimiser

PLAIN = ("w = w - rate * g",)  # a step that is written into the loop
SHOWN = (100, 50, 20, 10, 5, 2, 1)  # steps between two lines of output: those that give ten lines or more


@dataclass(frozen=True)
class Plan:
    """`values`: every setting that has one. `tokens`: how many there are, None where only the data file tells."""

    record: Optimiser
    values: Mapping[str, float]
    tokens: int | None
    chosen: bool = field(default=True)  # by the diagram, which says how to learn

    @property
    def method_words(self) -> str:
        """The method in words."""
        return self.record.title or self.record.name

    @property
    def step_statements(self) -> tuple[t.Statement, ...]:
        """As the method's record has it."""
        return tuple(map(statement, self.record.lines(self.values)))

    @property
    def is_inline(self) -> bool:
        return self.record.lines(self.values) == PLAIN

    @property
    def decays(self) -> bool:
        """Whether a step changes a weight whose gradient is 0."""
        return self.record.drifts(self.values)

    @property
    def replaces(self) -> bool:
        return bool(self.values.get("replace"))

    @property
    def batch_size(self) -> int | None:
        """Tokens of a step; None for as many as there are."""
        size = self.values.get("batch")
        if size is None or self.tokens is None:
            return None if size is None else int(size)
        return min(int(size), self.tokens)

    @property
    def in_batches(self) -> bool:
        """Whether a step takes some of the tokens, not just all."""
        return self.replaces or self.batch_size is not None and self.batch_size != self.tokens

    @property
    def shuffles(self) -> bool:
        """Whether the order of tokens is drawn."""
        return self.in_batches and (self.replaces or not self.values.get("order"))

    @property
    def seed(self) -> int:
        return int(self.values["seed"])

    @property
    def steps(self) -> int | None:
        """How many; None where that hangs on how many tokens there are."""
        if "epochs" not in self.values:
            return int(self.values["steps"])
        epochs = int(self.values["epochs"])
        if not self.in_batches or self.batch_size is None:
            return epochs
        return None if self.tokens is None else -(-epochs * self.tokens // self.batch_size)

    @property
    def steps_between_lines(self) -> int:
        """How many steps lie between two lines of output."""
        steps = self.steps
        return next(n for n in SHOWN if steps is None or 10 * n <= steps or n == 1)

    @property
    def has_schedules(self) -> bool:
        return bool(self._schedule_factors)

    @property
    def _schedule_factors(self) -> list[str]:
        return [s.factor for s in self.record.schedules(self.values)]

    def rate_of(self, base: float, step: t.Expression, steps: t.Expression) -> t.Expression:
        """The rate of a step: the base times the factors of the schedules, with their numbers put in."""
        values = {name: e.number(value) for name, value in self.values.items()} | {"t": step, "steps": steps}
        rate = e.number(base)
        for text in self._schedule_factors:
            match fill(read(text), values):
                case t.Product(((_, t.Number("1")), ("/", divisor))):
                    rate = e.quotient(rate, divisor)
                case factor:
                    rate = factor if rate == t.Number("1") else e.lengthened(rate, factor)
        return rate


def plan_of(network: Network, tokens: int | None) -> Plan:
    """That of the `train` statement; without one gradient descent with its defaults."""
    training = network.train
    record = OPTIMISERS[training.method if training else DEFAULT]
    values = record.values(dict(training.settings) if training else {})
    return Plan(record, values, tokens, training is not None)
