"""Sums over an index, and several as one."""

from __future__ import annotations

from flowc.equations.algebra import add, negative
from flowc.equations.tree import ZERO, Expr, Name, Sum, Total


class NotIndexed(Exception):
    """No formula with a letter says this: every element is its own."""


def summed(letter: str, low: int, high: Expr | None, body: Expr, sign: str = "sum") -> Expr:
    """Σ, a minus before it."""
    if sign == "sum" and isinstance(body, Sum) and all(s < 0 for s, _ in body.terms):
        return negative(summed(letter, low, high, opposite(body)))
    return body if body == ZERO else Total(letter, low, high, body, sign)


def together(*terms: tuple[int, Expr]) -> Expr:
    """A sum; of sums over the tokens one sum."""
    totals = [t for _, t in terms if isinstance(t, Total) and isinstance(t.high, Name) and t.sign == "sum"]
    if len(terms) < 2 or len(totals) < len(terms) or len({(t.letter, t.low, t.high) for t in totals}) > 1:
        return add(*terms)
    body = add(*((sign, t.body) for (sign, _), t in zip(terms, totals, strict=True)))
    return summed(totals[0].letter, totals[0].low, totals[0].high, body)


def opposite(x: Expr) -> Expr:
    """Of a sum, every sign turned."""
    return add(*((-sign, term) for sign, term in x.terms)) if isinstance(x, Sum) else negative(x)
