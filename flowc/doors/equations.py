"""`flowc equations`"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowc.doors import numbers
from flowc.doors.files import put, write_whole
from flowc.doors.guard import FINE, Trouble, visible
from flowc.doors.outputs import form as format_of
from flowc.doors.paths import INPUT, OUTPUT
from flowc.doors.settings import setting, settings
from flowc.nets.arguments import is_one_of

if TYPE_CHECKING:
    from flowc.equations.document import Document
    from flowc.graph.network import Network
    from flowc.nets.opened import Opened

FORMATS = ("text", "latex", "mathml", "markdown")
ENDINGS = {
    "txt": "text",
    "tex": "latex",
    "mml": "mathml",
    "md": "markdown",
}  # of an output's name -> the format it says
FORMS = ("nodes", "layers", "augmented", "indexed")
PARTS = ("forward", "loss", "backward", "update", "all")
TOKENS = ("one", "all")
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
    parser.add_argument("--numbers", action="store_true", help="numbers in place of the weights' names")
    parser.add_argument("--weights", metavar="FILE", type=INPUT, help="with `--numbers`: learnt ones, a `.safetensors` file")
    parser.add_argument("--seed", metavar="N", type=numbers.whole, help="with `--numbers`: of the weights' draws")
    parser.add_argument("--digits", metavar="N", type=_digits, default=4, help="of those numbers; 4 by default")
    parser.add_argument("--all", action="store_true", help="every equation and every term, however many")
    parser.add_argument("--standalone", action="store_true", help="latex: a whole document")
    parser.add_argument("--ascii", action="store_true", help="text: no other signs")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )
    parser.set_defaults(backend="numpy", dtype="float64", device=None)


def _digits(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    number = numbers.positive(text)
    if number > MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"a number has at most {MOST_DIGITS} digits that mean something")
    return number


def run(chosen: argparse.Namespace) -> int:
    format = format_of(chosen.format, chosen.output, ENDINGS, "text")
    _check(chosen, format)
    diagram = numbers.understood(chosen.file, settings(chosen.set))
    ascii = chosen.ascii or chosen.output in (None, "-") and _plain_terminal()
    text = written(diagram, format, chosen.form, chosen.part, _weights(diagram, chosen), chosen.digits, chosen.all,
                   chosen.tokens, chosen.standalone, ascii)  # fmt: skip
    if chosen.output in (None, "-"):
        put(text)
    else:
        write_whole(chosen.output, text)
    return FINE


def _check(chosen: argparse.Namespace, format: str) -> None:
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


def _weights(diagram: Opened, chosen: argparse.Namespace) -> Mapping[str, Any] | None:
    """The numbers, if they are asked for. Raises Trouble."""
    if not chosen.numbers:
        return None
    net = numbers.net_of(diagram, chosen)
    numbers.tell_of_draws(diagram, chosen)
    return numbers.weights_of(diagram, net, chosen)


def written(
    diagram: Opened, format: str = "latex", form: str | None = None, part: str = "all",
    weights: Mapping[str, Any] | None = None, digits: int = 4, whole: bool = False, tokens: str | None = None,
    standalone: bool = False, ascii: bool = False,
) -> str:  # fmt: skip
    """The equations as a text. `weights`: numbers in place of the learnt weights' names. Raises Trouble."""
    from flowc.equations.build import Settings, equations, one_token

    network = diagram.network
    all_tokens = not one_token(network) if tokens is None else tokens == "all"
    known = None if weights is None else {**_fixed(network), **weights}
    asked = Settings(known, digits, all_tokens, None if whole else Settings.most)
    document = equations(network, form, part, asked)
    if not document.groups:
        raise Trouble(f"{network.name} has no equations for `--part {part}`: {_lacks(part)}")
    return _printed(document, format, standalone, ascii)


def of_diagram(
    diagram: Opened, format: str = "latex", form: str | None = None, part: str = "all",
    weights: Mapping[str, Any] | None = None, tokens: str | None = None, whole: bool = False,
) -> str:  # fmt: skip
    """For the Python API. Raises ValueError, TypeError."""
    for name, asked, known in (("format", format, FORMATS), ("part", part, PARTS), ("form", form, (None, *FORMS)),
                               ("tokens", tokens, (None, *TOKENS))):  # fmt: skip
        if not is_one_of(asked, known):
            raise ValueError(f"{name} is one of {', '.join(repr(k) for k in known)}, not {asked!r}")
    if weights is not None:
        if not isinstance(weights, Mapping):
            raise TypeError(f"weights are given by name, as a dict, not as {type(weights).__name__}")
        _check_shapes(diagram.network, weights)
    try:
        return written(diagram, format, form, part, weights, whole=whole, tokens=tokens)
    except Trouble as trouble:
        raise ValueError(str(trouble)) from None


def _check_shapes(network: Network, weights: Mapping[str, Any]) -> None:
    """Raises ValueError where a learnt weight is missing, or has another shape."""
    import numpy as np

    for weight in network.weights:
        if weight.learnt and weight.name not in weights:
            raise ValueError(f"the weight `{weight.name}` is missing")
        if weight.learnt and np.shape(weights[weight.name]) != weight.shape:
            raise ValueError(f"`{weight.name}` has the shape {weight.shape}, not {np.shape(weights[weight.name])}")


def _fixed(network: Network) -> dict[str, Any]:
    from flowc.nets.initial_weights import start

    return {w.name: start(w, 0) for w in network.weights if not w.learnt}


def _lacks(part: str) -> str:
    return "it computes nothing" if part in ("forward", "all") else "it has no loss, or nothing in it learns"


def _printed(document: Document, format: str, standalone: bool, ascii: bool) -> str:
    if format == "latex":
        from flowc.equations.latex import as_latex

        return as_latex(document, standalone)
    if format == "markdown":
        from flowc.equations.markdown import as_markdown

        return visible(as_markdown(document))
    if format == "mathml":
        from flowc.equations.mathml import NoConverter, as_mathml

        try:
            return as_mathml(document)
        except NoConverter:
            raise Trouble("MathML is made by latex2mathml: `pip install flowc[draw]`") from None
    from flowc.equations.text import as_text

    return visible(as_text(document, ascii))
