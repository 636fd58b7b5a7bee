"""Data from formulas: the lines that compute them, as the author wrote them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from flowc.backends.backend import Refused
from flowc.backends.code.build import assign
from flowc.backends.code.python_words import quoted
from flowc.backends.code.tree import Number, Power, Statement, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.library import Library
from flowc.backends.python.naming import NameTable
from flowc.backends.python.printer import TERMS
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import number
from flowc.graph.column_names import column_of
from flowc.graph.data_statement import SERIES
from flowc.graph.draft import calls, references
from flowc.maths.functions import lookup
from flowc.syntax import tree as t
from flowc.syntax.chains import chain, operands

T = TypeVar("T")
Join = Callable[[Expression, Expression], Expression]
JOINS: dict[str, Join] = {
    "+": lambda a, b: e.total([(1, a), (1, b)]),
    "-": lambda a, b: e.total([(1, a), (-1, b)]),
    **dict.fromkeys(("*", "product"), lambda a, b: e.product([a, b])),
    **dict.fromkeys(("/", "quotient"), e.quotient),
    **dict.fromkeys(("^", "power"), Power),
}


class FormulaPrinter:
    """Prints one formula after the other. `called`: the names of those above; a formula in `series` has a number for each
    token, any other one for all, which Python knows for an int if it is in `integers`."""

    def __init__(self, names: NameTable, library: Library, spelling: Spelling, seed: str):
        self.names, self.library, self.seed = names, library, seed
        self.spelling = replace(spelling, autograd=False)  # no gradient is wanted
        self.called: dict[str, str] = {}
        self.series: set[str] = set()
        self.integers: set[str] = set()

    def statements_of(self, column: str, name: str, formula: t.Expression) -> list[Statement]:
        """The formula of a column, under this name; parts of a long one have names of their own."""
        self.column, self.name = column, name
        self.draws = 0
        self.parts: list[Statement] = []
        value = self._spell(formula)
        if self._is_series(formula):
            self.series.add(column)
        elif self._is_integer(formula):
            self.integers.add(column)
        self.called[column] = name
        return [*self.parts, assign(name, value)]

    @property
    def token_count(self) -> Expression:
        """How many tokens there are."""
        return next((e.call("len", name) for column, name in self.called.items() if column in self.series), Number("1"))

    def _spell(self, formula: t.Expression) -> Expression:
        match formula:
            case t.Number():
                return e.number(formula.value)
            case t.Negative():
                return e.negative(self._spell(formula.operand))
            case t.Binary():
                first, operations = chain(formula)
                return self._join_all(self._join_operand, self._spell(first), operations, TERMS)
            case t.Ref():
                return e.atom(self.called.get(column_of(formula), "pi"))
            case t.Call():
                return self._spell_call(formula)
        raise Refused(f"the formula of `{self.column}` is none that data are computed by")

    def _join_all(
        self, join: Callable[[Expression, T], Expression], first: Expression, rest: Sequence[T], most: int
    ) -> Expression:  # fmt: skip
        """From the left, in several statements where there are more than `most`."""
        value = first
        for count, item in enumerate(rest):
            if count and not count % most:
                part = self.names.fresh(f"{self.name}_part")
                self.parts.append(assign(part, value))
                value = e.atom(part)
            value = join(value, item)
        return value

    def _join_operand(self, left: Expression, operation: t.Binary) -> Expression:
        right = self._spell(operation.right)
        if operation.op not in JOINS:
            raise Refused(f"in the formula of `{self.column}` a product of columns is written `*`")
        return JOINS[operation.op](left, right)

    def _is_series(self, formula: t.Expression) -> bool:
        """Whether it has a number for each token."""
        return any(call.name in SERIES for call in calls(formula)) or any(column_of(r) in self.series for r in references(formula))

    def _is_integer(self, formula: t.Expression | t.Range) -> bool:
        """Whether Python makes an int of it."""
        match formula:
            case t.Number():
                return number(formula.value).isdigit()
            case t.Ref():
                return column_of(formula) in self.integers
            case t.Binary() if any(o.op not in "+-*" for o in chain(formula)[1]):
                return False
            case t.Negative() | t.Binary():
                return all(map(self._is_integer, operands(formula)))
        return False

    # ---------------------------------------------------------------- calls

    def _spell_call(self, call: t.Call) -> Expression:
        args = [self._spell(a) for a in call.args]
        if call.name in SERIES:
            return self._spell_series(call, *args)
        function = lookup(call.name)
        assert function is not None, call.name  # checked with the diagram
        series = [self._is_series(a) for a in call.args]
        if function.kind == "operation":
            many = TERMS if function.name == "product" else 1  # a maximum writes both of its operands twice
            return self._join_all(JOINS.get(function.name) or self._join_extreme(function.name, any(series)), args[0], args[1:], many)
        count = len(call.args) if function.many else len(function.arguments)
        values = [a if s else self.library.constant_argument(a) for a, s in zip(args[:count], series)]
        parameters = [e.flat(a) for a in args[count:]]
        parameters += [number(d or 0.0) for _, d in function.parameters[len(parameters) :]] if parameters else []
        return self.spelling.function_call(function, values, parameters)

    def _join_extreme(self, name: str, series: bool) -> Join:
        """The larger or smaller of two; of numbers alone Python computes it itself."""
        sign = ">=" if name == "max" else "<="
        where = f"{self.library.module}.where"
        return (lambda a, b: e.call(where, e.compare(a, sign, b), a, b)) if series else partial(e.call, name)

    def _spell_series(self, call: t.Call, first: Expression, second: Expression, third: Expression) -> Expression:
        if call.name == "arange":
            return self.library.arange(first, second, third)
        count = self._spell_count(call.args[2], third)
        if call.name == "linspace":
            return self.library.linspace(first, second, count)
        self.draws += 1
        stream = self.column if self.draws == 1 else f"{self.column}/{self.draws}"
        return self.library.convert_draws(e.call(call.name, self.seed, quoted(stream), first, second, Tuple((count,))))

    def _spell_count(self, formula: t.Expression, count: Expression) -> Expression:
        if isinstance(formula, t.Number):
            return e.atom(str(int(formula.value)))
        return count if self._is_integer(formula) else e.call("int", count)
