"""Numbers, elements and indices as the trees of what one would write."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import pi, sqrt

from flowc.graph.network import Axis, Index, Node, Numbers
from flowc.maths.functions import FUNCTIONS
from flowc.source import NOWHERE
from flowc.syntax import numbers as spellings
from flowc.syntax import tree as t
from flowc.syntax.names import is_name

Axes = tuple[Axis, ...]
LARGEST_WHOLE = 10**15  # from here on whole numbers are written with an exponent
LONG = 8  # letters of a decimal, beyond which a fraction is looked for
DENOMINATORS = range(3, 100)
ROOTS = 13  # beyond these, roots are decimals


def digits(value: float) -> str:
    """The shortest spelling of a number that is read as exactly it: `2`, `0.15`, `1e-7`."""
    if value == int(value) and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    mantissa, e, exponent = repr(float(value)).partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def number(value: float) -> t.Expression:
    """The number, as a fraction, a part of pi or a root where that is shorter and exactly it."""
    if value < 0:
        positive = number(-value)
        if isinstance(positive, t.Binary):
            return binary("/", t.Negative(positive.left, NOWHERE), positive.right)
        return t.Negative(positive, NOWHERE)
    text = digits(value)
    if len(text) > LONG:
        for below in DENOMINATORS:
            above = round(value * below)
            if 0 < above < LARGEST_WHOLE and above / below == value and len(str(above)) < LONG:
                return binary("/", _plain_number(str(above)), _plain_number(str(below)))
        for below in range(1, 13):
            if pi / below == value:
                return binary("/", name("pi"), _plain_number(str(below))) if below > 1 else name("pi")
        if (square := round(value * value)) < ROOTS and sqrt(square) == value:
            return call("sqrt", [_plain_number(str(square))])
    return _plain_number(text)


def _plain_number(text: str) -> t.Number:
    return t.Number(spellings.value(text), text, NOWHERE)


def literal(value: Numbers) -> t.Expression:
    """A number, or the list of its rows."""
    if isinstance(value, tuple):
        return t.List(tuple(literal(row) for row in value), NOWHERE)
    return number(value)


# ---------------------------------------------------------------- operations


def binary(op: t.Operator, left: t.Expression, right: t.Expression) -> t.Binary:
    return t.Binary(op, left, right, NOWHERE)


def call(function: str, arguments: Sequence[t.Expression]) -> t.Call:
    return t.Call(function, tuple(arguments), (), NOWHERE, NOWHERE)


Factor = tuple[t.Operator, t.Expression]  # "*" or "/", and what is multiplied or divided by


def flat_product(factors: Sequence[Factor]) -> t.Expression:
    """A product written flat; the first factor multiplies."""
    (_, first), *rest = factors
    return reduce(lambda left, factor: binary(factor[0], left, factor[1]), rest, first)


def numbers_of(node: Node) -> list[t.Expression]:
    """The numbers of a node's function, without the last ones that are as they are without saying."""
    numbers = list(zip(node.parameters, FUNCTIONS[node.function].parameters))
    while numbers and numbers[-1][0] == numbers[-1][1][1]:
        numbers.pop()
    return [number(value) for value, _ in numbers]


# -------------------------------------------------------------- names, indices


def name(text: str, index: tuple[t.Expression | t.Range, ...] | None = None) -> t.Ref:
    return t.Ref(text, index or None, NOWHERE)


def part_of(node: str, index: Index, axes: Axes) -> t.Ref:
    """`x`, or the part of it that the network's index picks: `x[1]`, `x[2..3]`."""
    return name(node, brackets(index, axes))


def brackets(index: Index, axes: Axes) -> tuple[t.Expression | t.Range, ...]:
    """The entries of an index, without the last ones that take everything."""
    entries = [(pick, axis) for pick, axis in zip(index, axes)]
    while entries and entries[-1][0] == (0, len(entries[-1][1])):
        entries.pop()
    return tuple(_index_entry(pick, axis) for pick, axis in entries)


def _index_entry(pick: int | tuple[int, int], axis: Axis) -> t.Expression | t.Range:
    if isinstance(pick, int):
        return element(axis, pick)
    return t.Range(element(axis, pick[0]), element(axis, pick[1] - 1), NOWHERE)


def element(axis: Axis, place: int) -> t.Expression:
    """How an index names the element at a place from 0."""
    if axis.names:
        word = axis.names[place]
        return name(word) if is_name(word) else t.Text(word, NOWHERE)
    value = axis.low + place
    plain = _plain_number(str(abs(value)))
    return t.Negative(plain, NOWHERE) if value < 0 else plain


def size_of(axis: Axis) -> str | None:
    """How a declaration gives an axis; None where no size means it: a part of a named index."""
    if axis.index is not None:
        return axis.index
    if axis.names is not None:
        return None
    return str(axis.high) if axis.low == 1 else f"{axis.low}..{axis.high}"


def sizes_of(axes: Axes) -> str | None:
    """`[3, D]`, or nothing for a scalar; None where no declaration can give such axes."""
    sizes = [size_of(axis) for axis in axes]
    if None in sizes:
        return None
    return f"[{', '.join(map(str, sizes))}]" if sizes else ""
