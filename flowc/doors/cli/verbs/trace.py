"""`flowc trace`"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from flowc.doors.cli import formats
from flowc.doors.cli.errors import Trouble, visible
from flowc.doors.cli.path_types import OUTPUT
from flowc.doors.cli.shared_options import add_shared_options, positive_number

if TYPE_CHECKING:
    from flowc.doors.cli.prepare import Prepared
    from flowc.learning.trace.model import Found, Trace

FORMATS = ("text", "markdown", "latex", "json")
ENDINGS = {"md": "markdown", "tex": "latex", "json": "json"}  # of an output's name -> the format that it says
WIDTH = 100  # of text that is not for a terminal
MOST_DIGITS = 15


def configure(parser: argparse.ArgumentParser) -> None:
    add_shared_options(parser, FORMATS)
    parser.set_defaults(format=None)
    parser.add_argument("-o", "--output", metavar="FILE", type=OUTPUT, help="a file; `.md`, `.tex` and `.json` say the format, too")
    parser.add_argument(
        "--digits", metavar="N", type=_read_digits, default=4, help="of rounded numbers at least so many; 4 by default"
    )
    parser.add_argument("--all", action="store_true", help="every element and every term, however many")
    parser.add_argument("--rate", metavar="NUMBER", type=_read_rate, help="of the step, in place of the diagram's")


def _read_digits(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    number = positive_number(text)
    if number > MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"a number has at most {MOST_DIGITS} digits that mean something")
    return number


def _read_rate(text: str) -> float:
    """Raises argparse.ArgumentTypeError."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf") or "_" in text:
        raise argparse.ArgumentTypeError(f"`{text}` is not a rate, as 0.1")
    return number


def run(chosen: argparse.Namespace) -> int:
    form = formats.form(chosen.format, chosen.output, ENDINGS, "text")

    def written(prepared: Prepared) -> str:
        numbers = _find_numbers(chosen, prepared)
        return _print_trace(_trace_of(chosen, prepared, numbers), form, chosen.output)

    return formats.give(chosen, written)


def _print_trace(trace: Trace, form: str, output: str | None) -> str:
    if form == "markdown":
        from flowc.learning.trace.markdown import as_markdown

        return visible(as_markdown(trace))
    if form == "latex":
        from flowc.learning.trace.latex import as_latex

        return as_latex(trace)
    if form == "json":
        from flowc.learning.trace.as_json import as_json

        return as_json(trace)
    from flowc.learning.trace.text import as_text

    return visible(as_text(trace, *(_terminal_size() if output in (None, "-") else (WIDTH, False))))


def _terminal_size() -> tuple[int, bool]:
    """How wide standard output is, and whether it has no signs but ASCII."""
    from shutil import get_terminal_size

    from flowc.doors.cli.terminal import is_terminal

    if not is_terminal(sys.stdout):
        return WIDTH, False
    return get_terminal_size((WIDTH, 24)).columns, not (sys.stdout.encoding or "").lower().startswith("utf")


def _find_numbers(chosen: argparse.Namespace, prepared: Prepared) -> Found:
    """What the net says of one token. Raises Trouble, and FloatingPointError where a number is not finite."""
    from flowc.nets.trace_values import find_values

    arrays = prepared.data.take([0]).arrays if prepared.data else {}
    try:
        return find_values(prepared.diagram.network, prepared.net, prepared.weights, arrays, chosen.rate)
    except ValueError as error:
        raise Trouble(str(error)) from None


def _trace_of(chosen: argparse.Namespace, prepared: Prepared, found: Found) -> Trace:
    from flowc.learning.trace.build import trace

    data = prepared.data
    of_data = f"row {chosen.row or 1} of {data.name}" if data else ""
    token = "values of the command line" if chosen.values else of_data
    dtype = prepared.net.library.dtype
    return trace(prepared.diagram.network, found, token, least=chosen.digits, whole=chosen.all, dtype=dtype)
