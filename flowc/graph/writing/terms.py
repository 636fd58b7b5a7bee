"""The terms of a sum put together, so that each is read with the number that it has."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.graph.network import Numbers
from flowc.graph.writing.problem import NoText
from flowc.graph.writing.spelling import Factor, binary, flat_product, literal, number
from flowc.records import Record
from flowc.syntax import tree as t


class Term(Record):
    """`coefficient` times factors; without any it is a number. `rows`: it is these numbers, and has no factors."""

    coefficient: float
    factors: tuple[Factor, ...] = ()
    rows: Numbers | None = None

    @property
    def constant(self) -> bool:
        return not self.factors

    def over(self, divisor: float) -> Term | None:
        """The term that is this one when it is multiplied; None where rounding is in the way."""
        share = self.coefficient / divisor if divisor else 1.0
        return Term(share, self.factors, self.rows) if share * divisor == self.coefficient else None


def sum_of_terms(terms: Sequence[Term]) -> t.Expression:
    """The sum, in the order of its terms.

    Numbers in the beginning are put into parentheses, `1 + (2 + x)`, for they would be read as one; so is what
    multiplies a row of numbers, `0.5*(x + [1, 2])`.
    """
    one = len(terms) == 1
    if not one and (run := _run_of_rows(terms)):
        first, last, factor = run
        inner = [term.over(factor) for term in terms[first:last]]
        grouped = Term(factor, (("*", sum_of_terms([term for term in inner if term])),))
        return sum_of_terms([*terms[:first], grouped, *terms[last:]])
    if not one and terms[0].constant and terms[1].constant:
        if len(terms) == 2:
            raise NoText("a sum of numbers alone is one number")
        return _add_terms(_term_alone(terms[0]), [Term(1.0, (("*", sum_of_terms(terms[1:])),))])
    return _add_terms(_term_alone(terms[0]), terms[1:])


def _add_terms(left: t.Expression, terms: Sequence[Term]) -> t.Expression:
    for term in terms:
        minus = term.coefficient < 0
        positive = Term(-term.coefficient, term.factors, term.rows) if minus else term
        left = binary("-" if minus else "+", left, _term_alone(positive))
    return left


def _term_alone(term: Term) -> t.Expression:
    if term.rows is not None:
        if term.coefficient != 1:
            raise NoText("a multiple of a row of numbers is another row of numbers")
        return literal(term.rows)
    if term.constant:
        return number(term.coefficient)
    if term.coefficient == 1:
        return flat_product(term.factors)
    if term.coefficient == -1:
        return _negative_product(term.factors)
    return flat_product((("*", number(term.coefficient)), *term.factors))


def _negative_product(factors: tuple[Factor, ...]) -> t.Expression:
    """`-w*x`; and `-(…)` where a sign at the first factor would mean another thing."""
    (_, first), *rest = factors
    if rest and isinstance(first, t.Ref):
        return flat_product((("*", t.Negative(first, first.span)), *rest))
    product = flat_product(factors)
    return t.Negative(product, product.span)


def _run_of_rows(terms: Sequence[Term]) -> tuple[int, int, float] | None:
    """The shortest run of terms that has to be multiplied as one, for a row of numbers in it is: from, to, factor."""
    for place, term in enumerate(terms):
        fine = (1.0,) if place == 0 else (1.0, -1.0)
        if term.rows is None or term.coefficient in fine:
            continue
        factor = term.coefficient
        for size in range(2, len(terms) + 1):
            for first in range(max(0, place - size + 1), min(place, len(terms) - size) + 1):
                run = terms[first : first + size]
                if all(one.over(factor) for one in run) and not all(one.constant for one in run):
                    return first, first + size, factor
        raise NoText("a multiple of a row of numbers is another row of numbers")
    return None
