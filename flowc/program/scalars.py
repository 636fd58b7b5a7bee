"""A program as one of single numbers: every vector and matrix replaced by its elements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import prod

from flowc.program.builder import alive
from flowc.program.elements import Elements, Value
from flowc.program.ir import Arg, Program, Shape, Step, Symbol, Type
from flowc.program.lowering import SCALAR_LINES
from flowc.program.notes import Notes
from flowc.program.ops import Copy, Spread
from flowc.program.scalar_writer import ScalarWriter, TooLong

LIMIT = SCALAR_LINES
STEPS = 20 * LIMIT  # of which lines are made


def scalarised(program: Program) -> Program:
    """The program on single numbers, all of whose named values are scalars. It notes the elements of each named value of the
    array program, row by row: a scalar is its own; element 3 of h is a symbol like h, with the number 3 (from 1). Raises
    TooLong."""
    arguments = (*program.inputs, *program.targets, *program.weights)
    if sum(prod(s.type.shape) for s in arguments) > STEPS:
        raise TooLong
    return _Pass(program).run()


class _Pass:
    def __init__(self, program: Program):
        self.program = program
        self.values: dict[Symbol, Value] = {}
        samples = [*program.inputs, *program.targets]
        for symbol in (*samples, *program.weights):
            self.values[symbol] = Value(symbol.type.shape, _elements_of(symbol))
        sample = self.values[samples[0]].elements[0] if samples else None
        assert sample is None or isinstance(sample, Symbol)
        self.writer = ScalarWriter(sample, STEPS)
        self.named: dict[Arg, Symbol] = {}  # temporary -> the name that it gets
        self.names: dict[Symbol, Step] = {}  # that name -> the step of the array, with its place and comment
        self.learning: set[Arg] = set()

    def run(self) -> Program:
        for step in self.program.steps:
            self._take_apart(step)
        elements = {s: self._final_names(v.elements) for s, v in self.values.items() if _is_named(s)}
        steps = [self._finish_step(step) for step in self.writer.steps]
        program = self._finish_program(elements, steps)
        return replace(program, notes=Notes(elements=elements))

    # ---------------------------------------------------------------- steps

    def _take_apart(self, step: Step) -> None:
        start = len(self.writer.steps)
        self.writer.span = step.span
        args = [self.values[a] if isinstance(a, Symbol) else Value((), (a,)) for a in step.args]
        value = Value(step.symbol.type.shape, step.op.scalars(self.writer, step, args))
        self.values[step.symbol] = self._name_elements(step, value) if _is_named(step.symbol) else value
        if step.symbol in self.program.learning:
            self.learning.update(s.symbol for s in self.writer.steps[start:])

    # ---------------------------------------------------------------- names

    def _name_elements(self, step: Step, value: Value) -> Value:
        """The elements under their names: the steps that make them, or copies where these have names of their own."""
        named: list[Arg] = []
        for symbol, element in zip(self._element_symbols(step.symbol), value.elements, strict=True):
            scalar = element if self._is_free(element, symbol.type) else self._copy_element(element, symbol.type)
            assert isinstance(scalar, Symbol)
            self.writer.close(scalar)
            self.named[scalar] = symbol
            self.names[symbol] = replace(step, comment=None if named else step.comment)
            named.append(scalar)
        return Value(value.shape, tuple(named))

    def _is_free(self, element: Arg, wanted: Type) -> bool:
        """A temporary of this type, without a name so far."""
        if not isinstance(element, Symbol) or element.kind != "temporary":
            return False
        return element not in self.named and element.type == wanted

    def _element_symbols(self, symbol: Symbol) -> tuple[Symbol, ...]:
        if symbol.of is None:
            return _elements_of(symbol)
        of = [o for o in self._final_names(self.values[symbol.of].elements) if isinstance(o, Symbol)]
        return tuple(e._replace(of=o) for e, o in zip(_elements_of(symbol), of, strict=True))

    def _copy_element(self, element: Arg, wanted: Type) -> Symbol:
        """A step of its own, in the wanted type."""
        plain = isinstance(element, Symbol) and element.type == wanted or not wanted.batched
        number = len(self.writer.steps) + 1
        symbol = Symbol("temporary", "", wanted, number=number)
        self.writer.steps.append(Step(symbol, Copy() if plain else Spread(wanted), (element,), self.writer.span))
        return symbol

    def _final_names(self, elements: Iterable[Arg]) -> Elements:
        return tuple(self.named.get(e, e) for e in elements)

    def _finish_step(self, step: Step) -> Step:
        step = replace(step, args=self._final_names(step.args))
        name = self.named.get(step.symbol)
        if name is None:
            return step
        array_step = self.names[name]
        return replace(step, symbol=name, span=array_step.span, comment=array_step.comment)

    def _finish_program(self, elements: dict[Symbol, Elements], steps: list[Step]) -> Program:
        source = self.program

        def flat(symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
            return tuple(e for s in symbols for e in elements[s] if isinstance(e, Symbol))

        gradients = [p for s, d in source.gradients.items() for p in zip(flat([s]), flat([d]), strict=True)]
        results = {*flat(source.outputs), *(d for _, d in gradients), *([source.loss] if source.loss else [])}
        learning = {*self._final_names(self.learning), *flat(s for s in source.learning if s in elements)}
        return replace(
            source, inputs=flat(source.inputs), targets=flat(source.targets), weights=flat(source.weights),
            outputs=flat(source.outputs), steps=alive(steps, results), gradients=dict(gradients),
            excitations=_scalar_symbols(source.excitations), activations=_scalar_symbols(source.activations),
            learning=frozenset(s for s in learning if isinstance(s, Symbol)),
        )  # fmt: skip


def _elements_of(symbol: Symbol) -> tuple[Symbol, ...]:
    shape: Shape = symbol.type.shape
    if not shape:
        return (symbol,)
    return tuple(symbol._replace(type=Type(symbol.type.batched, ()), number=i + 1) for i in range(prod(shape)))


def _scalar_symbols(symbols: dict[str, Symbol]) -> dict[str, Symbol]:
    return {name: s for name, s in symbols.items() if not s.type.shape}


def _is_named(symbol: object) -> bool:
    return isinstance(symbol, Symbol) and symbol.kind != "temporary"
