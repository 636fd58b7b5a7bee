"""A diagram about to be printed as plain Python: the program of its elements, their names, what gets a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from flowc.backends.backend import Options, Refused
from flowc.backends.plain.scalar_helpers import RESERVED
from flowc.backends.plain.scalar_names import spell_elements, spell_parts
from flowc.backends.python.header import header
from flowc.backends.python.inline import inlined, is_part, needed
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.tidy import with_indicators, with_numbers
from flowc.graph.network import Network
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.lowering import too_long
from flowc.program.ops import Copy, Count, Reduce, Spread, Stack
from flowc.program.scalars import LIMIT, TooLong, scalarised
from flowc.program.values import type_of

TRIVIAL = (Copy, Count)  # as short as a name: may stand anywhere


class ScalarSheet(Sheet):
    """`flat` is the program of elements, `elements` those of every named array. `each` tells whether `forward` takes
    one token (else lists of them)."""

    reserved = RESERVED

    def __init__(self, network: Network, program: Program, options: Options):
        super().__init__(network, program, options, explicit=True)
        try:
            scalars = scalarised(program)
        except TooLong:
            raise _too_long() from None
        steps = tuple(with_indicators(without_copies(with_numbers(scalars.program.steps))))
        self.flat = replace(scalars.program, steps=steps)
        self.elements = scalars.elements
        self.each = options.batch in (None, 1)
        self.fixed = [w for w in self.fixed if w.name not in self.literals]
        spell_elements(self.names, network, scalars)
        spell_parts(self.names, steps, program.loss)
        self.count = self.names.fresh("n")
        self.lists = any(s.type.shape for s in self.learnt)

    @property
    def given(self) -> list[Symbol]:
        """Inputs and targets."""
        return [*self.program.inputs, *self.program.targets]

    def scalars(self, symbols: Iterable[Symbol]) -> list[Symbol]:
        """The elements of these, row by row."""
        return [e for s in symbols for e in self.elements[s] if isinstance(e, Symbol)]

    def flat_steps(self, wanted: Iterable[Symbol]) -> list[Step]:
        return needed(self.flat.steps, wanted)

    def header(self) -> str:
        notes = []
        arrays = [s for s in (*self.program.activations.values(), *self.program.weights) if s.type.shape]
        if arrays:
            first, name = self.elements[arrays[0]][0], self.names[arrays[0]]
            assert isinstance(first, Symbol)
            notes.append(f"Arrays are lists of floats: {self.names[first]} is the first of {name}.")
        if self.options.dtype == "float32":
            notes.append("Computed in double precision: Python has no shorter floats.")
        return header(self.network, self.program, self.names, self.options, notes)


def without_copies(steps: Iterable[Step]) -> list[Step]:
    """Parts of formulas that are other values under another name, as these."""
    same: dict[Arg, Arg] = {}
    kept = []
    for step in steps:
        step = replace(step, args=tuple(same.get(a, a) for a in step.args))
        if isinstance(step.op, (Copy, Spread)) and is_part(step.symbol) and isinstance(step.args[0], Symbol):
            same[step.symbol] = step.args[0]
        else:
            kept.append(step)
    return kept


def _too_long() -> Refused:
    return Refused(too_long())


@dataclass(frozen=True)
class Phases:
    """When things are computed: before the tokens, for each of them (sums grow meanwhile), and after."""

    before: list[Step]
    loop: list[Step]
    after: list[Step]

    @property
    def groups(self) -> list[list[Step]]:
        return [self.before, self.loop, self.after]


def phases(steps: Sequence[Step]) -> Phases:
    """What follows from a sum over the tokens comes after it."""
    late: set[Arg] = set()
    found = Phases([], [], [])
    for step in steps:
        after = any(a in late for a in step.args)
        if after and type_of(step.symbol).batched:
            raise Refused("a token here depends on all the others, which `--lower scalar` cannot; take `--lower dense`")
        if isinstance(step.op, Reduce) or after:
            late.add(step.symbol)
        within = isinstance(step.op, Reduce) or type_of(step.symbol).batched
        (found.after if after else found.loop if within else found.before).append(step)
    return found


def hidden_in(groups: Sequence[Sequence[Step]], wanted: Iterable[Symbol]) -> set[Symbol]:
    """The symbols without a line: parts that are used once, where they are made."""
    steps = [step for group in groups for step in group]
    check_length(steps)
    uses = Counter(a for s in steps for a in s.args if isinstance(a, Symbol))
    kept: set[Arg] = {s.symbol for s in steps if isinstance(s.op, Reduce)}
    kept |= {s.symbol for s in steps if not isinstance(s.op, (*TRIVIAL, Stack)) and uses[s.symbol] > 1}
    kept |= {a for s in steps if isinstance(s.op, Stack) and uses[s.symbol] > 1 for a in s.args}
    for group in groups:
        made = {s.symbol for s in group if is_part(s.symbol) and not isinstance(s.op, TRIVIAL)}
        kept |= {a for other in groups if other is not group for s in other for a in s.args if a in made}
    hidden = inlined(steps, {*wanted, *(a for a in kept if isinstance(a, Symbol))})
    return hidden | {s.symbol for s in steps if isinstance(s.op, Count)}


def check_length(steps: Collection[Step]) -> None:
    """Raises Refused for a function of more lines than are worth it."""
    if sum(not is_part(s.symbol) for s in steps) > LIMIT:
        raise _too_long()
