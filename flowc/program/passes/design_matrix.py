"""Sums of scalar weights times known values, as one product: a + b*x + c*x^2 is X w, X the design matrix.

X hangs on the data alone, so gradient descent makes it once; a step is then a product with X and one with its
transpose, whatever the number of weights. Rounding differs from a sum in the order written, so sums that lead to a
function with a jump or a kink stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flowc.maths.functions import lookup
from flowc.maths.index_map import index_map
from flowc.program.builder import Builder
from flowc.program.dependencies import needed
from flowc.program.differentiate import active
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.ops import Add, Apply, Assemble, Contract, Multiply, Stack
from flowc.program.values import SCALAR, TOKENS
from flowc.records import Record


class _Term(Record):
    """`sign` · weight · the product of `factors`, values that hang on the data alone."""

    sign: int
    weight: Symbol
    factors: tuple[Arg, ...]


def design(program: Program, learnt: Iterable[Symbol]) -> Program:
    """The program without gradients, its sums of two weights and more gathered."""
    return _Design(program, set(learnt)).run()


class _Design:
    def __init__(self, program: Program, learnt: set[Symbol]):
        self.program = program
        self.made = {s.symbol: s for s in program.steps}
        self.active = active(program.steps, learnt)
        self.deciding = deciding(program.steps)
        self.builder = Builder(first=1 + max((s.symbol.number for s in program.steps), default=0))
        self.matrices: dict[tuple[tuple[int, tuple[Arg, ...]], ...], Symbol] = {}

    def run(self) -> Program:
        for step in self.program.steps:
            terms = self._terms_of_step(step)
            if len([t for t in terms if isinstance(t, _Term)]) > 1:
                self._gather_terms(step, terms)
            else:
                self.builder.steps.append(step)
        results = {*self.program.activations.values(), *self.program.excitations.values(), self.program.loss}
        return replace(self.program, steps=tuple(needed(self.builder.steps, {s for s in results if s})), gradients={})

    def _terms_of_step(self, step: Step) -> list[_Term | tuple[int, Arg]]:
        if not isinstance(step.op, Add) or step.symbol.type != TOKENS or step.symbol in self.deciding:
            return []
        return [self._read_term(sign, arg) for sign, arg in zip(step.op.signs, step.args, strict=True)]

    def _read_term(self, sign: int, arg: Arg) -> _Term | tuple[int, Arg]:
        """A term to gather, or as it was."""
        factors: tuple[Arg, ...] = (arg,)
        step = self.made.get(arg) if isinstance(arg, Symbol) and arg.kind == "temporary" else None
        if step is not None and isinstance(step.op, Multiply):
            factors = step.args
        weights = [f for f in factors if isinstance(f, Symbol) and f in self.active]
        if len(weights) != 1 or weights[0].type != SCALAR:
            return sign, arg
        return _Term(sign, weights[0], tuple(f for f in factors if f != weights[0]))

    def _gather_terms(self, step: Step, terms: Sequence[_Term | tuple[int, Arg]]) -> None:
        """The product, and after it the terms that are of another kind."""
        self.builder.span = step.span
        gathered = [t for t in terms if isinstance(t, _Term)]
        rest = [t for t in terms if not isinstance(t, _Term)]
        X = self._matrix_of_terms(gathered)
        entries = tuple((1.0, i) for i in range(len(gathered)))
        w = self.builder.emit(Assemble((len(entries),), entries), *(t.weight for t in gathered))
        product = self.builder.emit(Contract(index_map("i,i->")), X, w)
        total = self.builder.add((product, *(a for _, a in rest)), (1, *(s for s, _ in rest)))
        self.builder.name(total, step.symbol, step.span, step.comment)

    def _matrix_of_terms(self, terms: Sequence[_Term]) -> Symbol:
        """A column for each term; sums of the same known values share one matrix."""
        key = tuple((t.sign, t.factors) for t in terms)
        if key not in self.matrices:
            columns = [self.builder.spread(self.builder.multiply(float(t.sign), *t.factors), TOKENS) for t in terms]
            self.matrices[key] = self.builder.emit(Stack(columns=True), *columns)
        return self.matrices[key]


def deciding(steps: Sequence[Step]) -> set[Symbol]:
    """The values that lead to a function with a jump or a kink, where the last digit may decide."""
    symbols: set[Symbol] = set()
    for step in reversed(steps):
        if step.symbol in symbols or _may_jump(step):
            symbols.update(a for a in step.args if isinstance(a, Symbol))
    return symbols


def _may_jump(step: Step) -> bool:
    if not isinstance(step.op, Apply):
        return step.op.decides
    function = lookup(step.op.function)
    return function is None or function.jumps or function.kink != "smooth"
