"""What formulas of data tell before they are computed: what they call and draw, how many tokens they make, which are columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from math import ceil, pi
from operator import add, mul, sub, truediv
from typing import Any

from flowc.graph.column_names import columned_nodes
from flowc.graph.data_statement import SERIES
from flowc.graph.draft import calls
from flowc.graph.network import Network
from flowc.maths.functions import lookup
from flowc.syntax import tree as t
from flowc.syntax.chains import chain, operands

Formula = tuple[str, t.Expression]  # and the name that it has, of a column or of a helper

DRAWN = ("normal", "uniform")
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "/": truediv, "^": pow}
NUMBERS = {"pi": pi}  # that have a name
PARTIAL = ("log", "sqrt", "exp", "power", "quotient")  # functions whose values need not be finite


def columns_among(network: Network, formulas: Iterable[Formula]) -> list[str]:
    """Those of nodes; the others are helpers, also one called `x1` beside `x[1]`."""
    nodes = {n.name for n in columned_nodes(network)}
    return [name for name, _ in formulas if name.partition("[")[0] in nodes]


def functions_called(formulas: Iterable[Formula]) -> list[str]:
    """The functions of the language that formulas call, by their first names."""
    functions = (lookup(call.name) for call in _calls_in(formulas) if call.name not in SERIES)
    return list(dict.fromkeys(function.name for function in functions if function))


def series_drawn(formulas: Iterable[Formula]) -> set[str]:
    """How random series are drawn: the distributions of those that there are."""
    return {call.name for call in _calls_in(formulas)} & {*DRAWN}


def _calls_in(formulas: Iterable[Formula]) -> Iterator[t.Call]:
    return (call for _, formula in formulas for call in calls(formula))


def is_partial(formula: t.Expression | t.Range) -> bool:
    """Whether it may be no finite number where all that it is made of is."""
    match formula:
        case t.Call(name=name) if (function := lookup(name)) and function.name in PARTIAL:
            return True
        case t.Binary() if any(map(_divides, chain(formula)[1])):
            return True
    return any(map(is_partial, operands(formula)))


def _divides(operation: t.Binary) -> bool:
    """Whether it is a quotient or a power that some numbers do not have."""
    right = constant_value(operation.right)
    return operation.op == "/" and not right or operation.op == "^" and not (right and right >= 0 == right % 1)


def tokens_of(formulas: Iterable[Formula]) -> int | None:
    """How many tokens formulas make, where their numbers say it."""
    constants = {**NUMBERS}
    for name, formula in formulas:
        for call in (c for c in calls(formula) if c.name in SERIES):
            first, second, third = (constant_value(a, constants) for a in call.args)
            if call.name == "arange" and first is not None and second is not None and third:
                return ceil((second - first) / third)
            if call.name != "arange" and third is not None:
                return int(third)
        if (value := constant_value(formula, constants)) is not None:
            constants[name] = value
    return None


def constant_value(formula: t.Expression, constants: Mapping[str, float] = NUMBERS) -> float | None:
    """The value of a formula of numbers; None for any other."""
    try:
        value = _value_of(formula, constants)
    except (ArithmeticError, LookupError):
        return None
    return value if isinstance(value, float) else None


def _value_of(formula: t.Expression, constants: Mapping[str, float]) -> Any:
    """Raises ArithmeticError, LookupError."""
    match formula:
        case t.Number():
            return float(formula.value)
        case t.Ref(index=None):
            return constants[formula.name]
        case t.Negative():
            return -_value_of(formula.operand, constants)
        case t.Binary():
            first, operations = chain(formula)
            return reduce(lambda value, o: OPERATIONS[o.op](value, _value_of(o.right, constants)), operations, _value_of(first, constants))
    raise LookupError
