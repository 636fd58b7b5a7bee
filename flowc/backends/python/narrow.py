"""Statements that long names make too wide, broken inside brackets or put into some: the last look at a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from flowc.backends.code.python import WIDTH, Text, bracketed, lines_of

_STATEMENT = re.compile(r"( *(?:return |assert |[\w.\[\], ]+ [-+*/]?= )?)(.+)")
_CALLED = re.compile(r"[\w.]*")
_CLOSING = {")": "(", "]": "[", "}": "{"}


def narrowed(text: str) -> str:
    """The text with every statement of one line laid out again that is wider than WIDTH."""
    if all(len(line) <= WIDTH for line in text.split("\n")):
        return text
    return "\n".join(part for line, code in _lines(text) for part in (_narrow(line) if code else [line]))


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Every line, and whether it is code: no part of a docstring."""
    inside = False
    for line in text.split("\n"):
        marks = line.count('"""')
        yield line, not inside and not marks
        inside ^= marks % 2 == 1


def _narrow(line: str) -> list[str]:
    statement, mark, comment = line.partition("  # ")
    if len(line) <= WIDTH or line.lstrip().startswith("#"):
        return [line]
    if mark and statement.count('"') % 2 == 0:
        pad = line[: len(line) - len(line.lstrip())]
        return [f"{pad}# {comment}", *_narrow(statement)]
    found = _STATEMENT.fullmatch(line)
    whole = found and _read(found[2])
    return lines_of(whole, found[1]) if found and whole else [line]


def _read(text: str) -> Text | None:
    """A value as far as it is a call, or a list, of such; None where brackets are open."""
    places = _places(text)
    if places is None:
        return None
    start, commas = places
    if start is None or not _CALLED.fullmatch(text[:start]):
        return Text(text)
    cuts = [start, *commas, len(text) - 1]
    pieces = [text[a + 1 : b].strip() for a, b in pairwise(cuts)]
    inside = [_read(piece) for piece in pieces if piece]
    return bracketed(text[: start + 1], [x for x in inside if x], text[-1])


def _places(text: str) -> tuple[int | None, list[int]] | None:
    """Where the bracket opens that the text's last sign closes, and the commas right inside it."""
    open_: list[int] = []
    commas: dict[int, list[int]] = {}
    last, quote = None, ""
    for k, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote and text[k - 1] != "\\" else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([{":
            open_.append(k)
        elif sign in ")]}":
            if not open_ or text[open_[-1]] != _CLOSING[sign]:
                return None
            last = (open_.pop(), k)
        elif sign == "," and open_:
            commas.setdefault(open_[-1], []).append(k)
    if open_ or quote:
        return None
    if last is None or last[1] != len(text) - 1:
        return None, []
    return last[0], commas.get(last[0], [])
