"""Small functions of a file of plain Python: arithmetic that gives inf or nan where Python's own raises."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flowc.program.ops import OPERATIONS


@dataclass(frozen=True, slots=True)
class Helper:
    """`maths` is what the text needs from `math`, `uses` other helpers that it calls."""

    maths: tuple[str, ...]
    text: str
    uses: tuple[str, ...] = ()


def _guarded(name: str, error: str, value: str, maths: tuple[str, ...], doc: str) -> Helper:
    """`math`'s function, and a value where it raises."""
    suffix = "inf" if error == "OverflowError" else "nan"
    return Helper(
        (name, *maths),
        f'''\
def {name}_or_{suffix}(x):
    """{doc}"""
    try:
        return {name}(x)
    except {error}:
        return {value}''',
    )


HELPERS: dict[str, Helper] = {
    "exp_or_inf": _guarded("exp", "OverflowError", "inf", ("inf",), "exp(x); inf where no float is that large."),
    "expm1_or_inf": _guarded(
        "expm1", "OverflowError", "inf", ("inf",), "exp(x) - 1; inf where no float is that large."
    ),
    "log_or_nan": _guarded(
        "log", "ValueError", "nan if x else -inf", ("inf", "nan"), "ln x; -inf at 0, nan where there is none."
    ),
    "log1p_or_nan": _guarded(
        "log1p", "ValueError", "-inf if x == -1 else nan", ("inf", "nan"), "ln(1 + x); -inf or nan where there is none."
    ),
    "sqrt_or_nan": _guarded("sqrt", "ValueError", "nan", ("nan",), "The square root; nan where there is none."),
    "sin_or_nan": _guarded("sin", "ValueError", "nan", ("nan",), "The sine; nan at infinity."),
    "cos_or_nan": _guarded("cos", "ValueError", "nan", ("nan",), "The cosine; nan at infinity."),
    "quotient": Helper(("copysign", "inf", "nan"), '''\
def quotient(a, b):
    """a / b; inf, -inf or nan where b is 0."""
    try:
        return a / b
    except ZeroDivisionError:
        return copysign(inf, a) * copysign(1, b) if a < 0 or a > 0 else nan'''),
    "power": Helper(("copysign", "inf", "nan", "pow"), '''\
def power(a, b):
    """a**b; inf, -inf or nan where there is no such number."""
    try:
        return pow(a, b)
    except (OverflowError, ValueError):
        if a < 0 and b % 1:
            return nan
        return copysign(inf, a) if b % 2 == 1 else inf'''),
    "positive": Helper((), '''\
def positive(x):
    """max(x, 0), and nan for nan."""
    return 0.0 if x <= 0.0 else x'''),
    "sign_or_nan": Helper((), '''\
def sign_or_nan(x):
    """-1, 0 or 1, and nan for nan."""
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else x'''),
    "greatest": Helper((), '''\
def greatest(*numbers):
    """The largest, or nan if there is one."""
    return numbers[first_largest(*numbers)]''', uses=("first_largest",)),
    "first_largest": Helper((), '''\
def first_largest(*numbers):
    """The place of the first of the largest; of the first nan, if any."""
    place = numbers.index(max(numbers))
    return next((i for i, x in enumerate(numbers) if x != x), place)'''),
    "nested": Helper((), '''\
def nested(numbers, shape):
    """The numbers in rows of this shape."""
    if not shape:
        return numbers[0]
    n = len(numbers) // shape[0]
    rows = [numbers[i * n : (i + 1) * n] for i in range(shape[0])]
    return [nested(row, shape[1:]) for row in rows]'''),
    "moved": Helper((), '''\
def moved(w, direction, by):
    """w + by * direction, element by element."""
    if isinstance(w, list):
        return [moved(*pair, by) for pair in zip(w, direction)]
    return w + by * direction'''),
    "noise": Helper((), '''\
def noise(w, rng):
    """Normally distributed numbers in the shape of w."""
    if isinstance(w, list):
        return [noise(v, rng) for v in w]
    return rng.gauss(0, 1)'''),
    "inner": Helper((), '''\
def inner(a, b):
    """The sum of the products of their elements."""
    return sum(map(inner, a, b)) if isinstance(a, list) else a * b'''),
}  # fmt: skip

# What the file calls by name beside its own functions and `naming.MODULE`.
RESERVED = (
    *HELPERS, *(op.name for op in OPERATIONS if hasattr(math, op.name)), "abs", "copysign", "enumerate", "inf",
    "isinstance", "map", "max", "nan", "next", "pow", "sum", "values", "given", "rows", "tokens",
)  # fmt: skip
