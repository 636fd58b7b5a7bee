"""The diagram's equations with the learnt numbers in them: `f = 0.01 + 0.86 x + ...`, where the diagram is so small."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flowc.backends.code.names import SIGN, in_unicode
from flowc.backends.python.text import decimal
from flowc.diagnostics.error import FlowError
from flowc.graph.network import Draw, Network, Weight
from flowc.maths.ascii import plain
from flowc.source import Source, Span
from flowc.syntax import tree as t
from flowc.syntax.expressions import unparse
from flowc.syntax.parser import parse

MOST, WIDEST = 8, 70  # equations; characters of one
TOKEN = re.compile(rf"(?P<number>\d[\d.]*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[^\W\d]{SIGN}*)|(?P<space>\s+)|(?P<sign>.)")

Word = str | Weight  # a learnt weight stands for its number
Piece = list[Word]  # of a text in which a line may end before it


def fitted(network: Network) -> list[list[Piece]]:
    """The equations in pieces; none where the diagram is drawn, or too large to be read."""
    nodes = [n for n in network.nodes if n.role in ("hidden", "output") and not (n.learning_only or n.anonymous)]
    spans = [s for n in nodes for s in (n.excitation_span, n.span) if s.end]
    if len(spans) > MOST or any(w.shape or isinstance(w.start, Draw) and not w.learnt for w in network.weights):
        return []
    found = [e for s in spans if (e := _equation(network.source, s))]
    used = {token[0] for e in found for token in TOKEN.finditer(unparse(e.right))}
    if len(found) < len(spans) or not used >= {w.name for w in network.weights if w.learnt}:
        return []
    weights = {w.name: w for w in network.weights}
    equations = [_pieces(e, weights) for e in found]
    plainly = ["".join(w.name if isinstance(w, Weight) else w for piece in pieces for w in piece) for pieces in equations]
    readable = all(len(text) <= WIDEST and not set(text) & set('"{}') for text in plainly)
    return equations if readable else []


def _equation(source: Source, span: Span) -> t.Equation | None:
    """The equation in that place, if it is one of scalars."""
    try:
        statements = parse(Source("", source.text[span.start : span.end])).statements
    except FlowError:
        return None
    found = statements[0] if len(statements) == 1 else None
    return found if isinstance(found, t.Equation) and "[" not in unparse(found.right) else None


def _pieces(equation: t.Equation, weights: Mapping[str, Weight]) -> list[Piece]:
    """A product with a number is written without a sign: `0.86 x`. A line may end before a sign."""
    words = list(_words(unparse(equation.right), weights))
    pieces: list[Piece] = [[f"{in_unicode(equation.left.name)} = "]]
    for before, here, after in zip(["", *words], words, [*words[1:], ""]):
        if here == "*":
            here = " " if _is_number(before) and not _is_number(after) else " * "
        if here == " * " or here == " " and after in ("+", "-"):
            pieces.append([])
        pieces[-1].append(here)
    return pieces


def _words(text: str, weights: Mapping[str, Weight]) -> Iterator[Word]:
    for token in TOKEN.finditer(text):
        weight = weights.get(token[0])
        if weight is None:
            yield token[0] if token["space"] else in_unicode(token[0]) if token["name"] else plain(token[0])
        else:
            yield weight if weight.learnt else decimal(weight.start)  # type: ignore[arg-type]


def _is_number(word: Word) -> bool:
    return isinstance(word, Weight) or word[:1].isdigit() or word[:2].lstrip("-").isdigit()
