"""The words for a mistake of syntax. `word` asks each rule in turn; the first that has an answer gives it.

No message names a terminal of the grammar.
"""

from __future__ import annotations

from lark import Token

from flowc.diagnostics.diagnostic import Diagnostic, Note
from flowc.source import Span
from flowc.syntax.wording.blocks import table
from flowc.syntax.wording.first_words import after_first_word, after_keyword, begins_badly, ends_early
from flowc.syntax.wording.gaps import operators_meet, side_by_side, text_in_expression
from flowc.syntax.wording.listings import listing
from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.signs import bars, brackets, dots, matrix, odd_character, odd_operator
from flowc.syntax.wording.swaps import declared_too_much, factor_on_target, list_in_loss, range_bounds, wrong_sign


def word(m: Mistake) -> Diagnostic:
    """The diagnostic of a mistake."""
    for rule in _RULES:
        diagnostic = rule(m)
        if diagnostic:
            code, message, hint = diagnostic
            return Diagnostic(code, message, _place_of_mistake(m, code), notes=_notes_on_mistake(m, code), hint=hint)
    return _fallback_message(m)


def _place_of_mistake(m: Mistake, code: str) -> Span:
    """The offending text, or what was read before it where that is the mistake: the line's first word, a negative size."""
    if code in ("unknown-keyword", "left-side", "line-start") and m.tokens:
        return _span_of(m, m.tokens[:1])
    if code == "empty-range":
        return _span_of(m, m.tokens[-2:])
    return m.span


def _span_of(m: Mistake, tokens: tuple[Token, ...]) -> Span:
    return Span(m.line.start + (tokens[0].start_pos or 0), m.line.start + (tokens[-1].end_pos or 0))


def _notes_on_mistake(m: Mistake, code: str) -> tuple[Note, ...]:
    if code in ("unclosed-bracket", "stray-bracket") and m.brackets:
        at = m.brackets[-1]
        return (Note(f"`{m.source.text[at]}` is opened here", Span(at, at + 1)),)
    return ()


_HUMAN = {
    "NAME": "a name", "NUMBER": "a number", "SIGNED": "a number", "STRING": "a text in quotes", "_ARROW": "`->`",
    "COLON": "`:`", "COMMA": "`,`", "EQUAL": "`=`", "TILDE": "`~`", "LPAR": "`(`", "RPAR": "`)`", "LSQB": "`[`",
    "RSQB": "`]`", "LBRACE": "`{`", "RBRACE": "`}`", "BAR": "`|`", "PLUS": "an operator", "STAR": "an operator",
    "_NEWLINE": "the end of the line", "$END": "the end of the line",
}  # fmt: skip


def _fallback_message(m: Mistake) -> Diagnostic:
    options = sorted({_HUMAN[a] for a in m.accepts if a in _HUMAN})
    shown = m.word if m.word.strip() else "the end of the line"
    quoted = f"`{shown}`" if m.word.strip() else shown
    hint = f"what may stand here: {', '.join(options)}" if options else ""
    return Diagnostic("unexpected-text", f"{quoted} cannot stand here", m.span, hint=hint)


_RULES = (
    listing, odd_operator, odd_character, table, dots, bars, text_in_expression, matrix, brackets, list_in_loss, begins_badly, ends_early, wrong_sign,
    after_first_word, range_bounds, factor_on_target, side_by_side, declared_too_much, operators_meet, after_keyword,
)  # fmt: skip
