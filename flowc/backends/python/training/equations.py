"""The diagram's equations with the learnt numbers in them: `f = 0.01 + 0.86 x + ...`, where the diagram is so small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowc.backends.code.names import in_unicode
from flowc.backends.python.text import decimal
from flowc.diagnostics.error import FlowError
from flowc.graph.network import Draw, Network, Weight
from flowc.source import Source, Span
from flowc.syntax import tree as t
from flowc.syntax.chains import chain
from flowc.syntax.parser import parse

MOST, WIDEST = 8, 70  # equations; characters of one
SUM, PRODUCT, SIGN, ATOM = range(4)  # how tightly an expression binds
RANKS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}

Word = str | Weight  # a learnt weight stands for its number
Piece = list[Word]  # of a text in which a line may end before it


class Unreadable(Exception):
    """There are more than scalars in the equation."""


def fitted_equations(network: Network) -> list[list[Piece]]:
    """The equations in pieces; none where the diagram is drawn, or too large to be read."""
    nodes = [n for n in network.nodes if n.role in ("hidden", "output") and not (n.learning_only or n.anonymous)]
    spans = [s for n in nodes for s in (n.excitation_span, n.span) if s.end]
    if len(spans) > MOST or any(w.shape or isinstance(w.start, Draw) and not w.learnt for w in network.weights):
        return []
    weights = {w.name: w for w in network.weights}
    try:
        equations = [list(_pieces(_equation(network.source, s), weights)) for s in spans]
    except (FlowError, Unreadable):
        return []
    words = [[word for piece in pieces for word in piece] for pieces in equations]
    texts = ["".join(w.name if isinstance(w, Weight) else w for w in line) for line in words]
    named = {w.name for line in words for w in line if isinstance(w, Weight)}
    readable = all(len(text) <= WIDEST and not set(text) & set('"{}') for text in texts)
    return equations if readable and named >= {w.name for w in network.weights if w.learnt} else []


def _equation(source: Source, span: Span) -> t.Equation:
    """The equation in that place. Raises FlowError, Unreadable."""
    match parse(Source("", source.text[span.start : span.end])).statements:
        case (t.Equation() as equation,):
            return equation
    raise Unreadable


def _pieces(equation: t.Equation, weights: Mapping[str, Weight]) -> Iterator[Piece]:
    """A product with a number is written without a sign: `0.86 x`. A line may end before a sign."""
    words = list(_words(equation.right, weights))
    piece: Piece = [f"{in_unicode(equation.left.name)} = "]
    for before, here, after in zip(["", *words], words, [*words[1:], ""]):
        if here == "*":
            here = " " if _is_number(before) and not _is_number(after) else " * "
        if here in (" + ", " - ", " * "):
            yield piece
            piece = []
        piece.append(here)
    yield piece


def _words(expression: t.Expression, weights: Mapping[str, Weight], least: int = SUM) -> Iterator[Word]:
    """Those of an expression, in brackets if it binds less than `least`. Raises Unreadable."""
    match expression:
        case t.Number(text=text):
            yield text
        case t.Ref(name=name, index=None) if name in weights and not weights[name].learnt:
            yield decimal(weights[name].start)  # type: ignore[arg-type]
        case t.Ref(name=name, index=None):
            yield weights.get(name) or in_unicode(name)
        case t.Call(name=name, args=args, keywords=keywords):
            before = f"{in_unicode(name)}("
            for key, argument in (*(("", a) for a in args), *((f"{key}=", a) for key, a, _ in keywords)):
                yield f"{before}{key}"
                yield from _words(argument, weights)
                before = ", "
            yield ")"
        case t.Negative() | t.Binary() if least > _rank(expression):
            yield "("
            yield from _words(expression, weights)
            yield ")"
        case t.Negative(operand=operand):
            yield "-"
            yield from _words(operand, weights, SIGN)
        case t.Binary(op="^", left=left, right=right):
            yield from _words(left, weights, ATOM)
            yield "^"
            yield from _words(right, weights, SIGN)
        case t.Binary(op=op) if op in RANKS:
            first, operations = chain(expression)
            yield from _words(first, weights, RANKS[op])
            for operation in operations:
                yield f" {operation.op} " if RANKS[op] == SUM else operation.op
                yield from _words(operation.right, weights, RANKS[op] + 1)
        case _:
            raise Unreadable


def _rank(expression: t.Negative | t.Binary) -> int:
    return SIGN if isinstance(expression, t.Negative) or expression.op == "^" else RANKS.get(expression.op, SUM)


def _is_number(word: Word) -> bool:
    return isinstance(word, Weight) or word[:1].isdigit() or word[:2].lstrip("-").isdigit()
