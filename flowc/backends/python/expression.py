"""How trees of formulas are put together: sums in sums and signs of signs are one. Text stands for what it says as Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from flowc.backends.code import tree as t
from flowc.backends.code.build import in_row
from flowc.backends.code.python import flat
from flowc.backends.code.quote import HOLE, filled, read
from flowc.backends.code.tree import COMPARE, CONDITIONAL, POWER, PRIMARY, PRODUCT, SIGN, SUM, Expression

__all__ = ["COMPARE", "CONDITIONAL", "POWER", "PRIMARY", "PRODUCT", "SIGN", "SUM", "Expression", "flat"]

_NUMBER = re.compile(r"-?\d[\d.]*(e[-+]?\d+)?")


def atom(text: str) -> Expression:
    """A name, a number, or whatever Python reads in the text."""
    if text.isidentifier() and text not in ("True", "False", "None"):
        return t.Name(text)
    return t.Number(text) if _NUMBER.fullmatch(text) else read(text)


def bracketed(before: str, inside: Sequence[Expression], after: str) -> Expression:
    """`before inside after`: `before` ends with an opening bracket, with whose closing one `after` begins."""
    match before, after:
        case "[", "]":
            return t.List(tuple(inside))
        case "{", "}":
            return t.Dict(tuple(inside))
    return filled(f"{before}{HOLE}{after}", inside)


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


def shape(sizes: Sequence[int]) -> Expression:
    """`(2, 3)`, or `(2,)`."""
    return t.Tuple(tuple([t.Number(str(n)) for n in sizes]))


def row(names: Sequence[str]) -> Expression:
    """A name, or several: `a, b`."""
    return in_row([atom(name) for name in names])


def entry(key: str, value: Expression) -> Expression:
    """`"key": value` of a dictionary."""
    return t.Entry(t.Text(key), value)


def repeated(item: Expression, variable: str, values: Expression) -> Expression:
    """`[item for variable in values]`."""
    return t.List((t.Comprehension(item, (t.Loop(atom(variable), values),)),))


def suffix(expression: Expression, text: str) -> Expression:
    """`expression.T`, `expression[:, 0]`: a trailer, which binds most tightly."""
    for trailer in _trailers(text):
        match trailer:
            case t.Attribute(_, name):
                expression = t.Attribute(expression, name)
            case t.Index(_, places):
                expression = t.Index(expression, places)
            case t.Call(_, arguments):
                expression = t.Call(expression, arguments)
    return expression


@lru_cache(4096)
def _trailers(text: str) -> tuple[Expression, ...]:
    code, trailers = read(HOLE + text), []
    while not isinstance(code, t.Name):
        trailers.append(code)
        assert isinstance(code, t.Attribute | t.Index | t.Call)
        code = code.function if isinstance(code, t.Call) else code.value
    return tuple(reversed(trailers))


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
    before = first.factors if isinstance(first, t.Product) else (("", first),)
    return t.Product((*before, *[(operator, x) for x in rest]))


def flattened(factors: Sequence[Expression]) -> Expression:
    """a * (b * c) as a * b * c: equal up to the last digit, as the textbook writes a gradient."""
    parts: list[tuple[str, Expression]] = []
    for x in factors:
        if isinstance(x, t.Product) and all(operator in ("", "*") for operator, _ in x.factors):
            (_, first), *rest = x.factors
            parts += [("*" if parts else "", first), *rest]
        elif isinstance(x, t.Product) and not parts:
            parts += x.factors
        else:
            parts.append(("*" if parts else "", x))
    return t.Product(tuple(parts))


def lengthened(a: Expression, b: Expression) -> Expression:
    """a * (b / c) as a * b / c: equal up to the last digit."""
    (_, first), *rest = b.factors if isinstance(b, t.Product) else (("", b),)
    before = a.factors if isinstance(a, t.Product) else (("", a),)
    return t.Product((*before, ("*", first), *rest))


def quotient(a: Expression, b: Expression) -> Expression:
    return product([a, b], "/")


def matmul(a: Expression, b: Expression) -> Expression:
    """A product that is none of matrices stays a factor of its own."""
    if isinstance(a, t.Product) and a.factors[-1][0] != "@":
        return t.Product((("", a), ("@", b)))
    return product([a, b], "@")


def power(a: Expression, b: Expression) -> Expression:
    return t.Power(a, b)


def compare(a: Expression, operator: str, b: Expression) -> Expression:
    return t.Compare((("", a), (operator, b)))


def conditional(condition: Expression, a: Expression, b: Expression) -> Expression:
    """`a if condition else b`."""
    return t.Conditional(condition, a, b)
