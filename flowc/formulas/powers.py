"""Numbers far from 1 by their powers of ten."""

from __future__ import annotations


def split_power(text: str) -> tuple[str, int | None]:
    """("2.5", -7) of `2.5e-07`; ("", -7) of `1e-07`; ("0.5", None) of `0.5`."""
    digits, _, exponent = text.partition("e")
    if not exponent:
        return text, None
    return "" if digits == "1" else digits, int(exponent)
