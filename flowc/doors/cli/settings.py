"""`--set D=5`: sizes given on the command line."""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections.abc import Iterable

from flowc.doors.cli.errors import Trouble

_FORM = re.compile(r"\s*([^\W\d][\w\u0300-\u036f]*)\s*=\s*([+-]?[0-9]{1,15})\s*")


def setting(text: str) -> tuple[str, int]:
    """`D=5` as ("D", 5); `%CE%BE=5`, as headers spell it, as ("ξ", 5). Raises argparse.ArgumentTypeError."""
    match = _FORM.fullmatch(_without_escapes(text))
    if not match:
        raise argparse.ArgumentTypeError(f"`{text}` is not of the form `NAME=NUMBER`, as `D=5`, a whole number")
    return unicodedata.normalize("NFKC", match[1]), int(match[2])


def _without_escapes(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)


def settings(given: Iterable[tuple[str, int]]) -> dict[str, int]:
    """All of them by name. Raises Trouble where one is given two values."""
    result: dict[str, int] = {}
    for name, value in given:
        if result.setdefault(name, value) != value:
            raise Trouble(f"`{name}` is set twice, to {result[name]} and to {value}")
    return result
