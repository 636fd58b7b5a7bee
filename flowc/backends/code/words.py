"""Words in code, on lines that are no wider than code's: comments, docstrings, strings."""

from __future__ import annotations

from flowc.backends.code.layout import WIDTH, pack
from flowc.backends.python.text import quoted


def comment_lines(words: str, indent: str = "    ") -> list[str]:
    """A comment on lines of its own."""
    return [f"{indent}# {line}" for line in _cut_words(words, WIDTH - len(indent) - 2)]


def _cut_words(words: str, width: int) -> list[str]:
    """Lines of words; what is longer than a line is cut."""
    return pack((word[k : k + width] for word in words.split(" ") for k in range(0, len(word) or 1, width)), width)


def paragraph_lines(words: str, indent: str) -> list[str]:
    """Words as lines of at most WIDTH."""
    return [indent + piece for piece in _cut_words(words, WIDTH - len(indent))]


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
