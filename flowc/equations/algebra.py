"""Makes formulas, with the simplifications that a hand makes: no factor 1, no term 0, minus signs in the sum."""

from __future__ import annotations

from math import gcd

from flowc.equations.tree import (
    ONE,
    ZERO,
    Call,
    Chain,
    Expr,
    Fraction,
    Name,
    Number,
    Power,
    Product,
    Sum,
    Total,
    Transpose,
)


def add(*terms: tuple[int, Expr]) -> Expr:
    """Without zeros; a sum in it is continued, minus signs move into the sum."""
    summands: list[tuple[int, Expr]] = []
    for sign, term in terms:
        if isinstance(term, Sum) and (len(term.terms) == 1 or sign == 1):
            summands += [(sign * inner, t) for inner, t in term.terms]
        elif term != ZERO:
            summands.append(_positive_term(sign, term))
    if not summands:
        return ZERO
    return summands[0][1] if len(summands) == 1 and summands[0][0] == 1 else _sum_of(summands)


def _sum_of(summands: list[tuple[int, Expr]]) -> Expr:
    """A number alone keeps its sign."""
    if len(summands) == 1 and isinstance(summands[0][1], Number):
        return Number(summands[0][0] * summands[0][1].value)
    return Sum(tuple(summands))


def _positive_term(sign: int, term: Expr) -> tuple[int, Expr]:
    if isinstance(term, Number) and term.value < 0:
        return -sign, Number(-term.value)
    return sign, term


def negative(x: Expr) -> Expr:
    return add((-1, x))


def times(*factors: Expr) -> Expr:
    """One number in front, then weights, then values, then a sum over an index; one fraction for all; no factor 1."""
    sign, number = 1, 1.0
    rest: list[Expr] = []
    under: list[Expr] = []
    for factor in factors:
        if isinstance(factor, Sum) and len(factor.terms) == 1:
            sign, factor = sign * factor.terms[0][0], factor.terms[0][1]
        parts = factor.factors if isinstance(factor, Product) and not factor.elementwise else (factor,)
        for part in parts:
            if isinstance(part, Fraction):
                under.append(part.under)
                part = part.over
            for inner in part.factors if isinstance(part, Product) and not part.elementwise else (part,):
                number, rest = (number * inner.value, rest) if isinstance(inner, Number) else (number, [*rest, inner])
    if number == 0:
        return ZERO
    product = _product_of(abs(number), sorted(rest, key=_rank_of_factor))
    quotient = over(product, times(*under)) if under else product
    return negative(quotient) if (sign < 0) != (number < 0) else quotient


def _product_of(number: float, rest: list[Expr]) -> Expr:
    factors = [*([Number(number)] if number != 1 or not rest else []), *rest]
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _rank_of_factor(factor: Expr) -> int:
    if isinstance(factor, Name):
        return {"count": 0, "weight": 1}.get(factor.kind, 2)
    if isinstance(factor, Call) and isinstance(factor.arguments[0], Number):  # √2
        return 0
    return 3 if isinstance(factor, Total) else 2


def chain(*factors: Expr) -> Expr:
    """A product of matrices and vectors, whose order matters; a number in front, and minus before all."""
    sign, number = 1, 1.0
    operands: list[Expr] = []
    for factor in factors:
        if isinstance(factor, Sum) and len(factor.terms) == 1:
            sign, factor = sign * factor.terms[0][0], factor.terms[0][1]
        opened = factor if isinstance(factor, Chain) or isinstance(factor, Product) and not factor.elementwise else None
        for part in opened.factors if opened else (factor,):
            number, operands = (number * part.value, operands) if isinstance(part, Number) else (number, [*operands, part])
    if number == 0:
        return ZERO
    rest: list[Expr] = [Chain(tuple(operands))] if len(operands) > 1 else operands
    product = _product_of(abs(number), rest)
    return negative(product) if (sign < 0) != (number < 0) else product


def each(*factors: Expr) -> Expr:
    """Element by element."""
    operands: list[Expr] = []
    sign = 1
    for factor in factors:
        if isinstance(factor, Sum) and len(factor.terms) == 1:
            sign, factor = sign * factor.terms[0][0], factor.terms[0][1]
        operands += factor.factors if isinstance(factor, Product) and factor.elementwise else [factor]
    product = operands[0] if len(operands) == 1 else Product(tuple(operands), True)
    return negative(product) if sign < 0 else product


def over(a: Expr, b: Expr) -> Expr:
    """Numbers cancelled; what is divided by a number, or by how many tokens there are, has that in front."""
    if isinstance(a, Sum) and len(a.terms) == 1:
        return add((a.terms[0][0], over(a.terms[0][1], b)))
    if isinstance(a, Fraction):
        return over(a.over, times(a.under, b))
    if isinstance(a, Product) and any(isinstance(f, Fraction) for f in a.factors) and not a.elementwise:
        return over(times(*a.factors), b) if not isinstance(a.factors[0], Fraction) else _divide_again(a, b)
    (up, above), (down, below) = _split_number(a), _split_number(b)
    up, down = _cancel_common(up, down)
    if up < 0:
        return negative(over(_product_of(-up, above), _product_of(down, below)))
    if up == 0:
        return ZERO
    if down == 1 and not below:
        return _product_of(up, above)
    if above and all(isinstance(f, Name) and f.kind == "count" for f in below) and not _is_plain(above):
        return Product((Fraction(Number(up), _product_of(down, below)), *above))
    return Fraction(_product_of(up, above), _product_of(down, below))


def _divide_again(a: Product, b: Expr) -> Expr:
    """What is divided already."""
    first = a.factors[0]
    assert isinstance(first, Fraction)
    return over(_product_of(1.0, [*_factors_of(first.over), *a.factors[1:]]), times(first.under, b))


def _factors_of(x: Expr) -> list[Expr]:
    return [] if x == ONE else [x]


def _is_plain(factors: list[Expr]) -> bool:
    """A name or two, which stand well on a line of a fraction."""
    return all(isinstance(f, Name) for f in factors)


def _split_number(x: Expr) -> tuple[float, list[Expr]]:
    """The number in front, and the other factors."""
    factors = x.factors if isinstance(x, Product) and not x.elementwise else (x,)
    number = 1.0
    for f in factors:
        number *= f.value if isinstance(f, Number) else 1.0
    return number, [f for f in factors if not isinstance(f, Number)]


def _cancel_common(a: float, b: float) -> tuple[float, float]:
    if b < 0:
        a, b = -a, -b
    if a == 0 or b == 0:
        return a, b
    if (a / b).is_integer():
        return a / b, 1.0
    if (b / a).is_integer() and b / a * a == b:
        return (1.0, b / a) if a > 0 else (-1.0, -b / a)
    if a.is_integer() and b.is_integer():
        common = gcd(int(a), int(b))
        return a / common, b / common
    return a, b


def power(a: Expr, b: Expr) -> Expr:
    if b == ONE:
        return a
    return a if a == ONE else Power(a, b)


def transpose(x: Expr) -> Expr:
    return x.of if isinstance(x, Transpose) else Transpose(x)
