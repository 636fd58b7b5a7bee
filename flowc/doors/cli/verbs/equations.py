"""`flowc equations`"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowc.doors.cli.errors import FINE, Trouble
from flowc.doors.cli.files import put, write_whole
from flowc.doors.cli.formats import form as format_of
from flowc.doors.cli.path_types import INPUT, OUTPUT
from flowc.doors.cli.prepare import net_of, read_diagram, tell_of_draws, weights_of
from flowc.doors.cli.settings import setting, settings
from flowc.doors.cli.shared_options import positive_number, whole_number
from flowc.doors.equations import FORMATS, FORMS, GRADIENTS, PARTS, TOKENS, NoEquations, print_equations

if TYPE_CHECKING:
    from flowc.nets.opened import Opened

ENDINGS = {
    "txt": "text",
    "tex": "latex",
    "mml": "mathml",
    "md": "markdown",
}  # of an output's name -> the format it says
MOST_DIGITS = 17


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=OUTPUT, help="a file; `.tex`, `.mml`, `.md`, `.txt` say the format, too"
    )
    parser.add_argument("--format", choices=FORMATS, help="text by default")
    parser.add_argument(
        "--form", choices=FORMS, help="nodes: a line for each; layers: matrices; augmented: with the 1; indexed: sums"
    )
    parser.add_argument("--part", choices=PARTS, default="all", help="all that there are by default")
    parser.add_argument("--tokens", choices=TOKENS, help="equations of one token, or of all of a batch")
    parser.add_argument("--gradients", choices=GRADIENTS, default="delta", help="delta: δ of an excitation; partial: ∂L/∂ξ throughout")
    parser.add_argument("--numbers", action="store_true", help="numbers in place of the weights' names")
    parser.add_argument("--weights", metavar="FILE", type=INPUT, help="with `--numbers`: learnt ones, a `.safetensors` file")
    parser.add_argument("--seed", metavar="N", type=whole_number, help="with `--numbers`: of the weights' draws")
    parser.add_argument("--digits", metavar="N", type=_read_digits, default=4, help="of those numbers; 4 by default")
    parser.add_argument("--all", action="store_true", help="every equation and every term, however many")
    parser.add_argument("--standalone", action="store_true", help="latex: a whole document")
    parser.add_argument("--ascii", action="store_true", help="text: no other signs")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )
    parser.set_defaults(backend="numpy", dtype="float64", device=None)


def _read_digits(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    number = positive_number(text)
    if number > MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"a number has at most {MOST_DIGITS} digits that mean something")
    return number


def run(chosen: argparse.Namespace) -> int:
    format = format_of(chosen.format, chosen.output, ENDINGS, "text")
    _check_options(chosen, format)
    diagram = read_diagram(chosen.file, settings(chosen.set))
    ascii = chosen.ascii or chosen.output in (None, "-") and _plain_terminal()
    weights = _weights_asked(diagram, chosen)
    try:
        text = print_equations(diagram, format, chosen.form, chosen.part, weights, chosen.digits, chosen.all,
                               chosen.tokens, chosen.standalone, ascii, chosen.gradients)  # fmt: skip
    except NoEquations as error:
        raise Trouble(str(error)) from None
    if chosen.output in (None, "-"):
        put(text)
    else:
        write_whole(chosen.output, text)
    return FINE


def _check_options(chosen: argparse.Namespace, format: str) -> None:
    """Options that go together. Raises Trouble."""
    for name in ("weights", "seed"):
        if getattr(chosen, name) is not None and not chosen.numbers:
            raise Trouble(f"`--{name}` says which numbers; it goes with `--numbers`")
    if chosen.weights and chosen.seed is not None:
        raise Trouble("`--seed` draws weights and `--weights` gives them; one of the two")
    if chosen.standalone and format != "latex":
        raise Trouble("`--standalone` goes with `--format latex`")
    if chosen.ascii and format != "text":
        raise Trouble("`--ascii` goes with `--format text`")


def _plain_terminal() -> bool:
    """Whether standard output has no signs but ASCII."""
    try:
        return sys.stdout.isatty() and not (sys.stdout.encoding or "").lower().startswith("utf")
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def _weights_asked(diagram: Opened, chosen: argparse.Namespace) -> Mapping[str, Any] | None:
    """The numbers, if they are asked for. Raises Trouble."""
    if not chosen.numbers:
        return None
    net = net_of(diagram, chosen)
    tell_of_draws(diagram, chosen)
    return weights_of(diagram, net, chosen)
