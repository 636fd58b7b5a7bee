"""Words of formulas in LaTeX: functions by name, powers of ten."""

from __future__ import annotations

from flowc.formulas.powers import split_power
from flowc.maths.symbols import latex_words

FUNCTIONS = {
    "step": "u", "logistic": r"\sigma", "sign": r"\operatorname{sgn}", "gelu_slope": r"\operatorname{gelu}'", "log": r"\ln",
    **{name: f"\\{name}" for name in ("exp", "max", "min", "sin", "cos", "tanh")},
}  # fmt: skip


def function_name(name: str) -> str:
    return FUNCTIONS.get(name) or f"\\operatorname{{{latex_words(name)}}}"


def powers_of_ten(text: str) -> str:
    """`1.2 \\cdot 10^{-7}` for `1.2e-07`, `10^{-7}` for `1e-07`."""
    digits, ten = split_power(text)
    return r" \cdot ".join(filter(None, (digits, f"10^{{{ten}}}" if ten is not None else "")))
