"""The diagram's equations with the learnt numbers in them: `f = 0.01 + 0.86 x + ...`, where the diagram is so small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flowc.backends.code.names import in_unicode
from flowc.backends.python.text import decimal
from flowc.diagnostics.error import FlowError
from flowc.graph.network import Draw, Network, Weight
from flowc.source import Source, Span
from flowc.syntax import tree as t
from flowc.syntax.chains import operands
from flowc.syntax.expressions import words
from flowc.syntax.parser import parse

MOST, WIDEST = 8, 70  # equations; characters of one

Word = str | Weight  # a learnt weight stands for its number
Piece = list[Word]  # of a text in which a line may end before it


def fitted_equations(network: Network) -> list[list[Piece]]:
    """The equations in pieces; none where the diagram is drawn, or too large to be read."""
    nodes = [n for n in network.nodes if n.role in ("hidden", "output") and not (n.learning_only or n.anonymous)]
    spans = [s for n in nodes for s in (n.excitation_span, n.span) if s.end]
    if len(spans) > MOST or any(w.shape or isinstance(w.start, Draw) and not w.learnt for w in network.weights):
        return []
    weights = {w.name: w for w in network.weights}
    equations = [list(_cut_pieces(equation, weights)) for equation in _parse_equations(network.source, spans)]
    lines = [[word for piece in pieces for word in piece] for pieces in equations]
    texts = ["".join(w.name if isinstance(w, Weight) else w for w in line) for line in lines]
    named = {w.name for line in lines for w in line if isinstance(w, Weight)}
    readable = all(len(text) <= WIDEST and not set(text) & set('"{}') for text in texts)
    return equations if readable and named >= {w.name for w in network.weights if w.learnt} else []


def _parse_equations(source: Source, spans: Sequence[Span]) -> list[t.Equation]:
    """Those in these places; none where one is no equation, or has more than scalars in it."""
    try:
        statements = [s for span in spans for s in parse(Source("", source.text[span.start : span.end])).statements]
    except FlowError:
        return []
    equations = [s for s in statements if isinstance(s, t.Equation) and _is_of_scalars(s.right)]
    return equations if len(equations) == len(statements) else []


def _is_of_scalars(expression: t.Expression | t.Range) -> bool:
    match expression:
        case t.Ref(index=None) | t.Number() | t.Call() | t.Negative() | t.Binary(op="+" | "-" | "*" | "/" | "^"):
            return all(map(_is_of_scalars, operands(expression)))
    return False


def _cut_pieces(equation: t.Equation, weights: Mapping[str, Weight]) -> Iterator[Piece]:
    """A product with a number is written without a sign: `0.86 x`. A line may end before a sign."""
    line = [_weight_or_text(word, weights) for word in words(equation.right, in_unicode)]
    piece: Piece = [f"{in_unicode(equation.left.name)} = "]
    for before, here, after in zip(["", *line], line, [*line[1:], ""]):
        if here == "*":
            here = " " if _is_number(before) and not _is_number(after) else " * "
        if here in (" + ", " - ", " * "):
            yield piece
            piece = []
        piece.append(here)
    yield piece


def _weight_or_text(word: str | t.Ref, weights: Mapping[str, Weight]) -> Word:
    """A fixed weight is its number."""
    if isinstance(word, str):
        return word
    weight = weights.get(word.name)
    if weight is None or weight.learnt:
        return weight or in_unicode(word.name)
    return decimal(weight.start)  # type: ignore[arg-type]


def _is_number(word: Word) -> bool:
    return isinstance(word, Weight) or word[:1].isdigit() or word[:2].lstrip("-").isdigit()
