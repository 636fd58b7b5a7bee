"""Steps as JavaScript: a sum over tokens collects its terms, and adds them in the order of numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import prod
from typing import Any

from flowc.backends.code.build import assign
from flowc.backends.code.javascript import Lists
from flowc.backends.code.tree import Attribute, Call, Do, Expression, Index, Name, Starred, Statement
from flowc.backends.code.typed import Declare
from flowc.backends.loops.elements import contraction_term, is_weight
from flowc.backends.loops.loops import ZERO, At, Loops
from flowc.backends.loops.nest import Nest
from flowc.backends.python import expression as e
from flowc.program import ops
from flowc.program.ir import Step, Symbol
from flowc.program.values import Shape, type_of

MOST = 1000  # arguments of a call
FEW = 8  # so many terms numpy adds in another order than one after the other


class JavaScriptNest(Nest):
    """`uses`: how often each value is read. `terms`: the lists in which the terms of sums over tokens are."""

    uses: Counter[Symbol]
    computed: dict[Symbol, Step[Any]]
    terms: dict[Symbol, str]

    def begin_sum(self, symbol: Symbol) -> list[Statement]:
        shape = symbol.type.shape
        if prod(shape) > 1:
            return [Declare(self.kind, self.named(symbol), shape)]  # which begins with zeros
        name = self.name_of(symbol)
        terms = name if self.uses[symbol] <= 1 else self.names.fresh(f"{name}_terms")
        self.terms[symbol] = terms
        return [Lists((terms,))]

    def variable(self, base: str) -> str:
        """`sum` is a function here."""
        return super().variable("total" if base == "sum" else base)

    def add_token(self, step: Step) -> None:
        if step.symbol not in self.terms:
            return super().add_token(step)
        shape, term = _terms_of(self, step)
        self.loop(shape, lambda at: push(self.terms[step.symbol], term(at)))

    def end_sum(self, step: Step) -> list[Statement]:
        if step.symbol not in self.terms:
            return super().end_sum(step)
        terms = self.terms[step.symbol]
        is_mean = isinstance(step.op, ops.Reduce) and step.op.how != "sum"
        value = self.words.helper("mean" if is_mean else "sum", Name(terms))
        if self.uses[step.symbol] <= 1:
            self.atoms[step.symbol] = lambda at: value
            return []
        return [Declare(self.kind, self.named(step.symbol), (), value)]

    def reduced(self, step: Step[ops.Reduce], at: At, shape: Shape, term: Callable[[At], Expression]) -> Expression:
        arg = step.args[0]
        rank = len(type_of(arg).shape)
        if isinstance(arg, Symbol) and arg not in self.inside and step.op.axes == (rank - 1,) and prod(shape) > 1:
            return self.words.helper("sum", self.atoms[arg](at[: rank - 1]))
        if prod(shape) < FEW:
            return self.total(shape, term)
        self.grown = ""  # the value is the sum of what grows here
        terms = self.variable("terms")
        self.body.append(Lists((terms,)))
        self.loop(shape, lambda inner: push(terms, term(inner)))
        return self.words.helper("sum", Name(terms))

    def of_step(self, step: Step, at: At) -> Expression:
        """A product of rows, and the largest of an array, nan among it, are calls."""
        rows = _rows_multiplied(self, step, at) if isinstance(step.op, ops.Contract) else None
        if rows:
            self.grown = ""
            return self.words.helper("dot", *rows)
        arg = step.args[0] if isinstance(step.op, ops.Largest | ops.Greatest) else None
        if isinstance(arg, Symbol) and arg in self.computed.keys() - self.inside.keys() and len(arg.type.shape) == 1 and 1 < prod(arg.type.shape) <= MOST:
            self.grown = ""
            return e.call("Math.max", Starred(self.atoms[arg](())))
        return super().of_step(step, at)


class StepsNest(JavaScriptNest):
    """Of a loop that goes through all tokens again and again: the terms of a sum, one of each token, stay in one of the `lists`,
    which are made once."""

    token: Expression
    lists: list[str]

    def begin_sum(self, symbol: Symbol) -> list[Statement]:
        statements = super().begin_sum(symbol)
        if not self._has_a_place(symbol):
            return statements
        self.lists.append(self.terms[symbol])
        return []

    def add_token(self, step: Step) -> None:
        if not self._has_a_place(step.symbol):
            return super().add_token(step)
        shape, term = _terms_of(self, step)
        self.loop(shape, lambda at: assign(Index(Name(self.terms[step.symbol]), (self.token,)), term(at)))

    def _has_a_place(self, symbol: Symbol) -> bool:
        return symbol in self.terms and prod(_terms_of(self, self.computed[symbol])[0]) == 1


def _rows_multiplied(nest: JavaScriptNest, step: Step[Any], at: At) -> list[Expression] | None:
    """The two rows whose elements are multiplied and added, where a contraction is that."""
    spec = step.op.spec
    places = dict(zip(spec.target, at, strict=True))
    pairs = sorted(zip(step.args, spec.letters, strict=True), key=lambda pair: not is_weight(pair[0]))
    last = {letters[-1:] for _, letters in pairs}
    if len(pairs) != 2 or len(last) != 1 or {c for _, letters in pairs for c in letters} != {*places, *last.pop()} or step.op.sum_batch:
        return None
    rows = []
    for arg, letters in pairs:
        if not isinstance(arg, Symbol) or arg in nest.inside or letters[-1] in (*places, *letters[:-1]) or prod(arg.type.shape[-1:]) == 1:
            return None
        here = tuple(ZERO if n == 1 else places[c] for c, n in zip(letters[:-1], arg.type.shape[:-1], strict=True))
        rows.append(nest.atoms[arg](here))
    return rows


def push(terms: str, value: Expression) -> Statement:
    return Do(Call(Attribute(Name(terms), "push"), (value,)))


def _terms_of(loops: Loops, step: Step[Any]) -> tuple[Shape, Callable[[At], Expression]]:
    """What a token adds to a sum: so many terms, one at each place."""
    if isinstance(step.op, ops.Contract):
        sizes = step.op.spec.sizes([type_of(a).shape for a in step.args])
        return tuple(sizes.values()), lambda at: contraction_term(loops, step, dict(zip(sizes, at, strict=True)))
    return type_of(step.args[0]).shape, lambda at: loops.element(step.args[0], at)
