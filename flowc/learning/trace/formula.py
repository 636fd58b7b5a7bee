"""Formulas of named numbers: what a line of a trace says, in names and in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod
from operator import truediv
from typing import Any

import numpy as np

from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.maths.scalar import of_numbers
from flowc.program.function_steps import expand
from flowc.program.run import evaluate as computed
from flowc.records import Record


class Quantity(Record):
    """A number with a name: of a node, an excitation or a weight, or of one element, counted from 0.

    kind: "" the value itself; "d" the loss's derivative by it; "logistic'" a slope at it; "'" a weight after the step;
    "rest" what a long sum leaves out; another letter: a number on the way, as the exponentials "e" of a softmax.
    """

    kind: str
    name: str
    index: tuple[int, ...] = ()


class Number(Record):
    """A number of the diagram."""

    value: float


class Sum(Record):
    """± a ± b ± ..., added from the left."""

    terms: tuple[tuple[int, Formula], ...]


class Product(Record):
    factors: tuple[Formula, ...]


class Quotient(Record):
    over: Formula
    under: Formula


class Power(Record):
    base: Formula
    exponent: Formula


class Call(Record):
    """A function of the language; `max` and `min` of any number; of `argmax` the element at `place`."""

    function: str
    arguments: tuple[Formula, ...]
    parameters: tuple[float, ...] = ()
    place: int = 0


class Rest(Record):
    """What a long sum (`how` "sum"), product or largest leaves out: so many terms, together the quantity."""

    count: int
    how: str
    together: Quantity


Leaf = Quantity | Number
Formula = Quantity | Number | Sum | Product | Quotient | Power | Call | Rest
ONE, ZERO = Number(1.0), Number(0.0)


# --------------------------------------------------------------------------------------------------------- construction


def add(*terms: tuple[int, Formula]) -> Formula:
    """Without zeros; a sum that comes first is continued."""
    summands: list[tuple[int, Formula]] = []
    for sign, term in terms:
        if isinstance(term, Sum) and (len(term.terms) == 1 or not summands):
            summands += [(sign * inner, t) for inner, t in term.terms]
        elif term != ZERO:
            summands.append(_move_sign(sign, term))
    if not summands:
        return ZERO
    return summands[0][1] if len(summands) == 1 and summands[0][0] == 1 else Sum(tuple(summands))


def _move_sign(sign: int, term: Formula) -> tuple[int, Formula]:
    """A negative number in front becomes the sign."""
    if isinstance(term, Number) and term.value < 0:
        return -sign, Number(-term.value)
    if isinstance(term, Product) and isinstance(term.factors[0], Number) and term.factors[0].value < 0:
        return -sign, times(Number(-term.factors[0].value), *term.factors[1:])
    return sign, term


def negative(formula: Formula) -> Formula:
    return Number(-formula.value) if isinstance(formula, Number) else add((-1, formula))


def times(*factors: Formula) -> Formula:
    """Products opened, a divisor that of all, a minus in front, no factor 1 or -1. A factor 0 stays in sight."""
    sign = 1
    operands: list[Formula] = []
    under: list[Formula] = []
    for factor in factors:
        if isinstance(factor, Sum) and len(factor.terms) == 1:
            sign, factor = sign * factor.terms[0][0], factor.terms[0][1]
        if isinstance(factor, Quotient):
            under.append(factor.under)
            factor = factor.over
        if factor in (ONE, Number(-1.0)):
            sign = sign if factor == ONE else -sign
            continue
        operands += factor.factors if isinstance(factor, Product) else [factor]
    product = operands[0] if len(operands) == 1 else Product(tuple(operands)) if operands else ONE
    quotient = over(product, times(*under)) if under else product
    return quotient if sign == 1 else negative(quotient)


def over(a: Formula, b: Formula) -> Formula:
    return a if b == ONE else Quotient(a, b)


def power(a: Formula, b: Formula) -> Formula:
    return a if b == ONE else Power(a, b)


# ----------------------------------------------------------------------------------------------------------- evaluation


def evaluate(formula: Formula, number: Callable[[Leaf], float]) -> float:
    """The value, nan where there is none; `number` gives those of the leaves."""
    try:
        return float(_value_of(formula, number, {}))
    except (ArithmeticError, ValueError, TypeError):  # TypeError: a power that is complex
        return float("nan")


def _value_of(formula: Formula, number: Callable[[Leaf], float], seen: dict[int, float]) -> float:
    """`seen` has the values of parts by their identity: a softmax's largest excitation is one part of a thousand terms."""
    if isinstance(formula, Quantity | Number):
        return number(formula)
    if id(formula) not in seen:
        seen[id(formula)] = _compute_value(formula, number, seen)
    return seen[id(formula)]


