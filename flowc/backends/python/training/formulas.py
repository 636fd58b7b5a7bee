"""Data from formulas: the lines that compute them, as the author wrote them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from flowc.backends.backend import Refused
from flowc.backends.code.tree import Number, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.library import Library
from flowc.backends.python.printer import TERMS
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.text import number, quoted
from flowc.graph.column_names import spelled
from flowc.graph.data_statement import SERIES
from flowc.graph.draft import calls, references
from flowc.maths.functions import lookup
from flowc.syntax import tree as t
from flowc.syntax.chains import chain

T = TypeVar("T")


@dataclass
class Columns:
    """What was computed so far: what each column is called, which are `series` of a number for each token, the others
    one for all, and which are `integers`. `places`: for each node its elements' columns; None is that of its class."""

    names: dict[str, str] = field(default_factory=dict)
    series: set[str] = field(default_factory=set)
    integers: set[str] = field(default_factory=set)
    places: dict[str, dict[tuple[int, ...] | None, str]] = field(default_factory=dict)

    @property
    def tokens(self) -> Expression:
        """How many tokens there are."""
        return next((e.call("len", name) for column, name in self.names.items() if column in self.series), Number("1"))


@dataclass
class Formula:
    """One column's formula as an expression, of `columns` above it. `parts` are assigned before what is `written`, to names
    that `fresh` gives."""

    column: str
    library: Library
    spelling: Spelling
    seed: str
    columns: Columns
    fresh: Callable[[], str]
    drawn: int = field(default=0)
    parts: list[tuple[str, Expression]] = field(default_factory=list)

    def written(self, formula: t.Expression) -> Expression:
        match formula:
            case t.Number():
                return e.atom(number(formula.value))
            case t.Negative():
                return e.negative(self.written(formula.operand))
            case t.Binary():
                first, operations = chain(formula)
                return self._run(self._binary, self.written(first), operations, TERMS)
            case t.Ref():
                return e.atom(self._name(formula))
            case t.Call():
                return self._call(formula)
        raise Refused(f"the formula of `{self.column}` is none that data are computed by")

    def _run(
        self, join: Callable[[Expression, T], Expression], first: Expression, rest: Sequence[T], most: int
    ) -> Expression:  # fmt: skip
        """From the left, in several statements where there are more than `most`."""
        value = first
        for count, item in enumerate(rest):
            if count and not count % most:
                name = self.fresh()
                self.parts.append((name, value))
                value = e.atom(name)
            value = join(value, item)
        return value

    def is_series(self, formula: t.Expression) -> bool:
        """Whether it has a number for each token."""
        return any(call.name in SERIES for call in calls(formula)) or any(_full(ref) in self.columns.series for ref in references(formula))

    def is_integer(self, formula: t.Expression) -> bool:
        """Whether Python makes an int of it."""
        match formula:
            case t.Number():
                return number(formula.value).isdigit()
            case t.Ref():
                return _full(formula) in self.columns.integers
            case t.Negative():
                return self.is_integer(formula.operand)
            case t.Binary():
                first, operations = chain(formula)
                parts = (first, *(o.right for o in operations))
                return all(o.op in "+-*" for o in operations) and all(map(self.is_integer, parts))
        return False

    def _binary(self, left: Expression, operation: t.Binary) -> Expression:
        right = self.written(operation.right)
        match operation.op:
            case "+" | "-":
                return e.total([(1, left), (1 if operation.op == "+" else -1, right)])
            case "*":
                return e.product([left, right])
            case "/":
                return e.quotient(left, right)
            case "^":
                return e.power(left, right)
        raise Refused(f"in the formula of `{self.column}` a product of columns is written `*`")

    def _name(self, ref: t.Ref) -> str:
        return self.columns.names.get(_full(ref), "pi")

    def _call(self, call: t.Call) -> Expression:
        args = [self.written(a) for a in call.args]
        if call.name in SERIES:
            return self._series(call, args)
        function = lookup(call.name)
        assert function is not None, call.name  # checked with the diagram
        series = [self.is_series(a) for a in call.args]
        count_of_arguments = len(call.args) if function.many else len(function.arguments)
        if function.kind == "operation":
            many = TERMS if function.name == "product" else 1  # a maximum writes both of its operands twice
            return self._run(lambda a, b: self._operation(function.name, a, b, any(series)), args[0], args[1:], many)
        values = [a if s else self.library.constant(a) for a, s in zip(args[:count_of_arguments], series)]
        defaults = [default for _, default in function.parameters]
        parameters = [e.flat(a) for a in args[count_of_arguments:]]
        parameters += [number(d or 0.0) for d in defaults[len(parameters) :]] if parameters else []
        call_of_library = self.spelling.own(function, values, parameters, defaults)
        if call_of_library is not None:
            return call_of_library
        self.spelling.helpers[function.name] = function
        return e.call(function.name, *values, *parameters)

    def _operation(self, name: str, a: Expression, b: Expression, series: bool) -> Expression:
        """Of two columns, or of numbers alone, which Python computes itself."""
        match name:
            case "product":
                return e.product([a, b])
            case "quotient":
                return e.quotient(a, b)
            case "power":
                return e.power(a, b)
        if not series:
            return e.call(name, a, b)
        larger = e.compare(a, ">=" if name == "max" else "<=", b)
        return e.call(f"{self.library.module}.where", larger, a, b)

    def _series(self, call: t.Call, args: list[Expression]) -> Expression:
        first, second, third = args
        if call.name == "arange":
            return self.library.arange(first, second, third)
        count = self._count(call.args[2], third)
        if call.name == "linspace":
            return self.library.linspace(first, second, count)
        self.drawn += 1
        stream = self.column if self.drawn == 1 else f"{self.column}/{self.drawn}"
        return self.library.drawn(e.call(call.name, self.seed, quoted(stream), first, second, Tuple((count,))))

    def _count(self, formula: t.Expression, written: Expression) -> Expression:
        if isinstance(formula, t.Number):
            return e.atom(str(int(formula.value)))
        return written if self.is_integer(formula) else e.call("int", written)


def _full(ref: t.Ref) -> str:
    return ref.name if ref.index is None else f"{ref.name}[{','.join(map(spelled, ref.index))}]"


def for_data(spelling: Spelling) -> Spelling:
    """The same, where no gradient is wanted."""
    return replace(spelling, autograd=False)
