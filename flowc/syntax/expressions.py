"""The one spelling of an expression: `0.5 - x1*w[2]^2`, with no parentheses that could be left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from flowc.syntax import tree as t
from flowc.syntax.chains import chain

Spell = Callable[[str], str]
Word = str | t.Ref
Keywords = tuple[tuple[str, t.Expression, object], ...]

_TRANSPOSE = re.compile(r"T(?![\w\u0300-\u036f\u20d0-\u20ff])")

# How tightly an operation binds; an operand that binds less needs parentheses.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)
_BINDS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT, "^": _POWER}
_SPELLED = {"+": " + ", "-": " - ", "*": "*", "/": "/", "@": " @ ", "^": "^"}


def unparse(expression: t.Expression | t.Range, spell: Spell = str) -> str:
    """The expression in canonical form; `spell` maps the names of functions to their canonical ones."""
    return "".join(map(_text_of_word, words(expression, spell)))


def _text_of_word(word: Word) -> str:
    return word if isinstance(word, str) else word.name + ("" if word.index is None else brackets(word.index))


def words(e: t.Expression | t.Range, spell: Spell = str, least: int = 0) -> Iterator[Word]:
    """Its names, and the numbers, signs and brackets between them; in parentheses, if it binds less than `least`."""
    if least > _binding_strength(e):
        yield from ("(", *words(e, spell), ")")
        return
    match e:
        case t.Number():
            yield e.text
        case t.Text():
            yield quote(e.value)
        case t.Ref():
            yield e
        case t.Range():
            yield from (*words(e.low, spell), "..", *words(e.high, spell))
        case t.List():
            yield brackets(e.items, spell)
        case t.Call():
            yield from (f"{spell(e.name)}(", *_words_of_arguments(e.args, e.keywords, spell), ")")
        case t.Negative():
            yield from ("-", *words(e.operand, spell, _SIGN))
        case t.Transpose():
            yield from (*words(e.operand, spell, _ATOM), "^T")
        case t.Binary(op="^"):
            yield from (*words(e.left, spell, _ATOM), "^", *_words_of_power(e.right, spell))
        case t.Binary():
            first, operations = chain(e)
            yield from words(first, spell, _binding_strength(e))
            for here in operations:
                yield _SPELLED[here.op]
                yield from words(here.right, spell, _binding_strength(e) + 1)


def _words_of_power(e: t.Expression, spell: Spell) -> Iterator[Word]:
    power = [*words(e, spell, _SIGN)]
    yield from ("(", *power, ")") if _TRANSPOSE.match(_text_of_word(power[0])) else power  # a power called T


def _binding_strength(e: t.Expression | t.Range) -> int:
    match e:
        case t.Binary(op=op):
            return _BINDS[op]
        case t.Negative():
            return _SIGN
    return _POWER if isinstance(e, t.Transpose) else _ATOM


def brackets(items: tuple[t.Expression | t.Range, ...], spell: Spell = str) -> str:
    """`[1, 2]`"""
    return f"[{', '.join(unparse(item, spell) for item in items)}]"


def arguments(args: tuple[t.Expression, ...], keywords: Keywords, spell: Spell = str) -> str:
    """`0, 0.5, rate=0.1`"""
    return "".join(map(_text_of_word, _words_of_arguments(args, keywords, spell)))


def _words_of_arguments(args: tuple[t.Expression, ...], keywords: Keywords, spell: Spell) -> Iterator[Word]:
    for place, (key, value) in enumerate((*(("", a) for a in args), *((f"{k}=", v) for k, v, _ in keywords))):
        if before := (", " if place else "") + key:
            yield before
        yield from words(value, spell)


def quote(text: str) -> str:
    """The text in double quotes, or in single ones if it holds a double one; no text holds both."""
    return f"'{text}'" if '"' in text else f'"{text}"'
