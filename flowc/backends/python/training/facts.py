"""What formulas of data tell before they are computed: what they call and draw, and how many tokens they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil, pi
from operator import add, mul, sub, truediv

from flowc.graph.data_statement import SERIES
from flowc.graph.draft import calls
from flowc.graph.network import Draw, Formulas, Weight
from flowc.maths.functions import lookup
from flowc.source import NOWHERE
from flowc.syntax import tree as t
from flowc.syntax.chains import chain

DRAWN = ("normal", "uniform")
OPERATIONS: dict[str, Callable[[float, float], object]] = {"+": add, "-": sub, "*": mul, "/": truediv, "^": pow}
PARTIAL = ("log", "sqrt", "exp", "power", "quotient")  # functions whose values need not be finite


def expressions(data: Formulas | None) -> Iterator[tuple[str, t.Expression]]:
    """Each column and its formula."""
    yield from data.formulas if data else ()


def functions_called(data: Formulas | None) -> list[str]:
    """The functions of the language that formulas call, by their first names."""
    names = [call.name for _, formula in expressions(data) for call in calls(formula) if call.name not in SERIES]
    return list(dict.fromkeys(f.name for name in names if (f := lookup(name))))


def draws_of(data: Formulas | None) -> list[Weight]:
    """Something that draws as each random series does: a file's helpers and imports follow from it."""
    names = [call.name for _, formula in expressions(data) for call in calls(formula) if call.name in DRAWN]
    return [Weight("", (), False, Draw(name, (0.0, 1.0)), False, NOWHERE) for name in dict.fromkeys(names)]


def is_partial(formula: t.Expression, constants: dict[str, float]) -> bool:
    """Whether it may be no finite number where all that it is made of is. `constants`: the columns that are one number."""
    match formula:
        case t.Call():
            function = lookup(formula.name)
            mine = function is not None and function.name in PARTIAL
            return mine or any(is_partial(a, constants) for a in formula.args)
        case t.Negative():
            return is_partial(formula.operand, constants)
        case t.Binary():
            first, operations = chain(formula)
            parts = (first, *(o.right for o in operations))
            return any(_divides(o, constants) for o in operations) or any(is_partial(part, constants) for part in parts)
    return False


def _divides(operation: t.Binary, constants: dict[str, float]) -> bool:
    """Whether it is a quotient or a power that some numbers do not have."""
    right = constant(operation.right, constants)
    return operation.op == "/" and not right or operation.op == "^" and not (right and right >= 0 == right % 1)


def tokens_of(data: Formulas | None) -> int | None:
    """How many tokens formulas make, where their numbers say it."""
    constants: dict[str, float] = {}
    for column, formula in expressions(data):
        for call in (c for c in calls(formula) if c.name in SERIES):
            first, second, third = (constant(a, constants) for a in call.args)
            if call.name == "arange" and None not in (first, second, third) and third:
                return ceil((second - first) / third)  # type: ignore[operator]
            if call.name != "arange" and third is not None:
                return int(third)
        if (value := constant(formula, constants)) is not None:
            constants[column] = value
    return None


def constant(formula: t.Expression, constants: dict[str, float]) -> float | None:
    """The value of a formula of numbers; None for any other."""
    match formula:
        case t.Number():
            return float(formula.value)
        case t.Ref(index=None):
            return constants.get(formula.name, pi if formula.name == "pi" else None)
        case t.Negative():
            value = constant(formula.operand, constants)
            return None if value is None else -value
        case t.Binary():
            first, operations = chain(formula)
            value = constant(first, constants)
            for operation in operations:
                right = constant(operation.right, constants)
                value = None if value is None or right is None else _computed(operation.op, value, right)
            return value
    return None


def _computed(op: str, left: float, right: float) -> float | None:
    try:
        value = OPERATIONS[op](left, right)
    except (ArithmeticError, KeyError):
        return None
    return value if isinstance(value, float) else None
