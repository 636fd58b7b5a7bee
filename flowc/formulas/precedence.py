"""How tightly a formula holds together, so that printers know where parentheses are needed; and the signs of a sum."""

from __future__ import annotations

CASES, COMPARE, SUM, PRODUCT, POWER, LEAF = range(6)


def signed_term(place: int, sign: int, text: str, minus: str = "-") -> str:
    """A term of a sum behind its sign; the first, at place 0, has none where it is added."""
    if place == 0:
        return text if sign > 0 else f"{minus}{text}"
    return f" + {text}" if sign > 0 else f" {minus} {text}"
