"""Data from formulas: `x = linspace(-pi, pi, 2000)`, then `y = sin(x)`; draws from a stream of the standard library."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import pi
from pathlib import PurePath

import numpy as np

from flowc.data.bind_columns import bind_sheet
from flowc.data.column_table import Sheet
from flowc.data.dataset import Array, BadData, Dataset
from flowc.data.formula_facts import OPERATIONS, columns_among
from flowc.graph.column_names import column_of
from flowc.graph.data_statement import SERIES
from flowc.graph.network import Formulas, Network
from flowc.maths.function import Function
from flowc.maths.functions import FUNCTIONS, lookup
from flowc.maths.initialisers import draw
from flowc.program.ir import Step, Symbol, Type
from flowc.program.ops import Apply
from flowc.program.run import evaluate
from flowc.syntax import tree as t
from flowc.syntax.chains import chain

MOST = 10**7  # numbers of a series



def of_formulas(network: Network, data: Formulas, seed: int, targets: bool) -> Dataset:
    """Raises BadData."""
    name = f"the data of {PurePath(network.source.name).name}"
    values: dict[str, Array] = {}
    with np.errstate(all="ignore"):  # what is not finite is told with its token
        for column, expression in data.formulas:
            values[column] = _Formula(network, column, seed, values).value_of(expression)
    columns = {name: values[name] for name in columns_among(network, data.formulas)}
    lengths = {column: len(array) for column, array in columns.items() if array.ndim}
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"`{column}` has {n}" for column, n in lengths.items())
        raise BadData(f"{name}: the formulas have different numbers of tokens: {counts}")
    count = next(iter(lengths.values()), 1)
    arrays = tuple(np.broadcast_to(array, count) for array in columns.values())
    return bind_sheet(network, Sheet(name, tuple(columns), arrays, None, count), targets)


class _Formula:
    """The value of one formula: a number, or one for each token. `known`: those of the formulas above."""

    def __init__(self, network: Network, column: str, seed: int, known: dict[str, Array]):
        self.network, self.column, self.seed, self.known = network, column, seed, known
        self.drawn = 0

    def value_of(self, e: t.Expression) -> Array:
        match e:
            case t.Number():
                return np.asarray(float(e.value))
            case t.Negative():
                return -self.value_of(e.operand)
            case t.Binary():
                return self._value_of_chain(e)
            case t.Ref():
                return self._value_of_name(e)
            case t.Call():
                return self._value_of_call(e)
        raise self._fail(e, "numbers, names, `+ - * / ^` and functions make a formula of data")

    def _value_of_chain(self, e: t.Binary) -> Array:
        first, operations = chain(e)
        value = self.value_of(first)
        for operation in operations:
            value = self._value_of_operation(operation, value, self.value_of(operation.right))
        return value

    def _value_of_operation(self, e: t.Binary, left: Array, right: Array) -> Array:
        if e.op not in OPERATIONS:
            raise self._fail(e, "a product of columns is written `*`")
        if left.ndim and right.ndim and len(left) != len(right):
            raise self._fail(e, f"{len(left)} numbers and {len(right)} cannot be put together")
        value: Array = OPERATIONS[e.op](left, right)
        return value

    def _value_of_name(self, e: t.Ref) -> Array:
        name = column_of(e)
        if name == "pi" and name not in self.known:
            return np.asarray(pi)
        if name not in self.known:
            raise self._fail(e, f"`{name}` has no formula of its own above")
        return self.known[name]

    def _value_of_call(self, e: t.Call) -> Array:
        args = [self.value_of(a) for a in e.args]
        if e.name in SERIES:
            return self._value_of_series(e, *self._take_numbers(e, args))
        function = lookup(e.name)
        assert function is not None and function.name in FUNCTIONS, e.name  # checked with the diagram
        lengths = dict.fromkeys(len(a) for a in args if a.ndim)
        if len(lengths) > 1:
            raise self._fail(e, f"{' numbers and '.join(map(str, lengths))} cannot be put together")
        arity = len(function.arguments)
        if function.many:
            return reduce(lambda a, b: _apply_function(function, [a, b], ()), args)
        return _apply_function(function, args[:arity], self._take_numbers(e, args[arity:]))

    def _take_numbers(self, e: t.Call, args: Sequence[Array]) -> tuple[float, ...]:
        if any(a.ndim for a in args):
            raise self._fail(e, f"`{e.name}` takes a number there, not a column of them")
        return tuple(float(a) for a in args)

    def _value_of_series(self, e: t.Call, first: float, second: float, third: float) -> Array:
        if e.name == "arange":
            self._check_count(e, np.ceil((second - first) / third) if third else np.inf)
            return np.arange(first, second, third)
        self._check_count(e, third)
        if e.name == "linspace":
            return np.linspace(first, second, int(third))
        if e.name == "normal" and second < 0 or e.name == "uniform" and first > second:
            why = "a standard deviation is not negative" if e.name == "normal" else "the low end is above the high end"
            raise self._fail(e, f"`{e.name}({first:g}, {second:g}, {third:g})`: {why}")
        self.drawn += 1
        stream = self.column if self.drawn == 1 else f"{self.column}/{self.drawn}"
        return np.array(draw(stream, self.seed, int(third), e.name, first, second))

    def _check_count(self, e: t.Call, count: float) -> None:
        if not (count == int(count) if np.isfinite(count) else False) or not 1 <= count <= MOST:
            raise self._fail(e, f"`{e.name}` makes a whole number of tokens, 1 to {MOST}, not {count:g}")

    def _fail(self, e: t.Expression, message: str) -> BadData:
        row, column = self.network.source.position(e.span.start)
        return BadData(f"{self.network.source.name}:{row}:{column}: {message}")


def _apply_function(function: Function, args: Sequence[Array], given: tuple[float, ...]) -> Array:
    """A function of the language as the interpreter of programs knows it; `given` are its first parameters."""
    defaults = tuple(0.0 if d is None else d for _, d in function.parameters)
    symbols = tuple(Symbol("temporary", f"a{k}", Type(True, ())) for k in range(len(args)))
    op = Apply(function.name, given + defaults[len(given) :])
    count = max((len(a) for a in args if a.ndim), default=1)
    step = Step(Symbol("temporary", "value", Type(True, ())), op, symbols)
    value = np.asarray(evaluate(step, [np.broadcast_to(a, count) for a in args], count))
    return value if any(a.ndim for a in args) else value[0]
