"""What a trace says around its numbers, in every form."""

from __future__ import annotations

from flowc.learning.trace.model import Trace
from flowc.maths.functions import lookup

LABELS = {"arrives": "arrives", "saved": "saved", "slope": "slope", "delta": "δ"}  # of lines in the backward section
PLAIN = frozenset(["exp", "log", "max", "min", "sin", "cos", "tanh", "abs", "sqrt", "square"])  # need no words
CLOSE = "≈: what is written does not give the last digit; the machine's own rounding shows"


def explain_section(section: str, trace: Trace) -> str:
    """What a section holds, where its name does not say so."""
    match section:
        case "backward":
            return f"d_NAME is ∂{trace.loss}/∂NAME; δ = ∂{trace.loss}/∂ξ is what arrives times the slope"
        case "weights":
            return "δ of the arrow's target times its source; of a shared weight all of them"
        case "step":
            return f"each weight less {trace.rate:g} times its gradient; that rate is {trace.rate_from}"
    return ""


def legend(trace: Trace) -> list[tuple[str, str]]:
    """The functions that the formulas use, each with its meaning."""
    meanings = []
    for name in trace.functions:
        function = lookup(name)
        if function is not None and name not in PLAIN:
            meanings.append((name, function.summary.rstrip(".")))
    return meanings


def title_of(trace: Trace) -> str:
    return f"{trace.diagram}: {trace.title}" if trace.title else trace.diagram
