"""Words of formulas in LaTeX: functions by name, powers of ten."""

from __future__ import annotations

from flowc.maths.symbols import latex_words

FUNCTIONS = {"log": r"\ln", **{name: f"\\{name}" for name in ("exp", "max", "min", "sin", "cos", "tanh")}}


def function_name(name: str) -> str:
    return FUNCTIONS.get(name) or f"\\operatorname{{{latex_words(name)}}}"


def powers_of_ten(text: str) -> str:
    """`1.2 \\cdot 10^{-7}` for `1.2e-07`."""
    digits, _, exponent = text.partition("e")
    return f"{digits} \\cdot 10^{{{int(exponent)}}}" if exponent else text
