"""The one spelling of an expression: `0.5 - x1*w[2]^2`, with no parentheses that could be left out."""

from __future__ import annotations

import re
from collections.abc import Callable

from flowc.syntax import tree as t
from flowc.syntax.chains import chain

Spell = Callable[[str], str]

_TRANSPOSE = re.compile(r"T(?![\w\u0300-\u036f\u20d0-\u20ff])")

# How tightly an operation binds; an operand that binds less needs parentheses.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)
_BINDS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT, "^": _POWER}
_SPELLED = {"+": " + ", "-": " - ", "*": "*", "/": "/", "@": " @ ", "^": "^"}


def unparse(expression: t.Expression | t.Range, spell: Spell = str) -> str:
    """The expression in canonical form; `spell` maps the names of functions to their canonical ones."""
    return _print(expression, spell)[0]


def _print(e: t.Expression | t.Range, spell: Spell) -> tuple[str, int]:
    match e:
        case t.Number():
            return e.text, _ATOM
        case t.Text():
            return quote(e.value), _ATOM
        case t.Ref():
            return e.name + ("" if e.index is None else brackets(e.index, spell)), _ATOM
        case t.Range():
            return f"{unparse(e.low, spell)}..{unparse(e.high, spell)}", _ATOM
        case t.List():
            return brackets(e.items, spell), _ATOM
        case t.Call():
            return f"{spell(e.name)}({arguments(e.args, e.keywords, spell)})", _ATOM
        case t.Negative():
            return f"-{_operand(e.operand, _SIGN, spell)}", _SIGN
        case t.Transpose():
            return f"{_operand(e.operand, _ATOM, spell)}^T", _POWER
    return _binary(e, spell)


def _binary(e: t.Binary, spell: Spell) -> tuple[str, int]:
    binds = _BINDS[e.op]
    if e.op == "^":
        power = _operand(e.right, _SIGN, spell)
        if _TRANSPOSE.match(power):  # a power called T
            power = f"({power})"
        return f"{_operand(e.left, _ATOM, spell)}^{power}", binds
    first, operations = chain(e)
    parts = [_operand(first, binds, spell)]
    for here in operations:
        parts += _SPELLED[here.op], _operand(here.right, binds + 1, spell)
    return "".join(parts), binds


def _operand(e: t.Expression, least: int, spell: Spell) -> str:
    text, binds = _print(e, spell)
    return text if binds >= least else f"({text})"


def brackets(items: tuple[t.Expression | t.Range, ...], spell: Spell = str) -> str:
    """`[1, 2]`"""
    return f"[{', '.join(unparse(item, spell) for item in items)}]"


def arguments(
    args: tuple[t.Expression, ...], keywords: tuple[tuple[str, t.Expression, object], ...], spell: Spell = str
) -> str:
    """`0, 0.5, rate=0.1`"""
    return ", ".join([*(unparse(a, spell) for a in args), *(f"{k}={unparse(v, spell)}" for k, v, _ in keywords)])


def quote(text: str) -> str:
    """The text in double quotes, or in single ones if it holds a double one; no text holds both."""
    return f"'{text}'" if '"' in text else f'"{text}"'
