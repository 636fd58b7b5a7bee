"""Every function and loss, a second time: from the formulas of docs/functions.md, and what holds at kinks and ties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flowc.oracle.arithmetic import Arithmetic
from flowc.oracle.traced import Scalar, Traced, value_of

Scalars = Sequence[Scalar]


class Calculus:
    """Functions of scalars, traced or not, in one arithmetic."""

    def __init__(self, arithmetic: Arithmetic):
        self.arithmetic = a = arithmetic
        self.one, self.zero = a.number(1), a.number(0)

    # ------------------------------------------------------------------------------------------ elementary functions

    def _apply_chain_rule(self, x: Scalar, function: Callable[[Any], Any], slope: Callable[[Any, Any], Any]) -> Scalar:
        """`slope` is of the argument and the value."""
        if not isinstance(x, Traced):
            return function(x)
        value = function(x.value)
        return Traced(value, ((x, slope(x.value, value)),))

    def exp(self, x: Scalar) -> Scalar:
        return self._apply_chain_rule(x, self.arithmetic.exp, lambda x, h: h)

    def expm1(self, x: Scalar) -> Scalar:
        return self._apply_chain_rule(x, self.arithmetic.expm1, lambda x, h: self.arithmetic.exp(x))

    def log(self, x: Scalar) -> Scalar:
        return self._apply_chain_rule(x, self.arithmetic.log, lambda x, h: self.arithmetic.quotient(self.one, x))

    def log1p(self, x: Scalar) -> Scalar:
        return self._apply_chain_rule(x, self.arithmetic.log1p, lambda x, h: self.arithmetic.quotient(self.one, 1 + x))

    def tanh(self, x: Scalar) -> Scalar:
        return self._apply_chain_rule(x, self.arithmetic.tanh, lambda x, h: (1 - h) * (1 + h))

    def sin(self, x: Scalar) -> Scalar:
        return self._apply_chain_rule(x, self.arithmetic.sin, lambda x, h: self.arithmetic.cos(x))

    def cos(self, x: Scalar) -> Scalar:
        return self._apply_chain_rule(x, self.arithmetic.cos, lambda x, h: -self.arithmetic.sin(x))

    def sqrt(self, x: Scalar) -> Scalar:
        """The slope at 0 is 0."""
        half = self.one / 2
        return self._apply_chain_rule(x, self.arithmetic.sqrt, lambda x, h: half / h if h else self.zero)

    def quotient(self, a: Scalar, b: Scalar) -> Scalar:
        divide = self.arithmetic.quotient
        x, y = value_of(a), value_of(b)
        value = divide(x, y)
        sources = []
        if isinstance(a, Traced):
            sources.append((a, divide(self.one, y)))
        if isinstance(b, Traced):
            sources.append((b, -divide(value, y)))
        return Traced(value, sources) if sources else value

    def power(self, a: Scalar, b: Scalar) -> Scalar:
        """x^0 is 1 with slope 0; the logarithm of the base is taken only for an exponent that is no number."""
        power = self.arithmetic.power
        x, y = value_of(a), value_of(b)
        value = power(x, y)
        sources = []
        if isinstance(a, Traced):
            sources.append((a, y * power(x, y - 1) if y else self.zero))
        if isinstance(b, Traced):
            sources.append((b, value * self.arithmetic.log(x) if x else self.zero))
        return Traced(value, sources) if sources else value

    def larger(self, a: Scalar, b: Scalar) -> Scalar:
        """The first of equals."""
        return a if value_of(a) >= value_of(b) else b

    def smaller(self, a: Scalar, b: Scalar) -> Scalar:
        return a if value_of(a) <= value_of(b) else b

    def product(self, a: Scalar, b: Scalar) -> Scalar:
        return a * b

    def sum(self, xs: Scalars) -> Scalar:
        total = self.zero
        for x in xs:
            total = total + x
        return total

    def mean(self, xs: Scalars) -> Scalar:
        return self.sum(xs) * (self.one / len(xs))

    # --------------------------------------------------------------------------------------------------- activations

    def identity(self, x: Scalar) -> Scalar:
        return x

    def step(self, x: Scalar) -> Scalar:
        return self.one if value_of(x) >= 0 else self.zero

    def sign(self, x: Scalar) -> Scalar:
        return self.one if value_of(x) > 0 else -self.one if value_of(x) < 0 else self.zero

    def logistic(self, x: Scalar) -> Scalar:
        if value_of(x) < 0:
            e = self.exp(x)
            return self.quotient(e, 1 + e)
        return self.quotient(self.one, 1 + self.exp(-x))

    def relu(self, x: Scalar) -> Scalar:
        return x if value_of(x) > 0 else self.zero

    def leaky_relu(self, x: Scalar, slope: Any = 0.01) -> Scalar:
        return x if value_of(x) > 0 else slope * x

    def elu(self, x: Scalar, alpha: Any = 1.0) -> Scalar:
        return x if value_of(x) > 0 else alpha * self.expm1(x)

    def gelu(self, x: Scalar) -> Scalar:
        a = self.arithmetic
        root, factor = a.sqrt(2 / a.pi), a.number(44715) / 1000000
        # (1 + tanh z) / 2 = logistic(2 z), which keeps its digits where tanh z is near -1
        return x * self.logistic(2 * root * (x + factor * x * x * x))

    def silu(self, x: Scalar) -> Scalar:
        return x * self.logistic(x)

    def softplus(self, x: Scalar) -> Scalar:
        """ln(1 + e^x) = x + ln(1 + e^-x)."""
        return x + self.log1p(self.exp(-x)) if value_of(x) > 0 else self.log1p(self.exp(x))

    def abs(self, x: Scalar) -> Scalar:
        return x if value_of(x) > 0 else -x if value_of(x) < 0 else self.zero

    def square(self, x: Scalar) -> Scalar:
        return x * x

    # ------------------------------------------------------------------------------------------- of a vector's elements

    def softmax(self, xs: Scalars) -> Scalars:
        exponentials = [self.exp(x - self._largest_number(xs)) for x in xs]
        total = self.sum(exponentials)
        return [self.quotient(e, total) for e in exponentials]

    def log_softmax(self, xs: Scalars) -> Scalars:
        shifted = [x - self._largest_number(xs) for x in xs]
        total = self.log(self.sum([self.exp(z) for z in shifted]))
        return [z - total for z in shifted]

    def _largest_number(self, xs: Scalars) -> Any:
        """A number alone: shifted by it, nothing overflows, and nothing else changes."""
        return max(map(value_of, xs))

    def argmax(self, xs: Scalars) -> Scalars:
        values = [value_of(x) for x in xs]
        first = values.index(max(values))
        return [self.one if place == first else self.zero for place in range(len(xs))]

    # --------------------------------------------------------------------------------- losses, of all elements of a token

    def sse(self, f: Scalars, y: Scalars) -> Scalar:
        return self.sum([(a - b) * (a - b) for a, b in zip(f, y, strict=True)])

    def mse(self, f: Scalars, y: Scalars) -> Scalar:
        return self.mean([(a - b) * (a - b) for a, b in zip(f, y, strict=True)])

    def mae(self, f: Scalars, y: Scalars) -> Scalar:
        return self.mean([self.abs(a - b) for a, b in zip(f, y, strict=True)])

    def hinge(self, f: Scalars, y: Scalars) -> Scalar:
        return self.mean([self.relu(1 - b * a) for a, b in zip(f, y, strict=True)])

    def cross_entropy(self, xi: Scalars, y: Scalars) -> Scalar:
        """Of the excitations of one softmax."""
        return -self.sum([b * z for b, z in zip(y, self.log_softmax(xi), strict=True)])

    def binary_cross_entropy(self, xi: Scalars, y: Scalars) -> Scalar:
        """Of the excitations of logistic elements: -y ln p - (1 - y) ln(1 - p)."""
        return self.mean([self.softplus(x) - b * x for x, b in zip(xi, y, strict=True)])

    def perceptron(self, xi: Scalars, f: Scalars, y: Scalars) -> Scalar:
        """f is held constant."""
        return self.sum([x * (value_of(a) - b) for x, a, b in zip(xi, f, y, strict=True)])


ELEMENTWISE = frozenset((
    "identity", "step", "sign", "logistic", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "abs",
    "exp", "log", "sqrt", "square", "sin", "cos",
))  # fmt: skip
VECTOR = frozenset(("softmax", "log_softmax", "argmax"))
REDUCTIONS = frozenset(("sum", "mean"))
FOLDS = {"max": "larger", "min": "smaller", "product": "product"}
PAIRS = frozenset(("power", "quotient"))
LOSSES = frozenset(("mse", "sse", "mae", "hinge"))
OF_EXCITATION = frozenset(("cross_entropy", "binary_cross_entropy", "perceptron"))
ALIASES = {
    "u": "step", "heaviside": "step", "sgn": "sign", "signum": "sign", "sigmoid": "logistic", "σ": "logistic",
    "ReLU": "relu", "swish": "silu", "ln": "log", "ln_softmax": "log_softmax", "prod": "product", "maximum": "max",
    "minimum": "min", "pow": "power", "l1": "mae", "bce": "binary_cross_entropy",
}  # fmt: skip
KNOWN = ELEMENTWISE | VECTOR | REDUCTIONS | PAIRS | {"dot", *FOLDS} | LOSSES | OF_EXCITATION


def canonical_name(name: str) -> str:
    return ALIASES.get(name, name)