def _compute_value(formula: Formula, number: Callable[[Leaf], float], seen: dict[int, float]) -> float:
    match formula:
        case Rest(together=together):
            return number(together)
        case Sum(terms):
            values = [sign * _value_of(term, number, seen) for sign, term in terms]
            return sum(values[1:], values[0])
        case Product(factors):
            return prod(_value_of(f, number, seen) for f in factors)
        case Quotient(a, b):
            return _or_infinite(truediv, np.divide, _value_of(a, number, seen), _value_of(b, number, seen))
        case Power(a, b):
            return _or_infinite(pow, np.power, _value_of(a, number, seen), _value_of(b, number, seen))
        case Call():
            return _call_function(formula, [_value_of(a, number, seen) for a in formula.arguments])
    raise AssertionError(f"a formula of {type(formula).__name__}")


def _call_function(call: Call, values: list[float]) -> float:
    if call.function in ("max", "min"):
        return max(values) if call.function == "max" else min(values)
    if call.function == "argmax":
        return float(values.index(max(values)) == call.place)
    function = lookup(call.function)
    assert function is not None, call.function
    try:
        return of_numbers(function, *values, *call.parameters)
    except (ArithmeticError, ValueError):
        return _by_steps(function, values, call.parameters)


def _or_infinite(plain: Callable[..., float], array: Callable[..., float], a: float, b: float) -> float:
    """An operation of numbers; where Python refuses it, as 1/0, what arrays give."""
    try:
        return plain(a, b)
    except ArithmeticError:
        with np.errstate(all="ignore"):
            return float(array(np.float64(a), np.float64(b)))


def _by_steps(function: Function, values: Sequence[float], parameters: tuple[float, ...]) -> float:
    """As a net computes it: exp(1000) is infinite, where Python's own refuses it."""
    steps, result = expand(function, tuple(values), parameters)
    variables: dict[Any, Any] = {}
    with np.errstate(all="ignore"):
        for step in steps:
            variables[step.symbol] = computed(step, [variables.get(a, a) for a in step.args], 1)
    return float(variables.get(result, result))


def size_of_terms(formula: Formula, number: Callable[[Leaf], float]) -> float:
    """What the value would be if nothing in it cancelled: every term as large as it is."""
    match formula:
        case Sum(terms):
            return sum(size_of_terms(term, number) for _, term in terms)
        case Product(factors):
            return prod(size_of_terms(factor, number) for factor in factors)
        case Quotient(a, b):
            below = abs(evaluate(b, number))
            return size_of_terms(a, number) / below if below else float("nan")
    return abs(evaluate(formula, number))


def leaves(formula: Formula) -> Iterator[Leaf]:
    """The numbers of a formula, in the order they are read."""
    match formula:
        case Quantity() | Number():
            yield formula
        case Rest(together=together):
            yield together
        case _:
            for part in parts(formula):
                yield from leaves(part)


def parts(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Sum(terms):
            return tuple(term for _, term in terms)
        case Product(factors):
            return factors
        case Quotient(a, b) | Power(a, b):
            return a, b
        case Call(arguments=arguments):
            return arguments
    return ()
