"""Every function on every backend, lowering by lowering: ties and kinks, +-1000, inf and nan, accuracy to the last place."""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

import flowc
from flowc.maths.functions import FUNCTIONS
from flowc.nets.verifying.printed import File
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.tolerance import ULPS
from flowc.nets.verifying.ways import Way, all_ways

PLAIN = {name: Way(name, "nodes", None, "explicit") for name in ("numpy", "torch")}
FORCED = {
    f"{w.backend} {w.lower}": w for w in all_ways() if (w.style, w.gradient) == ("fast", "explicit") and w.lower != "auto"
}
BACKENDS = (*PLAIN, *FORCED)
ELEMENTWISE = tuple(f.name for f in FUNCTIONS.values() if f.kind == "elementwise")
VECTOR = tuple(f.name for f in FUNCTIONS.values() if f.kind == "vector")
TINY = 5e-324


@cache
def compiled(text: str, backend: str) -> Any:
    return (PLAIN | FORCED)[backend].net(flowc.loads(text))


def value(text: str, backend: str, **inputs: Any) -> np.ndarray:
    """The output f, for one token for each row; of a lowering that of the file, whose words are its own."""
    values = {n: np.asarray(v, float) for n, v in inputs.items()}
    net = compiled(text, backend)
    if backend in PLAIN:
        return net.forward({}, values)["f"]
    with np.errstate(all="ignore"):
        return File(net, Reference.of(text, {}, values)).results()["node", "f"]


def slope(text: str, backend: str, wrt: str, **inputs: Any) -> np.ndarray:
    """The derivative of the sum of f."""
    values = {n: np.asarray(v, float) for n, v in inputs.items()}
    return compiled(text, backend).gradients({}, values, of="f", wrt=[wrt])[wrt]


def scalar(function: str) -> str:
    return f"input x\noutput f\nf = {function}(x)\n"


def vector(function: str, n: int = 3) -> str:
    return f"input x[{n}]\noutput f[{n}]\nf = {function}(x)\n"


def reduced(function: str, n: int = 3) -> str:
    return f"input x[{n}]\noutput f\nf = {function}(x)\n"


# ------------------------------------------------------------ kinks and ties

KINKS = [
    # function, x, value, slope
    ("step", 0.0, 1.0, 0.0),
    ("step", -0.0, 1.0, 0.0),
    ("step", TINY, 1.0, 0.0),
    ("step", -TINY, 0.0, 0.0),
    ("step", 3.0, 1.0, 0.0),
    ("sign", 0.0, 0.0, 0.0),
    ("sign", -0.0, 0.0, 0.0),
    ("sign", TINY, 1.0, 0.0),
    ("sign", -2.0, -1.0, 0.0),
    ("relu", 0.0, 0.0, 0.0),
    ("relu", -0.0, 0.0, 0.0),
    ("relu", TINY, TINY, 1.0),
    ("relu", -1.0, 0.0, 0.0),
    ("leaky_relu", 0.0, 0.0, 0.01),
    ("leaky_relu", 2.0, 2.0, 1.0),
    ("leaky_relu", -2.0, -0.02, 0.01),
    ("elu", 0.0, 0.0, 1.0),
    ("abs", 0.0, 0.0, 0.0),
    ("abs", -2.0, 2.0, -1.0),
    ("sqrt", 0.0, 0.0, 0.0),
    ("sqrt", 4.0, 2.0, 0.25),
    ("square", 0.0, 0.0, 0.0),
    ("identity", 0.0, 0.0, 1.0),
    ("logistic", 0.0, 0.5, 0.25),
    ("tanh", 0.0, 0.0, 1.0),
    ("gelu", 0.0, 0.0, 0.5),
    ("silu", 0.0, 0.0, 0.5),
    ("softplus", 0.0, float(np.log(2)), 0.5),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("function", "x", "h", "d"), KINKS)
def test_kinks(backend: str, function: str, x: float, h: float, d: float) -> None:
    np.testing.assert_array_max_ulp(value(scalar(function), backend, x=[x]), np.array([h]), 1)
    np.testing.assert_array_max_ulp(slope(scalar(function), backend, "x", x=[x]), np.array([d]), 1)


