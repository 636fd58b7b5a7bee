"""The registry of functions. To add one, add one record: backends, checks, docs and tests follow from it, but for the oracle,
which reads the same definition in words of its own."""

from __future__ import annotations

from typing import Any

from flowc.maths.function import Function, Rule
from flowc.maths.losses import LOSSES
from flowc.maths.operations import OPERATIONS

LECTURE = "the lecture, 'Activation functions'"
CALCULUS = "elementary calculus"


def _elementwise(
    name: str, value: str, slope: str, latex: str, summary: str, source: str, autograd: str = "", **more: Any
) -> Function:  # fmt: skip
    """A function of each number alone: what arrives is multiplied by its slope."""
    return Function(name, "elementwise", summary, Rule(value, (f"d * ({slope})",), autograd), latex, source, **more)


ACTIVATIONS = (
    _elementwise("identity", "xi", "1", r"\xi", "The excitation itself.", "linear regression in the lecture"),
    _elementwise(
        "step", "indicator(xi >= 0)", "0", r"u(\xi)", "The unit step u: 1 where xi >= 0, else 0.",
        "McCulloch and Pitts 1943; " + LECTURE, aliases=("u", "heaviside"),
        kink="step(0) = 1; the slope is 0 everywhere",
    ),
    _elementwise(
        "sign", "indicator(xi > 0) - indicator(xi < 0)", "0", r"\operatorname{sgn}(\xi)", "-1, 0 or 1: the sign of xi.",
        LECTURE, aliases=("sgn", "signum"), kink="sign(0) = 0; the slope is 0 everywhere",
    ),
    _elementwise(
        "logistic", "e = exp(-abs(xi))\nwhere(xi >= 0, 1.0, e) / (1 + e)", "h * (1 - h)", r"\frac{1}{1 + e^{-\xi}}",
        "1 / (1 + exp(-xi)), by the exponential that cannot overflow.", LECTURE, aliases=("sigmoid", "σ"),
    ),
    _elementwise(
        "tanh", "tanh(xi)", "1 - h**2", r"\tanh(\xi)", "The hyperbolic tangent.", LECTURE,
    ),
    _elementwise(
        "relu", "maximum(xi, 0)", "xi > 0", r"\max(0, \xi)", "max(0, xi)", LECTURE, aliases=("ReLU",),
        kink="relu'(0) = 0",
    ),
    _elementwise(
        "leaky_relu", "where(xi > 0, xi, slope * xi)", "where(xi > 0, 1.0, slope)",
        r"\max(0, \xi) + a \min(0, \xi)", "xi where it is positive, else slope * xi.",
        "Maas, Hannun, Ng 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models",
        parameters=(("slope", 0.01),), kink="the derivative at 0 is the slope of the negative side",
    ),
    _elementwise(
        "elu", "where(xi > 0, xi, alpha * expm1(where(xi > 0, 0, xi)))", "where(xi > 0, 1.0, h + alpha)",
        r"\begin{cases} \xi & \xi > 0 \\ \alpha (e^\xi - 1) & \text{else} \end{cases}",
        "xi where it is positive, else alpha * (exp(xi) - 1).",
        "Clevert, Unterthiner, Hochreiter 2016, Fast and Accurate Deep Network Learning by ELUs",
        parameters=(("alpha", 1.0),), kink="the derivative at 0 is alpha",
    ),
    _elementwise(
        "gelu", "xi * logistic(1.5957691216057308 * (xi + 0.044715 * xi**3))", "gelu_slope(xi)",
        r"\tfrac12 \xi \left(1 + \tanh\sqrt{2/\pi}\,(\xi + 0.044715\,\xi^3)\right)",
        "The tanh form, by (1 + tanh(z)) / 2 = logistic(2 * z).",
        "Hendrycks and Gimpel 2016, Gaussian Error Linear Units",
    ),
    _elementwise(
        "silu", "xi * logistic(xi)", "logistic(xi) + h * (1 - logistic(xi))", r"\frac{\xi}{1 + e^{-\xi}}",
        "xi * logistic(xi)", "Elfwing, Uchibe, Doya 2018, Sigmoid-weighted linear units", aliases=("swish",),
    ),
    _elementwise(
        "softplus", "logaddexp(xi, 0)", "logistic(xi)", r"\ln(1 + e^\xi)", "ln(1 + exp(xi))",
        "Dugas et al. 2001, Incorporating second-order functional knowledge",
    ),
    _elementwise("abs", "abs(xi)", "sign(xi)", r"|\xi|", "The absolute value.", CALCULUS, kink="abs'(0) = 0"),
    _elementwise("exp", "exp(xi)", "h", r"e^{\xi}", "The exponential.", CALCULUS),
    _elementwise("log", "log(xi)", "1 / xi", r"\ln \xi", "The natural logarithm.", CALCULUS, aliases=("ln",)),
    _elementwise(
        "sqrt", "sqrt(xi)", "sqrt_slope(xi)", r"\sqrt{\xi}", "The square root.", CALCULUS,
        autograd="where(xi == 0, 0, sqrt(where(xi == 0, 1, xi)))", kink="sqrt'(0) = 0 by convention; that of xi^0.5 is infinite",
    ),
    _elementwise("square", "xi**2", "2 * xi", r"\xi^2", "The square.", CALCULUS),
    _elementwise("sin", "sin(xi)", "cos(xi)", r"\sin \xi", "The sine.", CALCULUS),
    _elementwise("cos", "cos(xi)", "-sin(xi)", r"\cos \xi", "The cosine.", CALCULUS),
    Function(
        "softmax", "vector", "exp(xi_c) / sum_k exp(xi_k), shifted so that nothing overflows.",
        Rule("e = exp(xi - largest(xi))\ne / total(e)", ("h * (d - total(d * h))",)),
        r"\frac{e^{\xi_c}}{\sum_k e^{\xi_k}}", "the lecture, 'The softmax function'",
    ),
    Function(
        "log_softmax", "vector", "xi_c - ln sum_k exp(xi_k), shifted so that nothing overflows.",
        Rule("z = xi - largest(xi)\nz - log(total(exp(z)))", ("d - softmax(xi) * total(d)",)),
        r"\xi_c - \ln \sum_k e^{\xi_k}", "the logarithm of softmax", aliases=("ln_softmax",),
    ),
    Function(
        "argmax", "vector", "One-hot: 1 at the first of the largest, else 0.",
        Rule("first_largest(xi)", ("d * 0",)), r"\operatorname{argmax}(\xi)",
        "the lecture, 'New notation': the perceptron's one-hot output",
        kink="the first of equals; the slope is 0 everywhere",
    ),
)  # fmt: skip

# Slopes too long for a line, printed as helpers of their own; not part of the language.
SLOPES = (
    Function(
        "gelu_slope", "elementwise", "The derivative of gelu.",
        Rule("s = logistic(1.5957691216057308 * (xi + 0.044715 * xi**3))\n"
             "s + xi * s * (1 - s) * 1.5957691216057308 * (1 + 0.134145 * xi**2)"),
        r"\operatorname{gelu}'(\xi)", "the derivative of gelu",
    ),
    Function(
        "sqrt_slope", "elementwise", "The derivative of the square root; 0 at 0 by convention.",
        Rule("where(xi == 0, 0, 0.5 / sqrt(where(xi == 0, 1, xi)))"), r"\frac{1}{2\sqrt{\xi}}", CALCULUS,
    ),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {f.name: f for f in (*ACTIVATIONS, *OPERATIONS, *LOSSES)}
HELPERS: dict[str, Function] = {f.name: f for f in SLOPES}
ALIASES: dict[str, str] = {alias: f.name for f in FUNCTIONS.values() for alias in f.aliases}


def lookup(name: str) -> Function | None:
    """The function of that name or alias; None if there is none."""
    name = ALIASES.get(name, name)
    return FUNCTIONS.get(name) or HELPERS.get(name)
