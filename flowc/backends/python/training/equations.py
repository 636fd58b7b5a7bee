"""The diagram's equations with the learnt numbers in them: `f = 0.01 + 0.86 x + ...`, where the diagram is so small."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

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

Shown = Callable[[Weight], str]  # a learnt weight, as a field of an f-string


def fitted(network: Network, shown: Shown) -> list[str]:
    """The equations as texts of f-strings; none where the diagram is drawn, or too large to be read."""
    nodes = [n for n in network.nodes if n.role in ("hidden", "output") and not (n.learning_only or n.anonymous)]
    spans = [s for n in nodes for s in (n.excitation_span, n.span) if s.end]
    if len(spans) > MOST or any(w.shape or isinstance(w.start, Draw) and not w.learnt for w in network.weights):
        return []
    found = [e for s in spans if (e := _equation(network.source, s))]
    used = {token[0] for e in found for token in TOKEN.finditer(unparse(e.right))}
    if len(found) < len(spans) or not used >= {w.name for w in network.weights if w.learnt}:
        return []
    weights = {w.name: w for w in network.weights}
    plainly = [_text(e, weights, lambda w: w.name) for e in found]
    readable = all(len(text) <= WIDEST and not set(text) & set('"{}') for text in plainly)
    return [_text(e, weights, shown) for e in found] if readable else []


def _equation(source: Source, span: Span) -> t.Equation | None:
    """The equation in that place, if it is one of scalars."""
    try:
        statements = parse(Source("", source.text[span.start : span.end])).statements
    except FlowError:
        return None
    found = statements[0] if len(statements) == 1 else None
    return found if isinstance(found, t.Equation) and "[" not in unparse(found.right) else None


def _text(equation: t.Equation, weights: dict[str, Weight], shown: Shown) -> str:
    """A product with a number is written without a sign: `0.86 x`."""
    pieces = list(_pieces(unparse(equation.right), weights, shown))
    text = ""
    for before, here, after in zip(["", *pieces], pieces, [*pieces[1:], ""]):
        if here == "*":
            here = " " if _is_number(before) and not _is_number(after) else " * "
        text += here
    return f"{in_unicode(equation.left.name)} = {text}"


def _pieces(text: str, weights: dict[str, Weight], shown: Shown) -> Iterable[str]:
    for token in TOKEN.finditer(text):
        weight = weights.get(token[0])
        if weight is None:
            yield token[0] if token["space"] else in_unicode(token[0]) if token["name"] else plain(token[0])
        else:
            yield shown(weight) if weight.learnt else decimal(weight.start)  # type: ignore[arg-type]


def _is_number(piece: str) -> bool:
    return piece[:1] == "{" or piece[:1].isdigit() or piece[:2].lstrip("-").isdigit()
