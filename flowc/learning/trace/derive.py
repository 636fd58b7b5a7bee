"""Derivatives of formulas: for each number in one, what multiplies its change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flowc.learning.trace.formula import (
    ONE,
    ZERO,
    Call,
    Formula,
    Number,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
    add,
    evaluate,
    negative,
    over,
    power,
    times,
)
from flowc.learning.trace.rules import Known, Writer, names_of_rule, scalar_of
from flowc.maths.function import Function
from flowc.maths.functions import lookup

Others = Callable[[Sequence[Formula]], Sequence[Sequence[Formula]]]


def derivatives(formula: Formula, known: Known, others: Others, d: Formula) -> Iterator[tuple[Quantity, Formula]]:
    """For each place of a quantity in a formula, `d` times the formula's slope there; nothing where that is 0.

    From the outside in. Of equals, `max` and `min` take the first. `others`: for each factor of a product all the others.
    """
    match formula:
        case Quantity():
            yield formula, d
        case Sum(terms):
            for sign, term in terms:
                yield from derivatives(term, known, others, d if sign == 1 else negative(d))
        case Product(factors):
            for factor, left in zip(factors, others(factors), strict=True):
                yield from derivatives(factor, known, others, times(*left, d))
        case Quotient(a, b):
            yield from derivatives(a, known, others, over(d, b))
            yield from derivatives(b, known, others, negative(over(times(a, d), power(b, Number(2.0)))))
        case Power(a, b):
            yield from _of_power(a, b, known, others, d)
        case Call(function="max" | "min"):
            yield from derivatives(_chosen_argument(formula, known), known, others, d)
        case Call(arguments=(argument,)):
            yield from derivatives(argument, known, others, times(slope_of_call(formula, argument, formula, known), d))


def _chosen_argument(call: Call, known: Known) -> Formula:
    values = [evaluate(a, known) for a in call.arguments]
    return call.arguments[values.index(max(values) if call.function == "max" else min(values))]


def _of_power(a: Formula, b: Formula, known: Known, others: Others, d: Formula) -> Iterator[tuple[Quantity, Formula]]:
    """x^n never takes ln x; the slope of 0^y in y is 0."""
    if b != ZERO:
        lowered = Number(b.value - 1) if isinstance(b, Number) else add((1, b), (-1, ONE))
        yield from derivatives(a, known, others, times(b, power(a, lowered), d))
    if not isinstance(b, Number) and evaluate(a, known) != 0:
        yield from derivatives(b, known, others, times(Power(a, b), Call("log", (a,)), d))


def slope_of_call(call: Call, xi: Formula, h: Formula, known: Known) -> Formula:
    """The slope of a function of one number at `xi`, where its value is `h`: as its record says."""
    function = lookup(call.function)
    assert function is not None, call.function
    return slope_of(function, call.parameters, xi, h, known)


def slope_of(function: Function, parameters: tuple[float, ...], xi: Formula, h: Formula, known: Known) -> Formula:
    names = names_of_rule(function, [scalar_of(xi)], parameters)
    text = function.rule.pullback[0]
    formula: Formula = Writer(known).write_formula(text, {**names, "h": scalar_of(h), "d": scalar_of(ONE)}).item()
    return formula
