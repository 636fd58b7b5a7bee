"""Small functions of a file of plain Python: arithmetic that gives inf or nan where Python's own raises."""

from math import copysign, cos, exp, expm1, inf, log, log1p, nan, pow, sin, sqrt


def exp_or_inf(x):
    """exp(x); inf where no float is that large."""
    try:
        return exp(x)
    except OverflowError:
        return inf


def expm1_or_inf(x):
    """exp(x) - 1; inf where no float is that large."""
    try:
        return expm1(x)
    except OverflowError:
        return inf


def log_or_nan(x):
    """ln x; -inf at 0, nan where there is none."""
    try:
        return log(x)
    except ValueError:
        return nan if x else -inf


def log1p_or_nan(x):
    """ln(1 + x); -inf or nan where there is none."""
    try:
        return log1p(x)
    except ValueError:
        return -inf if x == -1 else nan


def sqrt_or_nan(x):
    """The square root; nan where there is none."""
    try:
        return sqrt(x)
    except ValueError:
        return nan


def sin_or_nan(x):
    """The sine; nan at infinity."""
    try:
        return sin(x)
    except ValueError:
        return nan


def cos_or_nan(x):
    """The cosine; nan at infinity."""
    try:
        return cos(x)
    except ValueError:
        return nan


def quotient(a, b):
    """a / b; inf, -inf or nan where b is 0."""
    try:
        return a / b
    except ZeroDivisionError:
        return copysign(inf, a) * copysign(1, b) if a < 0 or a > 0 else nan


def power(a, b):
    """a**b; inf, -inf or nan where there is no such number."""
    try:
        return pow(a, b)
    except (OverflowError, ValueError):
        if a < 0 and b % 1:
            return nan
        return copysign(inf, a) if b % 2 == 1 else inf


def positive(x):
    """max(x, 0), and nan for nan."""
    return max(0.0, x)


def sign_or_nan(x):
    """-1, 0 or 1, and nan for nan."""
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else x


def greatest(*numbers):
    """The largest, or nan if there is one."""
    return numbers[first_largest(*numbers)]


def first_largest(*numbers):
    """The place of the first of the largest; of the first nan, if any."""
    place = numbers.index(max(numbers))
    return next((i for i, x in enumerate(numbers) if x != x), place)


def nested(numbers, shape):
    """The numbers in rows of this shape."""
    if not shape:
        return numbers[0]
    n = len(numbers) // shape[0]
    rows = [numbers[i * n : (i + 1) * n] for i in range(shape[0])]
    return [nested(row, shape[1:]) for row in rows]


def moved(w, direction, by):
    """w + by * direction, element by element."""
    if isinstance(w, list):
        return [moved(*pair, by) for pair in zip(w, direction)]
    return w + by * direction


def noise(w, rng):
    """Normally distributed numbers in the shape of w."""
    if isinstance(w, list):
        return [noise(v, rng) for v in w]
    return rng.gauss(0, 1)


def inner(a, b):
    """The sum of the products of their elements."""
    return sum(map(inner, a, b)) if isinstance(a, list) else a * b
