"""A diagram about to be printed as plain Python: the program of its elements, their names, what gets a line."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from flowc.backends.backend import Options, Refused
from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.plain.names import spell_elements, spell_parts
from flowc.backends.plain.templates import HELPERS
from flowc.backends.python import expression as e
from flowc.backends.python.header import header
from flowc.backends.python.imports import STANDARD
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.spelling import nested_list
from flowc.backends.python.text import decimal
from flowc.graph.network import Network
from flowc.program.dependencies import is_part
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.lowering import too_long
from flowc.program.ops import OPERATIONS, Copy, Count, Reduce, Stack
from flowc.program.passes.inline import inlined
from flowc.program.passes.passes import Printing, passes_of, run
from flowc.program.passes.results import leading_to
from flowc.program.passes.tokens import Entangled
from flowc.program.scalar_writer import TooLong
from flowc.program.scalars import LIMIT

MATHS = {op.name: t.Import("math", (op.name,)) for op in OPERATIONS if hasattr(math, op.name)}
MATHS |= {name: t.Import("math", (name,)) for name in ("copysign", "inf", "nan", "pow")}
# What the file calls by name beside its own functions and `naming.MODULE`.
RESERVED = (
    *HELPERS.nodes, *MATHS, "abs", "enumerate", "isinstance", "map", "max", "next", "sum", "values", "given", "rows", "tokens",
)  # fmt: skip
TRIVIAL = (Copy, Count)  # as short as a name: may stand anywhere


class PlainSheet(Sheet):
    """`flat` is the program of elements, `elements` those of every named array. `each` tells whether `forward` takes
    one token (else lists of them)."""

    reserved = RESERVED
    importable = (STANDARD | MATHS,)

    def __init__(self, network: Network, program: Program, options: Options, printing: Printing):
        super().__init__(network, program, options, Printing())
        self.flat_passes = passes_of(printing)
        try:
            self.flat = run(self.flat_passes.of_file, program)
        except TooLong:
            raise Refused(too_long()) from None
        self.elements = self.flat.notes.elements
        self.each = printing.one_token
        self.fixed = [w for w in self.fixed if w.name not in self.literals]
        spell_elements(self.names, network, self.elements)
        spell_parts(self.names, self.flat.steps, program.loss)
        self.count = self.names.fresh("n")
        self.lists = any(s.type.shape for s in self.learnt)

    @property
    def sample_symbols(self) -> list[Symbol]:
        """Inputs and targets."""
        return [*self.program.inputs, *self.program.targets]

    def scalars_of(self, symbols: Iterable[Symbol]) -> list[Symbol]:
        """The elements of these, row by row."""
        return [x for s in symbols for x in self.elements[s] if isinstance(x, Symbol)]

    def as_list(self, symbol: Symbol) -> t.Expression:
        """A value as it is returned: a number, or a list."""
        return nested_list(self._element_names(symbol), symbol.type.shape)

    def as_target(self, symbol: Symbol) -> t.Expression:
        """What a value is assigned to: a name, or the names of its elements in parentheses."""
        return nested_list(self._element_names(symbol), symbol.type.shape, t.Tuple)

    def _element_names(self, symbol: Symbol) -> list[t.Expression]:
        return [e.atom(self.names[a] if isinstance(a, Symbol) else decimal(a)) for a in self.elements[symbol]]

    def unpack_elements(self, symbols: Iterable[Symbol], used: set[Symbol]) -> list[t.Statement]:
        """The elements of arrays, out of the arguments; of those that are used."""
        arrays = [s for s in symbols if s.type.shape and used.intersection(self.scalars_of([s]))]
        return [assign(self.as_target(s), e.atom(self.names[s])) for s in arrays]

    def weights_by_name(self, values: Iterable[tuple[Symbol, t.Expression]]) -> t.Dict:
        """`{"W": value, ...}`, by the names of weights."""
        return t.Dict(tuple(e.entry(self.names[symbol], value) for symbol, value in values))

    def of_function(self, name: str) -> Program:
        """What a function of the file computes, in phases. Raises Refused."""
        return _refuse_entangled(lambda: run(self.flat_passes.functions[name], self.flat))

    def of_values(self, wanted: Iterable[Symbol], targets: Iterable[Symbol]) -> Program:
        """What leads to chosen numbers, in phases; of targets these are given. Raises Refused."""
        program = replace(leading_to(self.flat, wanted), targets=tuple(self.scalars_of(targets)))
        return _refuse_entangled(lambda: run(self.flat_passes.functions["gradients"][1:], program))

    def header(self) -> tuple[str, ...]:
        notes = []
        arrays = [s for s in (*self.program.activations.values(), *self.program.weights) if s.type.shape]
        if arrays:
            first, name = self.elements[arrays[0]][0], self.names[arrays[0]]
            assert isinstance(first, Symbol)
            notes.append(f"Arrays are lists of floats: {self.names[first]} is the first of {name}.")
        if self.options.dtype == "float32":
            notes.append("Computed in double precision: Python has no shorter floats.")
        return tuple(header(self.network, self.program, self.names, self.options, notes))


def _refuse_entangled(passed: Callable[[], Program]) -> Program:
    try:
        return passed()
    except Entangled:
        way_out = "which `--lower scalar` cannot; take `--lower dense`"
        raise Refused(f"a token here depends on all the others, {way_out}") from None


def hidden_in(groups: Sequence[Sequence[Step]], wanted: Iterable[Symbol]) -> set[Symbol]:
    """The symbols without a line: parts that are used once, where they are made. Raises Refused for too many lines."""
    steps = [step for group in groups for step in group]
    if sum(not is_part(s.symbol) for s in steps) > LIMIT:
        raise Refused(too_long())
    uses = Counter(a for s in steps for a in s.args if isinstance(a, Symbol))
    with_line: set[Arg] = {s.symbol for s in steps if isinstance(s.op, Reduce)}
    with_line |= {s.symbol for s in steps if not isinstance(s.op, (*TRIVIAL, Stack)) and uses[s.symbol] > 1}
    with_line |= {a for s in steps if isinstance(s.op, Stack) and uses[s.symbol] > 1 for a in s.args}
    for group in groups:
        parts = {s.symbol for s in group if is_part(s.symbol) and not isinstance(s.op, TRIVIAL)}
        with_line |= {a for other in groups if other is not group for s in other for a in s.args if a in parts}
    hidden = inlined(steps, {*wanted, *(a for a in with_line if isinstance(a, Symbol))})
    return hidden | {s.symbol for s in steps if isinstance(s.op, Count)}