TIES = [
    # text, inputs, value, gradient of its sum for x
    (vector("argmax"), [[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]),
    (vector("argmax"), [[0.0, 2.0, 2.0]], [[0.0, 1.0, 0.0]], [[0.0, 0.0, 0.0]]),
    (vector("argmax"), [[0.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]),
    (vector("argmax"), [[-0.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]),
    (reduced("max"), [[2.0, 2.0, 1.0]], [2.0], [[1.0, 0.0, 0.0]]),
    (reduced("max"), [[1.0, 2.0, 2.0]], [2.0], [[0.0, 1.0, 0.0]]),
    (reduced("max"), [[0.0, 0.0, 0.0]], [0.0], [[1.0, 0.0, 0.0]]),
    (reduced("min"), [[1.0, 1.0, 2.0]], [1.0], [[1.0, 0.0, 0.0]]),
    (reduced("min"), [[2.0, 1.0, 1.0]], [1.0], [[0.0, 1.0, 0.0]]),
    (reduced("product"), [[0.0, 3.0, 2.0]], [0.0], [[6.0, 0.0, 0.0]]),
    (reduced("product"), [[0.0, 0.0, 2.0]], [0.0], [[0.0, 0.0, 0.0]]),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("text", "x", "h", "d"), TIES)
def test_ties_of_a_vector(backend: str, text: str, x: list, h: list, d: list) -> None:
    np.testing.assert_array_equal(value(text, backend, x=x), h)
    np.testing.assert_array_equal(slope(text, backend, "x", x=x), d)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("function", ["max", "min"])
@pytest.mark.parametrize(("values", "first"), [((2, 2), 0), ((0, 0), 0), ((-0.0, 0), 0), ((1, 1, 1), 0)])
def test_ties_of_several(backend: str, function: str, values: tuple, first: int) -> None:
    """The first of equals gets the whole gradient."""
    names = "abc"[: len(values)]
    text = f"input {', '.join(names)}\noutput f\nf = {function}({', '.join(names)})\n"
    inputs = {n: [v] for n, v in zip(names, values, strict=True)}
    np.testing.assert_array_equal(value(text, backend, **inputs), [values[0]])
    slopes = [slope(text, backend, n, **inputs)[0] for n in names]
    assert slopes == [1.0 if i == first else 0.0 for i in range(len(values))]


POWERS = [
    ("x^0", 0.0, 1.0, 0.0),
    ("x^0", -2.0, 1.0, 0.0),
    ("x^1", 0.0, 0.0, 1.0),
    ("x^2", 0.0, 0.0, 0.0),
    ("x^2", -3.0, 9.0, -6.0),
    ("x^3", -2.0, -8.0, 12.0),
    ("x^-1", -2.0, -0.5, -0.25),
    ("x^0.5", 4.0, 2.0, 0.25),
    ("2^x", 3.0, 8.0, 8 * float(np.log(2))),
    ("-x^2", 3.0, -9.0, -6.0),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("expression", "x", "h", "d"), POWERS)
def test_powers(backend: str, expression: str, x: float, h: float, d: float) -> None:
    text = f"input x\noutput f\nf = {expression}\n"
    np.testing.assert_array_max_ulp(value(text, backend, x=[x]), np.array([h]), 2)
    np.testing.assert_array_max_ulp(slope(text, backend, "x", x=[x]), np.array([d]), 2)


# ------------------------------------------------------------ large numbers

LARGE = [
    # function, x, value, slope
    ("logistic", 1000.0, 1.0, 0.0),
    ("logistic", -1000.0, 0.0, 0.0),
    ("tanh", 1000.0, 1.0, 0.0),
    ("tanh", -1000.0, -1.0, 0.0),
    ("elu", -1000.0, -1.0, 0.0),
    ("elu", 1000.0, 1000.0, 1.0),
    ("gelu", 1000.0, 1000.0, 1.0),
    ("gelu", -1000.0, 0.0, 0.0),
    ("silu", 1000.0, 1000.0, 1.0),
    ("silu", -1000.0, 0.0, 0.0),
    ("softplus", 1000.0, 1000.0, 1.0),
    ("softplus", -1000.0, 0.0, 0.0),
    ("relu", 1000.0, 1000.0, 1.0),
    ("exp", -1000.0, 0.0, 0.0),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("function", "x", "h", "d"), LARGE)
def test_large_numbers(backend: str, function: str, x: float, h: float, d: float) -> None:
    np.testing.assert_array_equal(value(scalar(function), backend, x=[x]), [h])
    np.testing.assert_array_equal(slope(scalar(function), backend, "x", x=[x]), [d])


@pytest.mark.parametrize("backend", BACKENDS)
def test_softmax_of_large_numbers(backend: str) -> None:
    x = [[1000.0, 0.0, -1000.0]]
    np.testing.assert_array_equal(value(vector("softmax"), backend, x=x), [[1.0, 0.0, 0.0]])
    np.testing.assert_array_equal(value(vector("log_softmax"), backend, x=x), [[0.0, -1000.0, -2000.0]])
    for function in ("softmax", "log_softmax"):
        assert np.isfinite(slope(vector(function), backend, "x", x=x)).all()


LOSSES = [
    # text, x, y, loss: the excitation is x
    ("input x[2]\ntarget y[2]\noutput p[2]\np = softmax(x)\nloss cross_entropy(p, y)\n", [[1000, -1000]], [[0, 1]], 2000.0),
    ("input x[2]\ntarget y[2]\noutput p[2]\np = softmax(x)\nloss cross_entropy(p, y)\n", [[1000, -1000]], [[1, 0]], 0.0),
    ("input x\ntarget y\noutput p\np = logistic(x)\nloss binary_cross_entropy(p, y)\n", [1000], [0], 1000.0),
    ("input x\ntarget y\noutput p\np = logistic(x)\nloss binary_cross_entropy(p, y)\n", [-1000], [1], 1000.0),
    ("input x\ntarget y\noutput p\np = logistic(x)\nloss binary_cross_entropy(p, y)\n", [-1000], [0], 0.0),
]  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("text", "x", "y", "loss"), LOSSES)
def test_losses_of_large_numbers(backend: str, text: str, x: list, y: list, loss: float) -> None:
    values = {"x": np.array(x, float), "y": np.array(y, float)}
    assert compiled(text, backend).loss({}, values) == loss
    assert np.isfinite(compiled(text, backend).gradients({}, values, wrt=["x"])["x"]).all()


# -------------------------------------------------------------- inf and nan


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("function", ELEMENTWISE)
def test_inf_and_nan_are_the_same_everywhere(backend: str, function: str) -> None:
    """A nan stays in sight (but for `step` and `sign`, where no comparison with it holds), and inf is treated alike."""
    x = [np.inf, -np.inf, np.nan, 1.0]
    found = value(scalar(function), backend, x=x)
    np.testing.assert_array_equal(found, value(scalar(function), "numpy", x=x))
    assert np.isnan(found[2]) != (function in ("step", "sign"))


# ----------------------------------------------------------------- accuracy

POINTS = np.concatenate([np.linspace(-30, 30, 241), 10.0 ** np.arange(-8, 2), -(10.0 ** np.arange(-8, 2))])


def gelu(x: Any) -> Any:
    u = mpmath.mpf(0.7978845608028654) * (x + mpmath.mpf(0.044715) * x**3)
    return x / (1 + mpmath.exp(-2 * u))


EXACT = {
    "identity": lambda x: x,
    "step": lambda x: 1 if x >= 0 else 0,
    "sign": mpmath.sign,
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x: x if x > 0 else x * mpmath.mpf(0.01),
    "abs": abs,
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "gelu": gelu,
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "square": lambda x: x * x,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
}


def test_every_function_has_an_exact_answer() -> None:
    assert set(EXACT) == set(ELEMENTWISE)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("function", ELEMENTWISE)
def test_accuracy(backend: str, function: str) -> None:
    """Against 50 digits; 4 units in the last place (30 of gelu far on the left, where its exponent rounds)."""
    points = np.abs(POINTS) + 1e-9 if function in ("log", "sqrt") else POINTS
    if function == "gelu":
        points = points[points > -6]
    found = value(scalar(function), backend, x=points)
    with mpmath.workdps(50):
        exact = [EXACT[function](mpmath.mpf(float(x))) for x in points]
        ulps = [
            float(abs(mpmath.mpf(float(a)) - e)) / np.spacing(abs(float(e))) for a, e in zip(found, exact, strict=True)
        ]
    allowed = 30 if function == "gelu" else ULPS
    assert max(ulps) <= allowed, (points[int(np.argmax(ulps))], max(ulps))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("function", ELEMENTWISE)
def test_slopes(backend: str, function: str) -> None:
    """Within 1e-14 of what the exact function's derivative is, away from kinks."""
    points = np.abs(POINTS) + 0.01 if function in ("log", "sqrt") else POINTS[np.abs(POINTS) > 1e-3]
    points = points[np.abs(points) < 15]
    found = slope(scalar(function), backend, "x", x=points)
    with mpmath.workdps(50):
        exact = [float(mpmath.diff(EXACT[function], mpmath.mpf(float(x)))) for x in points]
    np.testing.assert_allclose(found, exact, rtol=1e-13, atol=1e-14)
