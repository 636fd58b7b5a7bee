"""`flowc trace`"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from flowc.doors.cli import formats
from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.path_types import OUTPUT
from flowc.doors.cli.shared_options import add_shared_options, positive_number
from flowc.doors.equations import GRADIENTS, PARTS
from flowc.doors.tracing import (
    FORMATS,
    MOST_DIGITS,
    WIDTH,
    NoTrace,
    check_part,
    print_trace,
    read_rate,
)

if TYPE_CHECKING:
    from flowc.doors.cli.prepare import Prepared
    from flowc.learning.trace.model import Found, Trace

ENDINGS = {"md": "markdown", "tex": "latex", "json": "json"}  # of an output's name -> the format that it says


def configure(parser: argparse.ArgumentParser) -> None:
    add_shared_options(parser, FORMATS)
    parser.set_defaults(format=None)
    parser.add_argument("-o", "--output", metavar="FILE", type=OUTPUT, help="a file; `.md`, `.tex` and `.json` say the format, too")
    parser.add_argument("--part", choices=PARTS, default="all", help="all that there are by default")
    parser.add_argument("--gradients", choices=GRADIENTS, help="latex: δ of an excitation, which is the default, or ∂L/∂ξ throughout")
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
    rate = read_rate(text)
    if rate is None:
        raise argparse.ArgumentTypeError(f"`{text}` is not a rate, as 0.1")
    return rate


def run(chosen: argparse.Namespace) -> int:
    form = formats.form(chosen.format, chosen.output, ENDINGS, "text")

    if chosen.gradients and form != "latex":
        raise Trouble("`--gradients` goes with `--format latex`; other formats write `d_NAME`")

    def written(prepared: Prepared) -> str:
        trace = _trace_of(chosen, prepared, _find_numbers(chosen, prepared))
        size = _terminal_size() if form == "text" and chosen.output in (None, "-") else (WIDTH, False)
        return print_trace(trace, form, chosen.gradients or "delta", *size)

    return formats.give(chosen, written)


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
    """Raises Trouble."""
    from flowc.learning.trace.build import trace

    data = prepared.data
    of_data = f"row {chosen.row or 1} of {data.name}" if data else ""
    token = "values of the command line" if chosen.values else of_data
    dtype = prepared.net.library.dtype
    lines = trace(prepared.diagram.network, found, token, chosen.digits, chosen.all, dtype, part=chosen.part)
    try:
        return check_part(lines, chosen.part, found)
    except NoTrace as error:
        raise Trouble(str(error)) from None
