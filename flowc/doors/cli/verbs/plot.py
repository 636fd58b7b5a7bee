"""`flowc plot`"""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING

from flowc.doors.cli import formats
from flowc.doors.cli.errors import FINE, PROBLEMS, Trouble, say
from flowc.doors.cli.files import put, write_whole
from flowc.doors.cli.path_types import INPUT, OUTPUT
from flowc.doors.cli.prepare import prepare, read_diagram, tell_of_draws
from flowc.doors.cli.settings import settings
from flowc.doors.cli.shared_options import add_options, positive_number, whole_number
from flowc.doors.cli.training import method_options
from flowc.plots.formats import FORMATS

if TYPE_CHECKING:
    from flowc.nets.plotting.request import Ready, Span, Wish
    from flowc.plots.plot import Plot

ENDINGS = {form: form for form in FORMATS}
ACTIVATIONS = "activations"  # in place of a diagram
LENGTHS = ("steps", "epochs")  # settings that `--steps` says in its own way
USAGE = """flowc plot activations [NAME ...] [options]
       flowc plot FILE --activations | --fit | --regions [NODE ...] | --loss WEIGHT [WEIGHT] [options]"""
PLAIN = re.compile(r"-[\d.].*")  # a word that argparse is to take for a value, as the -1,2 of `--range -1,2`


def configure(parser: argparse.ArgumentParser) -> None:
    parser.usage = USAGE
    parser._negative_number_matcher = PLAIN
    parser.add_argument("file", metavar="FILE", nargs="?", type=INPUT, help="the diagram; `-` is standard input")
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="after `activations`: functions, as `relu` or `leaky_relu(0.1)`"
    )
    _add_what(parser)
    _add_how(parser)
    add_options(parser, FORMATS)
    parser.set_defaults(format=None)
    method_options.configure(parser, apart=LENGTHS)


