"""Formulas as a lecture writes them: a small tree, made by `algebra.py`, read by printers."""

from __future__ import annotations

from collections.abc import Iterable

from flowc.records import Record


class Name(Record):
    """A symbol in LaTeX and in plain text. kind: value, weight (it stands in front of values), count (of tokens)."""

    latex: str
    text: str
    kind: str = "value"


class Number(Record):
    value: float


class Sum(Record):
    """± a ± b ± ..., in this order."""

    terms: tuple[tuple[int, Expr], ...]


class Product(Record):
    """Numbers side by side. `elementwise`: arrays, element by element, with ⊙."""

    factors: tuple[Expr, ...]
    elementwise: bool = False


class Chain(Record):
    """Matrices and vectors side by side, in this order."""

    factors: tuple[Expr, ...]


class Fraction(Record):
    over: Expr
    under: Expr


class Power(Record):
    base: Expr
    exponent: Expr


class Transpose(Record):
    of: Expr


class Total(Record):
    """Σ of `body` for `letter` from `low` to `high`, or (None) over all there are; `sign` may be product instead."""

    letter: str
    low: int
    high: Expr | None
    body: Expr
    sign: str = "sum"


class Call(Record):
    """A function by name, as `sigma`, `max`, `abs`; `below` is a letter under it, as the k of argmax."""

    function: str
    arguments: tuple[Expr, ...]
    below: str = ""


class Norm(Record):
    """The square of a vector's length."""

    of: Expr


class Compare(Record):
    left: Expr
    sign: str
    right: Expr


class Both(Record):
    """All of these hold."""

    conditions: tuple[Expr, ...]


class Truth(Record):
    """[condition]: 1 where it holds, else 0."""

    condition: Expr


class Cases(Record):
    """The value of the first condition that holds; the last condition is None."""

    cases: tuple[tuple[Expr, Expr | None], ...]


class Matrix(Record):
    """Rows of formulas; a column where each row has one."""

    rows: tuple[tuple[Expr, ...], ...]


class Derivative(Record):
    """∂ of / ∂ by."""

    of: Expr
    by: Expr


class Dots(Record):
    """What is left out here; `way` is how the dots run in a matrix."""

    way: str = "c"


class Word(Record):
    """A word in a formula, set upright: a name of a class."""

    text: str


Expr = (
    Name | Number | Sum | Product | Chain | Fraction | Power | Transpose | Total | Call | Norm | Compare | Both | Truth | Cases
    | Matrix | Derivative | Dots | Word
)  # fmt: skip
ONE, ZERO = Number(1.0), Number(0.0)


def parts(x: Expr) -> Iterable[Expr]:
    """The formulas that a formula is made of."""
    match x:
        case Sum(terms):
            return [t for _, t in terms]
        case Product(factors) | Chain(factors):
            return factors
        case Fraction(a, b) | Power(a, b):
            return a, b
        case Transpose(a) | Norm(a) | Truth(a):
            return (a,)
        case Total():
            return (x.body,) if x.high is None else (x.high, x.body)
        case Call(arguments=arguments):
            return arguments
        case Compare(a, _, b) | Derivative(a, b):
            return a, b
        case Both(conditions):
            return conditions
        case Cases(cases):
            return [part for case in cases for part in case if part is not None]
        case Matrix(rows):
            return [entry for row in rows for entry in row]
    return ()


def size(x: Expr) -> int:
    """How many signs, about, it is written with."""
    return 1 + sum(size(part) for part in parts(x))


def within(x: Expr) -> Iterable[Expr]:
    """The formula and all in it."""
    yield x
    for part in parts(x):
        yield from within(part)
