"""Text that is safe in generated code: plain ASCII, one line, nothing that ends a comment or a docstring."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from flowc.maths.ascii import plain


def prose(text: str) -> str:
    """`plain`, and safe inside a docstring of three double quotes."""
    return plain(text).replace('"', "'").replace("\\", "/")


def told_apart(texts: Sequence[str]) -> list[str]:
    """Each as `prose`; those that would read alike as `numbered`."""
    alike = Counter(map(prose, texts))
    return [prose(text) if alike[prose(text)] == 1 else numbered(text) for text in texts]


def numbered(text: str) -> str:
    """Other letters than ASCII's by their numbers, `B(U+00E4)r`: no two texts are spelled alike."""
    return "".join(c if c == " " or prose(c) == c else f"(U+{ord(c):04X})" for c in text)


def sentence(text: str) -> str:
    """A title as the first line of a docstring."""
    words = prose(text)
    return words if words.endswith((".", "!", "?", ":")) else words + "."


def quoted(text: str) -> str:
    """A string literal in double quotes, ASCII only."""
    return '"' + "".join(f"\\U{ord(c):08x}" if c > "\uffff" else json.dumps(c)[1:-1] for c in text) + '"'


def number(value: float) -> str:
    """A number of a formula, whole ones without a point: `2`, `0.5`, `1e-06`."""
    if abs(value) < 1e6 and value == int(value) and str(value) != "-0.0":
        return str(int(value))
    return decimal(value)


def decimal(value: float) -> str:
    """A number that is a float in Python too: `2.0`, `0.5`."""
    text = repr(float(value))
    return text if text.strip("-") not in ("inf", "nan") else f'float("{text}")'
