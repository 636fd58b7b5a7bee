"""Which functions of the registry fit where: chosen by their records, so that a new record is drawn too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flowc.maths.function import Function
from flowc.maths.functions import FUNCTIONS
from flowc.testing.sketch import Sketch

EXACT = ("identity", "step", "relu")
SQUASHING = ("tanh", "logistic", "sin", "cos", "step", "sign")
POSITIVE = ("log", "sqrt")  # only of what is kept above 0
LARGE = 1000.0  # above it only squashing functions are applied


@dataclass(frozen=True, slots=True)
class Applied:
    """A function as it is written (`leaky_relu(0.2)`), its name, and the bound of its result."""

    text: str
    name: str
    bound: float

    def of(self, argument: str) -> str:
        """The function of an argument: a parameter goes behind it."""
        name, bracket, rest = self.text.partition("(")
        return f"{name}({argument}, {rest}" if bracket else f"{name}({argument})"


@cache
def activations(vector: bool) -> tuple[str, ...]:
    """The activations of the registry, those of vectors too if `vector`; the plainest first."""
    names = [f.name for f in FUNCTIONS.values() if f.kind == "elementwise" and f.name not in POSITIVE]
    return tuple(names + [f.name for f in FUNCTIONS.values() if f.kind == "vector" and vector])


def fitting(sketch: Sketch, bound: float, vector: bool) -> tuple[str, ...]:
    """The activations that keep values of that size within reach."""
    if sketch.exact:
        return EXACT
    if bound > LARGE:
        return SQUASHING
    too_large = {"exp"} if bound > 4 else set()
    return tuple(a for a in activations(vector) if a not in too_large | ({"square"} if bound > 30 else set()))


def activation(sketch: Sketch, bound: float, vector: bool) -> Applied:
    """An activation of chance for excitations up to `bound`, with parameters now and then."""
    name = sketch.pick.one(fitting(sketch, bound, vector))
    record = FUNCTIONS[name]
    text = sketch.pick.one(record.aliases) if record.aliases and sketch.pick.chance(0.15) else name
    if numbers := parameters(sketch, record):
        text += f"({', '.join(numbers)})"
    return Applied(text, name, grown(name, bound))


def parameters(sketch: Sketch, record: Function) -> list[str]:
    """The numbers of a function as they are written: all, or none where they may be left away."""
    needed = any(default is None for _, default in record.parameters)
    if not record.parameters or not needed and not sketch.pick.chance(0.5):
        return []
    keywords = sketch.pick.chance(0.4)
    return [f"{name}=0.2" if keywords else "0.2" for name, _ in record.parameters]


def grown(name: str, bound: float) -> float:
    """How large the result may be."""
    if name in SQUASHING or name in ("softmax", "argmax"):
        return 1.0
    match name:
        case "exp":
            return float(2.72**bound)
        case "square":
            return bound**2
        case "softplus" | "log_softmax":
            return 2 * bound + 2
    return max(bound, 1.0)
