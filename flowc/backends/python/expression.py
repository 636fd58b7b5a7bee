"""How trees of formulas are put together: sums in sums and signs of signs are one. Text stands for what it says as Python."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from flowc.backends.code import tree as t
from flowc.backends.code.build import in_row
from flowc.backends.code.python import flat
from flowc.backends.code.quote import read
from flowc.backends.code.tree import COMPARE, CONDITIONAL, POWER, PRIMARY, PRODUCT, SIGN, SUM, Expression
from flowc.backends.python import text as words

__all__ = ["COMPARE", "CONDITIONAL", "POWER", "PRIMARY", "PRODUCT", "SIGN", "SUM", "Expression", "flat"]


def atom(text: str) -> Expression:
    """A name, a number, or whatever Python reads in the text."""
    return t.Name(text) if text.isidentifier() and text not in ("True", "False", "None") else read(text)


def number(value: float) -> Expression:
    """A number of a formula, whole ones without a point."""
    return t.Number(words.number(value)) if isfinite(value) else read(words.number(value))


def decimal(value: float) -> Expression:
    """A number that is a float in Python too."""
    return t.Number(words.decimal(value)) if isfinite(value) else read(words.decimal(value))


def call(function: str, *arguments: Expression | str, **named: Expression | str) -> Expression:
    """`function(arguments, named)`."""
    return t.Call(atom(function), arguments_of(*arguments, **named))


def arguments_of(*arguments: Expression | str, **named: Expression | str) -> tuple[Expression, ...]:
    """Those of a function, or of its call: `w`, `rate=0.1`, `**weights`."""
    inside = [atom(a) if isinstance(a, str) else a for a in arguments]
    inside += [t.Named(name, atom(value) if isinstance(value, str) else value) for name, value in named.items()]
    return tuple(inside)


def index(value: Expression, *places: Expression) -> Expression:
    """`value[places]`."""
    return t.Index(value, places)


def numbers(values: Sequence[int]) -> tuple[Expression, ...]:
    """Whole numbers, as sizes and places are."""
    return tuple([t.Number(str(n)) for n in values])


def shape(sizes: Sequence[int]) -> t.Tuple:
    """`(2, 3)`, or `(2,)`."""
    return t.Tuple(numbers(sizes))


def extent(shape: t.Tuple) -> Expression:
    """A shape as functions take it that fill one: of one axis the number alone."""
    return shape.items[0] if len(shape.items) == 1 else shape


def row(names: Sequence[str]) -> Expression:
    """A name, or several: `a, b`."""
    return in_row([atom(name) for name in names])


def entry(key: str, value: Expression) -> Expression:
    """`"key": value` of a dictionary."""
    return t.Entry(t.Text(key), value)


def repeated(item: Expression, variable: str, values: Expression) -> Expression:
    """`[item for variable in values]`."""
    return t.List((t.Comprehension(item, (t.Loop(atom(variable), values),)),))


def transposed(matrix: Expression) -> Expression:
    """`matrix.T`."""
    return t.Attribute(matrix, "T")


def method(expression: Expression, name: str, *arguments: Expression | str, **named: Expression | str) -> Expression:
    """`expression.name(arguments)`."""
    return t.Call(t.Attribute(expression, name), arguments_of(*arguments, **named))


def total(terms: Sequence[tuple[int, Expression]]) -> Expression:
    """± a ± b ± ..., added from the left. A sum in first place needs no parentheses: it is added first anyway."""
    parts: list[tuple[int, Expression]] = []
    for sign, term in terms:
        if parts and term.level == SIGN:
            sign, term = -sign, negative(term)
        if parts:
            parts.append((sign, term))
        elif sign > 0 and isinstance(term, t.Sum):
            parts += term.terms
        else:
            parts.append((1, term if sign > 0 else negative(term)))
    return t.Sum(tuple(parts)) if len(parts) > 1 else parts[0][1]


def negative(expression: Expression) -> Expression:
    """`-a`; of a product it is the sign of the first factor, which is the same number."""
    match expression:
        case t.Negative(operand):
            return operand
        case t.Number(digits):
            return t.Number(digits[1:] if digits[0] == "-" else "-" + digits)
        case t.Product(((operator, first), *rest)):
            return t.Product(((operator, negative(first)), *rest))
    return t.Negative(expression)


def product(factors: Sequence[Expression], operator: str = "*") -> Expression:
    """a * b * ..., from the left."""
    first, *rest = factors
    return t.Product((*_factors(first), *[(operator, x) for x in rest]))


def flattened(factors: Sequence[Expression]) -> Expression:
    """a * (b * c) as a * b * c: equal up to the last digit, as the textbook writes a gradient."""
    value, *rest = factors
    for x in rest:
        value = lengthened(value, x) if all(operator in ("", "*") for operator, _ in _factors(x)) else product([value, x])
    return value


def lengthened(a: Expression, b: Expression) -> Expression:
    """a * (b / c) as a * b / c: equal up to the last digit."""
    (_, first), *rest = _factors(b)
    return t.Product((*_factors(a), ("*", first), *rest))


def _factors(x: Expression) -> tuple[tuple[str, Expression], ...]:
    return x.factors if isinstance(x, t.Product) else (("", x),)


def quotient(a: Expression, b: Expression) -> Expression:
    return product([a, b], "/")


def matmul(a: Expression, b: Expression) -> Expression:
    """A product that is none of matrices stays a factor of its own."""
    if isinstance(a, t.Product) and a.factors[-1][0] != "@":
        return t.Product((("", a), ("@", b)))
    return product([a, b], "@")


def compare(a: Expression, operator: str, b: Expression) -> Expression:
    return t.Compare((("", a), (operator, b)))


def conditional(condition: Expression, a: Expression, b: Expression) -> Expression:
    """`a if condition else b`."""
    return t.Conditional(condition, a, b)
