"""Numbers: what an expression without nodes and weights is worth. Functions of numbers are numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

from flowc.graph.draft import Draft
from flowc.graph.network import Numbers
from flowc.maths.functions import lookup
from flowc.source import Span
from flowc.syntax import tree as t

Shape = tuple[int, ...]
Number = int | float


def shape_of(value: Numbers) -> Shape:
    """The shape of nested rows."""
    shape: list[int] = []
    while isinstance(value, tuple):
        shape.append(len(value))
        value = value[0]
    return tuple(shape)


def is_constant(expression: t.Expression, draft: Draft) -> bool:
    """Whether there are only numbers in it; `pi` is one, unless the diagram has the name."""
    from flowc.graph.draft import references

    return all(r.name == "pi" and "pi" not in draft.places and r.index is None for r in references(expression))


def finite(draft: Draft, value: Number, span: Span) -> float:
    """The value as a float; an error where it is not a finite number."""
    try:
        if not isinstance(value, complex) and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise not_a_number(draft, span)


def not_a_number(draft: Draft, span: Span) -> Exception:
    return draft.problems.fail(
        "not-a-number", f"`{draft.text(span)}` is not a finite number", span, hint="write a number that floats can hold"
    )


def compute(draft: Draft, span: Span, function: Callable[..., float], *arguments: Numbers) -> Numbers:
    """The function of numbers or, element by element, of nested rows of one shape and numbers."""
    rows = [a for a in arguments if isinstance(a, tuple)]
    if not rows:
        try:
            return finite(draft, function(*arguments), span)
        except (ArithmeticError, ValueError):
            raise not_a_number(draft, span) from None
    return tuple(
        compute(draft, span, function, *(a[k] if isinstance(a, tuple) else a for a in arguments))
        for k in range(len(rows[0]))
    )


def flat(value: Numbers) -> list[float]:
    """All numbers of nested rows, row by row."""
    if not isinstance(value, tuple):
        return [value]
    return [number for row in value for number in flat(row)]


def reshaped(numbers: list[float], shape: Shape) -> Numbers:
    """Nested rows of `shape` from the numbers row by row."""
    if not shape:
        return numbers[0]
    step = len(numbers) // shape[0]
    return tuple(reshaped(numbers[k * step : (k + 1) * step], shape[1:]) for k in range(shape[0]))


def transposed(value: Numbers) -> Numbers:
    """The transpose of a matrix; of a vector, itself."""
    if isinstance(value, tuple) and isinstance(value[0], tuple):
        return tuple(zip(*value))
    return value


def canonical(name: str) -> str:
    """The function's own name, of a name or an alias."""
    function = lookup(name)
    return function.name if function else name
