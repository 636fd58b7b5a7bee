"""Text that is safe in generated code: plain ASCII, one line, nothing that ends a comment or a docstring."""

from __future__ import annotations

import json
import re
import unicodedata

_MARKS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot"}
_LETTER = re.compile(r"(SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)")
_SIGNS = {
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00d7": "x", "\u00b7": "*",
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2192": "->", "\u2190": "<-", "\u2264": "<=",
    "\u2265": ">=", "\u2260": "!=", "\u2026": "...", "\u00df": "ss", "\u221a": "sqrt", "\u221e": "infinity",
}  # fmt: skip


def letter(character: str) -> str:
    """A letter in ASCII: `xi`, `Delta`, `hat` for a circumflex; "" where there is no such word."""
    if character in _MARKS:
        return _MARKS[character]
    found = _LETTER.search(unicodedata.name(character, ""))
    if not found:
        return ""
    word = "lambda" if found[2] == "LAMDA" else found[2].lower()
    return word if found[1] == "SMALL" else word.capitalize()


def identifier(name: str) -> str:
    """A name of the diagram as an ASCII identifier. Not injective: `ξ` and `xi` are one here."""
    if name.isascii():
        return name
    spelled = []
    for character in unicodedata.normalize("NFD", name):
        if character.isascii():
            spelled.append(character)
        elif unicodedata.combining(character):
            spelled.append(_MARKS.get(character, ""))
        else:
            spelled.append(_SIGNS.get(character, "") or letter(character) or f"u{ord(character):04x}")
    return re.sub(r"\W", "_", "".join(spelled), flags=re.ASCII)


def plain(text: str) -> str:
    """Someone's words as one line of printable ASCII, white space and control characters made single spaces."""
    spelled = []
    for character in unicodedata.normalize("NFC", text):
        if character.isascii():
            spelled.append(character if character.isprintable() else " ")
        elif character.isspace() or unicodedata.category(character).startswith("C"):
            spelled.append(" ")
        else:
            spelled.append(_SIGNS.get(character) or _ascii(character))
    return " ".join("".join(spelled).split())


def _ascii(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    kept = "".join(c for c in parts if c.isascii())
    return kept or letter(parts[0]) or f"U+{ord(character):04X}"


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
