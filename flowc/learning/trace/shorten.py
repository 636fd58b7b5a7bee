"""Long sums, shortened honestly: the first two terms, how many are left out and what they come to, and the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import mul

from flowc.learning.trace.formula import Call, Formula, Leaf, Power, Product, Quantity, Quotient, Rest, Sum, evaluate

FEW = 8  # terms: of more some are left out

Known = Callable[[Leaf], float]
Numbers = dict[Quantity, float]


def shorten_formula(formula: Formula, known: Known, numbers: Numbers) -> Formula:
    """What is left out becomes quantities of its own, which are added to `numbers`."""

    def shorten_part(part: Formula) -> Formula:
        return shorten_formula(part, known, numbers)

    def rest_of(how: str, parts: Formula, count: int) -> Rest:
        together = Quantity("rest", str(len(numbers)))  # which grows by it
        numbers[together] = evaluate(parts, known)
        return Rest(count, how, together)

    match formula:
        case Sum(terms) if len(terms) > FEW:
            first, second, *middle, last = [(sign, shorten_part(term)) for sign, term in terms]
            return Sum((first, second, (1, rest_of("sum", Sum(terms[2:-1]), len(middle))), last))
        case Sum(terms):
            return Sum(tuple((sign, shorten_part(term)) for sign, term in terms))
        case Product(factors) if _count_factors(factors) > FEW:
            left_out = rest_of("product", Product(factors[2:-1]), _count_factors(factors[2:-1]))
            return Product((*factors[:2], left_out, factors[-1]))
        case Product(factors):
            return Product(tuple(map(shorten_part, factors)))
        case Quotient(a, b):
            return Quotient(shorten_part(a), shorten_part(b))
        case Power(a, b):
            return Power(shorten_part(a), shorten_part(b))
        case Call(arguments=arguments) if len(arguments) > FEW:
            return _shorten_call(formula, rest_of)
        case Call(function, arguments, parameters, place):
            return Call(function, tuple(map(shorten_part, arguments)), parameters, place)
    return formula


def _count_factors(factors: Sequence[Formula]) -> int:
    """How many there are, with those that are left out already."""
    return sum(f.count if isinstance(f, Rest) else 1 for f in factors)


def every_other(factors: Sequence[Formula]) -> list[tuple[Formula, ...]]:
    """For each factor all the others."""
    return [(*factors[:k], *factors[k + 1 :]) for k in range(len(factors))]


def few_others(factors: Sequence[Formula], known: Known, numbers: Numbers) -> list[tuple[Formula, ...]]:
    """The same, shortened: of very many others the first two and the last, and those between them together.

    What a product of n factors hands back to them would be n products of n - 1.
    """
    if len(factors) - 1 <= FEW:
        return every_other(factors)
    inner = [evaluate(factor, known) for factor in factors[2:-1]]
    before = [1.0, *accumulate(inner, mul)]  # the product of so many of them from the left
    behind = [1.0, *accumulate(reversed(inner), mul)]  # ... and from the right
    first, second, third, *_, last_but_one, last = factors

    def rest_of(value: float) -> Rest:
        together = Quantity("rest", str(len(numbers)))
        numbers[together] = value
        return Rest(len(factors) - 4, "product", together)

    end = (rest_of(behind[-2]), last)
    ends = [(second, third, *end), (first, third, *end)]
    middle = [(first, second, rest_of(before[k] * behind[-2 - k]), last) for k in range(len(inner))]
    return [*ends, *middle, (first, second, rest_of(before[-2]), last_but_one)]


def _shorten_call(call: Call, rest: Callable[[str, Formula, int], Rest]) -> Call:
    """Of many arguments the first two and the last, and the one that `argmax` is asked about."""
    last = len(call.arguments) - 1
    shown = fill_gaps({0, 1, last, *([call.place] if call.function == "argmax" else [])})
    how = "min" if call.function == "min" else "max"
    arguments: list[Formula] = []
    place, before = 0, -1
    for k in shown:
        if k - before > 1:
            arguments.append(rest(how, Call(how, call.arguments[before + 1 : k]), k - before - 1))
        place = len(arguments) if k == call.place else place
        arguments.append(call.arguments[k])
        before = k
    return Call(call.function, tuple(arguments), call.parameters, place)


def fill_gaps(places: set[int]) -> list[int]:
    """Places in order, with those that would be left out alone."""
    return sorted(places | {k + 1 for k in places if k + 2 in places})
