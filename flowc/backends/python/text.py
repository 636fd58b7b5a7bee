"""Text that is safe in generated code: plain ASCII, one line, nothing that ends a comment or a docstring."""

from __future__ import annotations

import json

from flowc.maths.ascii import plain


def prose(text: str) -> str:
    """`plain`, and safe inside a docstring of three double quotes."""
    return plain(text).replace('"', "'").replace("\\", "/")


def sentence(text: str) -> str:
    """A title as the first line of a docstring."""
    words = prose(text)
    return words if words.endswith((".", "!", "?", ":")) else words + "."


def quoted(text: str) -> str:
    """A string literal in double quotes, ASCII only."""
    return json.dumps(text)


def number(value: float) -> str:
    """A number of a formula, whole ones without a point: `2`, `0.5`, `1e-06`."""
    if abs(value) < 1e6 and value == int(value) and str(value) != "-0.0":
        return str(int(value))
    return decimal(value)


def decimal(value: float) -> str:
    """A number that is a float in Python too: `2.0`, `0.5`."""
    text = repr(float(value))
    return text if text.strip("-") not in ("inf", "nan") else f'float("{text}")'
