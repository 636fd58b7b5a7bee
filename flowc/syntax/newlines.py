"""The filter between lexer and parser: which newlines mean something."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.source import Span
from flowc.syntax.limits import DEPTH


class TooDeep(Exception):
    """Brackets nested deeper than `limits.DEPTH`."""

    def __init__(self, span: Span):
        self.span = span


class Newlines:
    """Drops newlines inside `( )` and `[ ]`, after `{`, at the beginning, and after another newline.

    A newline is passed on at once. Held back until the next token is known, the contextual lexer would read that
    token, the first word of a line, in the state before the newline, and so miss its keyword.
    """

    always_accept = ("_NEWLINE",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        depth = 0
        fresh = True
        for token in stream:
            kind = token.type
            if kind == "_NEWLINE":
                if not depth and not fresh:
                    fresh = True
                    yield token
                continue
            fresh = kind == "LBRACE"
            if kind == "LPAR" or kind == "LSQB":
                depth += 1
                if depth > DEPTH:
                    raise TooDeep(Span(token.start_pos or 0, token.end_pos or 0))
            elif kind == "RPAR" or kind == "RSQB":
                depth -= 1
            yield token


def too_deep(span: Span) -> Diagnostic:
    return Diagnostic(
        "too-deep",
        f"brackets are nested more than {DEPTH} deep here",
        span,
        hint="give a part of it a name in an equation of its own",
    )
