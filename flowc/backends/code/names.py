"""How names of a diagram are spelled in code: decided here once, for every language that is printed.

`in_unicode` is for languages whose identifiers have letters of any script, as Python and JavaScript: such letters stay as they
are. `in_ascii` is for languages that have no others, as C, and for names of files. Both are injective, each on what it is for.
A sign that cannot stand is written by its number, `_u20dd`, as C writes it with a backslash; a name that has such words of its
own gives way.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator

# A sign of an identifier in a printed text, as a pattern. `\w` has no marks, as the hat of x̂; and outside of strings and
# comments no other letters than ASCII's stand anywhere else.
SIGN = r"[\w\x80-\U0010ffff]"

_NUMBERED = re.compile(r"_(?=u([0-9a-f]{4})|U([0-9a-f]{8}))")
_NO_SIGN = re.compile(r"\W", re.ASCII)
# Letters and marks without ink.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def in_unicode(text: str) -> str:
    """A name as an identifier of Python, or some words as the end of one. Injective on the names of diagrams; of other words
    ASCII's signs all become `_`.

    Python takes identifiers that Unicode's NFKC makes equal for one: what it would change is written by its number.
    """
    if text.isascii():
        plain = text if "_u" not in text and "_U" not in text else _NUMBERED.sub(_of_its_own, text)
        return plain if plain.isidentifier() else _NO_SIGN.sub("_", plain)
    escaped = _NUMBERED.sub(_of_its_own, text)
    return "".join(c if stays else "_" if c.isascii() else _by_number(c) for c, stays in identifier_letters(escaped))


def in_ascii(text: str) -> str:
    """Any text as an identifier of ASCII's letters, `gr_u00f6_u00dfe` for größe; injective on all texts.

    It may begin with `_`, and be a word that the language has reserved: that is for the names of a file to tell apart.
    """
    escaped = _NUMBERED.sub(_by_number("_"), text)
    return "".join(
        c if c.isascii() and (c.isalpha() or c == "_" or k and c.isdigit()) else _by_number(c) for k, c in enumerate(escaped)
    )


def identifier_letters(text: str) -> Iterator[tuple[str, bool]]:
    """Every character, and whether it may stand in an identifier as it is: there, seen, and the same after NFKC.

    A mark stands where its letter does: behind `_u20de` it would make another letter of the `e`.
    """
    is_normal = unicodedata.normalize("NFKC", text) == text
    before = ""  # the letter that a mark belongs to, and its other marks
    for c in text:
        stays = may_stand(c) and (c.isascii() or (is_normal or _is_stable(before + c)) and (bool(before) or c.isalnum()))
        before = (before + c if unicodedata.combining(c) else c) if stays else ""
        yield c, stays


def visible(text: str) -> Iterator[tuple[str, bool]]:
    """Every character, and whether a string of a printed text shows it as it is: letters, and marks on them."""
    before = False
    for c, stays in identifier_letters(text):
        before = stays and (before or c.isalnum() or c == "_")
        yield c, before


def shown(text: str) -> set[str]:
    """The letters of a text that strings show."""
    return {c for c, stays in visible(text) if stays}


def may_stand(c: str) -> bool:
    """Whether the character is a sign of identifiers, whatever stands before it."""
    if c.isascii():
        return c.isalnum() or c == "_"
    sign = c.isalnum() or unicodedata.category(c) in ("Mn", "Mc")
    return sign and f"a{c}".isidentifier() and not _UNSEEN.match(c) and _is_stable(c)


def _is_stable(text: str) -> bool:
    return unicodedata.normalize("NFKC", text) == text


def _by_number(c: str) -> str:
    return f"_u{ord(c):04x}" if ord(c) < 0x10000 else f"_U{ord(c):08x}"


def _of_its_own(found: re.Match[str]) -> str:
    """The `_` of a name that has `_u20dd` itself; `_u00f6`, which no other sign is written as, stays."""
    code = int(found[1] or found[2], 16)
    if code > sys.maxunicode or chr(code) != "_" and chr(code).isascii():
        return "_"
    return "_" if chr(code).isalnum() and may_stand(chr(code)) else _by_number("_")
