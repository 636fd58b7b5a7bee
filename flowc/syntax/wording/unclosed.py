"""What is opened and never closed in the whole text."""

from __future__ import annotations

import re

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.source import Source, Span


def unclosed_bracket(source: Source, at: int) -> Diagnostic:
    """A bracket that has no partner in the whole text."""
    line, column = source.position(at)
    message = f"`{source.text[at]}` opened at {line}:{column} is never closed"
    closing = {"(": ")", "[": "]", "{": "}"}[source.text[at]]
    return Diagnostic("unclosed-bracket", message, Span(at, at + 1), hint=f"add the `{closing}`")


def unclosed_text(source: Source, at: int) -> Diagnostic:
    """A quote without its partner on the line; after a name it is meant as a prime."""
    quote = source.text[at]
    name = re.search(r"[\w\u0300-\u036f)\]]'*$", source.text[max(0, at - 80) : at])
    if quote == "'" and name:
        name = re.search(r"[\w\u0300-\u036f]*'*$", source.text[max(0, at - 80) : at])
        shown = f"{name.group() if name else ''}'"
        hint = "write `h2` or `h_prime`, or give the node a label"
        return Diagnostic("odd-character", f"`{shown}` is no name: a name holds no prime", Span(at, at + 1), hint=hint)
    message = f"the text that begins with `{quote}` does not end on its line"
    return Diagnostic("unclosed-text", message, Span(at, at + 1), hint=f"add the closing `{quote}`")
