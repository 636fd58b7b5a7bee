"""Words in Python: strings, comments and docstrings, on lines that are no wider than code's."""

from __future__ import annotations

import json

from flowc.backends.code.layout import WIDTH, cut_words, paragraph_lines
from flowc.backends.code.names import visible


def quoted(text: str) -> str:
    """A string literal in double quotes; what is no letter of a name by its number."""
    if text.isascii():
        return json.dumps(text)
    return '"' + "".join(c if stays else _escape_sign(c) for c, stays in visible(text)) + '"'


def _escape_sign(c: str) -> str:
    return f"\\U{ord(c):08x}" if c > "\uffff" else json.dumps(c)[1:-1]


def comment_lines(words: str, indent: str = "    ") -> list[str]:
    """A comment on lines of its own."""
    return [f"{indent}# {line}" for line in cut_words(words, WIDTH - len(indent) - 2)]


def docstring_lines(words: str, indent: str) -> list[str]:
    if len(words) + len(indent) + 6 <= 79:
        return [f'{indent}"""{words}"""']
    first, *rest = paragraph_lines('"""' + words, indent)
    return [first, *rest, f'{indent}"""']


def text_lines(text: str, prefix: str, after: str) -> list[str]:
    """The lines of `prefix "text" after`; a text that is too wide is several literals in brackets, cut behind blanks."""
    line = f"{prefix}{quoted(text)}{after}"
    if len(line) <= WIDTH:
        return [line]
    from textwrap import wrap

    margin = " " * (len(prefix) - len(prefix.lstrip()))
    pad = margin + "    "
    pieces = wrap(text, WIDTH - len(pad) - 2, drop_whitespace=False, break_on_hyphens=False)
    first, last = (prefix, after) if prefix.endswith("(") else (f"{prefix}(", f"){after}")
    return [first, *(f"{pad}{quoted(piece)}" for piece in pieces), f"{margin}{last}"]
