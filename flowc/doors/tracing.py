"""A trace for the command line, the Python API and notebooks: made for one token, and printed in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowc.diagnostics.shorten import in_code
from flowc.diagnostics.suggest import and_list
from flowc.doors.cli.errors import visible
from flowc.doors.equations import GRADIENTS, PARTS
from flowc.nets.arguments import is_one_of
from flowc.nets.mimes import TEXT, Bundle, Mimes, make_bundle

if TYPE_CHECKING:
    from flowc.learning.trace.model import Found, Trace
    from flowc.nets.opened import Opened

FORMATS = ("text", "markdown", "latex", "json")
WIDTH = 100  # of text that is not for a terminal
MOST_DIGITS = 15
MARKDOWN = "text/markdown"


class NoTrace(ValueError):
    """There is nothing to be shown of what is asked for: why."""


def print_trace(trace: Trace, format: str = "text", gradients: str = "delta", width: int = WIDTH, ascii: bool = False) -> str:
    """The trace as a text. gradients: how LaTeX writes the loss's derivative by an excitation, as δ or as ∂L/∂ξ."""
    if format == "markdown":
        from flowc.learning.trace.markdown import as_markdown

        return visible(as_markdown(trace))
    if format == "latex":
        from flowc.learning.trace.latex import as_latex

        return as_latex(trace, deltas=gradients == "delta")
    if format == "json":
        from flowc.learning.trace.as_json import as_json

        return as_json(trace)
    from flowc.learning.trace.text import as_text

    return visible(as_text(trace, width, ascii))


def check_part(trace: Trace, part: str, found: Found) -> Trace:
    """Raises NoTrace where it has nothing in that part."""
    if not trace.sections:
        raise NoTrace(f"the trace of {trace.diagram} has nothing in `{part}`: {_say_lack(trace, part, found)}")
    return trace


def _say_lack(trace: Trace, part: str, found: Found) -> str:
    if part in ("forward", "all"):
        return "it computes nothing"
    if not trace.loss:
        return "it has no loss"
    targets = [node.name for node in trace.network.nodes if node.role == "target"]
    return "nothing in it learns" if found.loss is not None else f"the loss needs {and_list(targets)}"


@dataclass(frozen=True, repr=False)
class Traced:
    """A trace that shows itself, in a notebook as tables; what `flow.trace(...)` gives."""

    trace: Trace = field(repr=False)
    gradients: str = "delta"

    def print(self, format: str = "text") -> str:
        """As "text", "markdown", "latex" or "json". Raises ValueError."""
        if not is_one_of(format, FORMATS):
            raise ValueError(f"format is one of {', '.join(map(repr, FORMATS))}, not {in_code(format)}")
        return print_trace(self.trace, format, self.gradients)

    def __repr__(self) -> str:
        return self.print().rstrip("\n")

    def _repr_mimebundle_(self, include: Mimes = None, exclude: Mimes = None, **_: Any) -> Bundle:
        makers = {TEXT: self.__repr__, MARKDOWN: lambda: self.print("markdown")}
        return make_bundle(makers, include, exclude), {}


def trace_of(
    flow: Opened, values: Mapping[str, Any] | None, row: int | None, weights: Mapping[str, Any] | None, seed: int | None,
    part: str, digits: int, whole: bool, rate: float | None, gradients: str, backend: str, dtype: str | None, device: Any,
) -> Traced:  # fmt: skip
    """For the Python API. Raises ValueError, TypeError, FloatingPointError."""
    from flowc.data.dataset import BadData
    from flowc.doors.rendering import checked_token, find_token, weights_of_token
    from flowc.learning.trace.build import trace
    from flowc.nets.net import Net
    from flowc.nets.trace_values import find_values

    _check_options(part, gradients, digits, rate)
    if values is not None and row is not None:
        raise ValueError("`values` and `row` say the same in two ways; give one")
    options = {"values": values, "row": row, "weights": weights, "seed": seed}
    token = checked_token({name: value for name, value in options.items() if value is not None})
    net = Net(flow, backend, dtype, device)
    try:
        name, arrays = find_token(flow, token)
        numbers = find_values(flow.network, net, weights_of_token(flow, token), arrays, rate, "the call")
    except BadData as error:
        raise ValueError(str(error)) from None
    lines = trace(flow.network, numbers, name, digits, whole, net.library.dtype, part=part)
    return Traced(check_part(lines, part, numbers), gradients)


def read_rate(text: str) -> float | None:
    """A positive number; None of what is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < float("inf") and "_" not in text else None


def _check_options(part: str, gradients: str, digits: int, rate: float | None) -> None:
    """Raises ValueError."""
    for name, asked, choices in (("part", part, PARTS), ("gradients", gradients, GRADIENTS)):
        if not is_one_of(asked, choices):
            raise ValueError(f"{name} is one of {', '.join(map(repr, choices))}, not {in_code(asked)}")
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MOST_DIGITS:
        raise ValueError(f"digits is a whole number from 1 to {MOST_DIGITS}, not {in_code(digits)}")
    if rate is not None and (isinstance(rate, bool) or not isinstance(rate, (int, float)) or not 0 < rate < float("inf")):
        raise ValueError(f"rate is a positive number, not {in_code(rate)}")
