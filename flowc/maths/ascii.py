"""Someone's text in plain ASCII: a name as an identifier, words as one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

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
    named = _LETTER.search(unicodedata.name(character, ""))
    if not named:
        return ""
    word = "lambda" if named[2] == "LAMDA" else named[2].lower()
    return word if named[1] == "SMALL" else word.capitalize()


def identifier(name: str) -> str:
    """A name of the diagram, or of an element, as an ASCII identifier. Not injective: `ξ` and `xi` are one here."""
    if name.isascii():
        return name if name.isidentifier() else re.sub(r"\W", "_", name)
    spelled = []
    letters = unicodedata.normalize("NFD", name)
    for k, character in enumerate(letters):
        if character.isascii():
            spelled.append(character)
        elif unicodedata.combining(character):
            spelled.append(_MARKS.get(character, "") if _stands_alone(letters, k) else "")
        else:
            spelled.append(_SIGNS.get(character, "") or letter(character) or f"u{ord(character):04x}")
    return re.sub(r"\W", "_", "".join(spelled), flags=re.ASCII)


def _stands_alone(letters: str, mark: int) -> bool:
    """Whether the letter with this mark is a symbol, as x̂; in a word, as in `contrôle`, the mark is its spelling."""
    start = mark - 1
    while start > 0 and unicodedata.combining(letters[start]):
        start -= 1
    after = next((c for c in letters[mark:] if not unicodedata.combining(c)), "")
    return not letters[max(start - 1, 0) : start].isalpha() and not after.isalpha()


def plain(text: str, kept: Container[str] = ()) -> str:
    """Someone's words as one line of printable ASCII, and `kept` letters, white space and control characters made single spaces."""
    spelled = []
    for character in unicodedata.normalize("NFC", text):
        if character in kept:
            spelled.append(character)
        elif character.isascii():
            spelled.append(character if character.isprintable() else " ")
        elif character.isspace() or unicodedata.category(character).startswith("C"):
            spelled.append(" ")
        else:
            spelled.append(_SIGNS.get(character) or _spell_in_ascii(character))
    return " ".join("".join(spelled).split())


def _spell_in_ascii(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    letters = "".join(c for c in parts if c.isascii())
    return letters or letter(parts[0]) or f"U+{ord(character):04X}"
