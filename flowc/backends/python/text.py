"""Text that is safe in generated code: one line, nothing that ends a comment or a docstring; words in plain ASCII, and names
with the letters that they have in code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence

from flowc.backends.code.names import shown, visible
from flowc.graph.network import Network
from flowc.maths.ascii import plain

_SAFE = str.maketrans({'"': "'", "\\": "/"})  # beside three double quotes


def prose(text: str, kept: Container[str] = ()) -> str:
    """`plain`, and safe inside a docstring of three double quotes."""
    return plain(text, kept).translate(_SAFE)


def named(text: str) -> str:
    """A name, or what is written with names, as `plain`; letters that may stand in code stay."""
    return plain(text, shown(text))


def told_apart(texts: Sequence[str]) -> list[str]:
    """Names for a docstring, one line each; those that would read alike as `numbered`."""
    shown_texts = [prose(text, shown(text)) for text in texts]
    alike = Counter(shown_texts)
    return [words if alike[words] == 1 else numbered(text) for words, text in zip(shown_texts, texts, strict=True)]


def numbered(text: str) -> str:
    """What may not stand in code by its number, `x(U+20DD)`: no two texts are spelled alike."""
    return "".join(
        c if stays or c == " " or c.isascii() and prose(c) == c else f"(U+{ord(c):04X})" for c, stays in visible(text)
    )


def titled(network: Network) -> str:
    """The title, or the name, as the first line of a docstring."""
    return sentence(network.title) if network.title else sentence(f"The diagram {network.name}", shown(network.name))


def sentence(text: str, kept: Container[str] = ()) -> str:
    """A text as the first line of a docstring."""
    words = prose(text, kept)
    return words if words.endswith((".", "!", "?", ":")) else words + "."


def number(value: float) -> str:
    """A number of a formula, whole ones without a point: `2`, `0.5`, `1e-06`."""
    if abs(value) < 1e6 and value == int(value) and str(value) != "-0.0":
        return str(int(value))
    return decimal(value)


def decimal(value: float) -> str:
    """A number that is a float in Python too: `2.0`, `0.5`."""
    text = repr(float(value))
    return text if text.strip("-") not in ("inf", "nan") else f'float("{text}")'
