"""The value of a number's spelling, and what is wrong with it."""

from __future__ import annotations

from math import isinf

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.source import Span
from flowc.syntax.limits import DIGITS


def value(text: str) -> float | int:
    """`12` is an int, `12.`, `1e3` and `.5` are floats, and so is a whole number too long to be exact."""
    if text.lstrip("+-").isdigit() and len(text) <= DIGITS + 1:
        return int(text)
    return float(text)


def problem(text: str, span: Span) -> Diagnostic | None:
    """A whole number too long to be exact, a number too large for float64, or zeros before a number."""
    shown = text if len(text) <= 24 else f"{text[:20]}…"
    digits = text.lstrip("+-")
    if isinf(float(text)):
        return Diagnostic("number-too-large", f"`{shown}` is too large: numbers end near 1.8e308", span)
    if digits.isdigit() and len(digits.lstrip("0")) > DIGITS:
        return Diagnostic(
            "number-too-large",
            f"`{shown}` has more than {DIGITS} digits, so it would not be exact",
            span,
            hint=f"write it with a point or an exponent, `{float(text)!r}`",
        )
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        plain = digits.lstrip("0")
        plain = plain if plain[:1].isdigit() else f"0{plain}"
        return Diagnostic("leading-zero", f"`{shown}` begins with a zero", span, hint=f"write `{plain}`")
    return None