def _add_what(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is plotted")
    group.add_argument(
        "--activations", action="store_true", help="the diagram's activation functions, and their slopes"
    )
    group.add_argument(
        "--fit", action="store_true", help="of one input and one output: the curve after some steps, and the data"
    )
    group.add_argument(
        "--regions", metavar="NODE", nargs="*", help="of two inputs: where a node says what; the outputs by default"
    )
    group.add_argument(
        "--loss", metavar="WEIGHT", nargs="+", help="the loss along a weight or over two, and the descent"
    )


def _add_how(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", type=OUTPUT, help=f"a file; its ending says the format: .{' .'.join(FORMATS)}")
    steps = "steps of learning: those of the curves of `--fit`, as 0,100,2000; before `--regions`; of the descent of `--loss`"
    parser.add_argument("--steps", metavar="N,...", type=_read_steps, help=steps)
    parser.add_argument(
        "--soft", action="store_true", help="shades of a node's value, and the line where it is one half"
    )
    parser.add_argument(
        "--others", choices=("learnt", "start"), help="where `--loss` leaves the other weights; as learnt by default"
    )
    shown = "what the axes show, as -1,2; given twice, the horizontal and the vertical one"
    parser.add_argument("--range", metavar="FROM,TO", type=_read_range, action="append", default=[], help=shown)
    parser.add_argument("--theme", choices=("light", "dark", "print"), default="light", help="light by default")
    parser.add_argument("--width", metavar="PIXELS", type=positive_number, help="of a PNG")


def _read_steps(text: str) -> tuple[int, ...]:
    """Raises argparse.ArgumentTypeError."""
    return tuple(sorted({whole_number(word.strip()) for word in text.split(",")}))


def _read_range(text: str) -> Span:
    """Raises argparse.ArgumentTypeError."""
    from flowc.nets.plotting.request import LARGEST, is_range

    try:
        low, high = (float(word) for word in text.split(","))
    except ValueError:
        low = high = 0.0
    if not is_range(low, high) or "_" in text:
        raise argparse.ArgumentTypeError(f"`{text}` is no range from a number to a larger one, as -1,2, up to {LARGEST:g}")
    return low, high


def run(chosen: argparse.Namespace) -> int:
    form = formats.form(chosen.format, chosen.output, ENDINGS, "svg")
    kind = _kind_asked(chosen)
    _check_options(chosen, form, kind)
    try:
        return _write_plot(chosen, _plot_of(chosen, kind), form)
    except FloatingPointError as error:
        say(f"flowc: {error}")
        return PROBLEMS
    except (ValueError, ModuleNotFoundError) as error:
        raise Trouble(str(error)) from None


def _kind_asked(chosen: argparse.Namespace) -> str:
    """What is plotted. Raises Trouble."""
    asked = [kind for kind in ("activations", "fit", "regions", "loss") if getattr(chosen, kind) not in (False, None)]
    shown = " and ".join(f"`--{kind}`" for kind in asked)
    if len(asked) > 1:
        raise Trouble(f"{shown} are plots of their own; ask for one")
    if chosen.file is None:
        explanation = f"; after {shown} its words were taken for names" if asked in (["regions"], ["loss"]) else ""
        raise Trouble(f"name the diagram first, `flowc plot FILE --regions`, or `flowc plot activations`{explanation}")
    if chosen.file == ACTIVATIONS:
        if asked not in ([], ["activations"]):
            raise Trouble(f"`activations` is no diagram, for {shown}; a file of that name is `./activations`")
        return "activations"
    if chosen.names:
        raise Trouble(
            f"`{chosen.names[0]}` is one word too many; nodes stand after `--regions`, weights after `--loss`"
        )
    if not asked:
        raise Trouble(
            f"say what is to be plotted of `{chosen.file}`: `--activations`, `--fit`, `--regions` or `--loss WEIGHT`"
        )
    return asked[0]


def _check_options(chosen: argparse.Namespace, form: str, kind: str) -> None:
    """Before any work. Raises Trouble."""
    from flowc.doors.cli.terminal import is_terminal

    if chosen.output in (None, "-") and is_terminal(sys.stdout):
        raise Trouble(f"a plot is written to a file; name one, `-o plot.{form}`")
    if chosen.width and form != "png":
        raise Trouble("`--width` is of a PNG; the other formats have no pixels")
    for option, value, plot_kind in (("soft", chosen.soft, "regions"), ("others", chosen.others, "loss")):
        if value and kind != plot_kind:
            raise Trouble(f"`--{option}` is of `--{plot_kind}`")
    if kind == "activations" and (idle := _idle_option(chosen)):
        raise Trouble(
            f"`--{idle.replace('_', '-')}` says nothing of functions, which are drawn as they are; leave it away"
        )
    if len(chosen.range) > 2:
        raise Trouble("`--range` is given more than twice; a plot has two axes")


def _idle_option(chosen: argparse.Namespace) -> str | None:
    """An option of what is computed from data and weights, which no function has."""
    names = [name for name in ("weights", "data", "row", "device", "seed") if getattr(chosen, name) is not None]
    names += method_options.given(chosen) + ["set"] * (chosen.file == ACTIVATIONS and bool(chosen.set))
    return next(iter(names), None)


def _plot_of(chosen: argparse.Namespace, kind: str) -> Plot:
    """Raises Trouble, FlowError, ValueError, FloatingPointError."""
    from flowc.nets.plotting.plot import check_kind, plot_of_kind
    from flowc.nets.plotting.request import Wish

    check_kind(kind)
    names = tuple(chosen.names if kind == "activations" else getattr(chosen, kind, None) or ()) if kind != "fit" else ()
    wish = Wish(names, chosen.steps, tuple(chosen.range), chosen.soft, chosen.others or "learnt", None, chosen.theme)
    if kind == "activations":
        network = None if chosen.file == ACTIVATIONS else read_diagram(chosen.file, settings(chosen.set)).network
        return plot_of_kind(kind, wish, network=network)
    ready = _make_ready(chosen, kind)
    return plot_of_kind(kind, _with_training(wish, ready, chosen), ready)


def _make_ready(chosen: argparse.Namespace, kind: str) -> Ready:
    from flowc.nets.plotting.request import Ready

    prepared = prepare(chosen, targets=False)
    if kind == "regions" and chosen.steps is None:
        tell_of_draws(prepared.diagram, chosen)
    return Ready(prepared.diagram, prepared.net, prepared.weights, prepared.data, bool(chosen.weights))


def _with_training(wish: Wish, ready: Ready, chosen: argparse.Namespace) -> Wish:
    """With the way to learn that is chosen. Raises Trouble."""
    from dataclasses import replace

    return replace(wish, training=method_options.training(ready.network.train, chosen, LENGTHS))


def _write_plot(chosen: argparse.Namespace, plot: Plot, form: str) -> int:
    from flowc.plots.ink import as_bytes

    content = as_bytes(plot, form, chosen.width)
    if plot.foreign:
        say(f"flowc: no font has {' '.join(plot.foreign)}; a box stands for it")
    if chosen.output in (None, "-"):
        put(content)
    else:
        write_whole(chosen.output, content)
    return FINE
