"""`flowc draw`"""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from flowc.doors.cli import formats
from flowc.doors.cli.declared_files import NAMED, reads
from flowc.doors.cli.errors import FINE, PROBLEMS, Trouble, say
from flowc.doors.cli.files import put, write_together
from flowc.doors.cli.path_types import INPUT, OUTPUT
from flowc.doors.cli.picture_words import add_picture_option, options_of
from flowc.doors.cli.prepare import check_token, net_of, prepare_opened, read_diagram, tell_of_draws, weights_of
from flowc.doors.cli.settings import setting, settings
from flowc.doors.cli.shared_options import row_number, whole_number
from flowc.doors.cli.terminal import is_terminal
from flowc.doors.draw_table import path_of_table, with_table
from flowc.doors.picture_options import HOW, WHAT, Shows, as_records, check_options
from flowc.doors.rendering import (
    EXTRA,
    files_of,
    inked,
    numbers_of,
    pictures_of,
    shows_weights,
    weights_alone,
    with_show,
)
from flowc.drawing.draw import Drawing
from flowc.drawing.fonts import NoLettering
from flowc.drawing.formats import FORMATS, Ink, check_ink
from flowc.drawing.raster import NoRaster

if TYPE_CHECKING:
    from flowc.drawing.picture import Picture
    from flowc.nets.opened import Opened

NUMBER = re.compile(r"%\d*d")  # where the names of steps have theirs
ENDINGS = {ending: f.name for f in FORMATS.values() for ending in f.endings}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    values = "inputs and targets whose numbers are shown: `x1=0`, `x=1,2`, `y=cat`"
    parser.add_argument("values", metavar="NAME=VALUE", nargs="*", default=[], help=values)
    parser.add_argument("-o", "--output", metavar="FILE", type=OUTPUT, help=f"a file; its ending says the format: .{' .'.join(ENDINGS)}")
    parser.add_argument("--format", choices=tuple(FORMATS), help="svg by default")
    parser.add_argument("--watch", action="store_true", help="draw again whenever a file that is read changes, until interrupted")
    for option in (*WHAT, *HOW):
        add_picture_option(parser, option)
    _add_numbers(parser)


def _add_numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="FILE", type=INPUT, help="a `.csv`, `.tsv` or `.npz` file in place of the diagram's data")
    parser.add_argument("--row", metavar="N", type=row_number, help="the row of the data; the first by default")
    parser.add_argument("--weights", metavar="FILE", type=INPUT, help="learnt weights, a `.safetensors` file that `train -o` writes")
    parser.add_argument("--seed", metavar="N", type=whole_number, help="of the weights' draws")
    parser.add_argument("--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index")
    parser.set_defaults(backend="numpy", dtype="float64", device=None)


def run(chosen: argparse.Namespace) -> int:
    if not chosen.watch:
        return _draw(chosen)
    if chosen.file == "-" or chosen.output in (None, "-"):
        raise Trouble("`--watch` draws a file into a file, again and again; name both, `flowc draw net.flow -o net.svg --watch`")
    from flowc.doors.cli.watch import watch

    return watch(lambda: _draw(chosen), chosen.output)


def _draw(chosen: argparse.Namespace) -> int:
    form = formats.form(chosen.format, chosen.output, ENDINGS, "svg")
    check_token(chosen)
    try:
        diagram = read_diagram(chosen.file, settings(chosen.set))
        reads(path_of_table(diagram), NAMED)
        token = bool(chosen.values or chosen.row is not None or chosen.data)
        options = with_show(with_table(diagram, check_options(options_of(chosen))), token or bool(chosen.weights))
        how, ink = as_records(options)
        _check_options(chosen, form, ink.show)
        check_ink(ink, form)
        _write_pictures(chosen, _draw_pictures(diagram, chosen, how, ink.show), form, ink)
    except FloatingPointError as error:
        say(f"flowc: {error}")
        return PROBLEMS
    except (NoLettering, NoRaster):
        raise Trouble(EXTRA) from None
    except ValueError as error:
        raise Trouble(str(error)) from None
    return FINE


def _check_options(chosen: argparse.Namespace, form: str, show: Shows) -> None:
    """Raises Trouble."""
    many = show == "steps" and FORMATS[form].write_steps is None
    if chosen.output in (None, "-") and (many or FORMATS[form].binary and is_terminal(sys.stdout)):
        raise Trouble(f"{'steps are' if many else f'a {form} is'} written to files; name one, `-o picture.{form}`")
    if chosen.output not in (None, "-") and chosen.format is None and os.path.splitext(chosen.output)[1][1:].lower() not in ENDINGS:
        raise Trouble(f"the name `{chosen.output}` says no format; end it with .{', .'.join(ENDINGS)}, or give `--format`")


def _draw_pictures(diagram: Opened, chosen: argparse.Namespace, how: Drawing, show: Shows) -> tuple[Picture, ...]:
    """Raises Trouble, FlowError, ValueError, FloatingPointError."""
    if show == "structure" and not shows_weights(how, show, bool(chosen.weights) or chosen.seed is not None):
        return pictures_of(diagram, how, show, None)
    tell_of_draws(diagram, chosen)
    if show == "structure":
        weights = weights_of(diagram, net_of(diagram, chosen), chosen)
        return pictures_of(diagram, how, show, weights_alone(diagram, weights))
    prepared = prepare_opened(diagram, chosen, targets=False)
    if prepared.data is None and prepared.net.inputs:
        raise Trouble(f"{diagram.without_data}; give values, as `{formats.example(prepared)}`, or `--data FILE`")
    arrays: dict[str, Any] = dict(prepared.data.take([0]).arrays) if prepared.data else {}
    return pictures_of(diagram, how, show, numbers_of(diagram, prepared.weights, arrays))


def _write_pictures(chosen: argparse.Namespace, pictures: tuple[Picture, ...], form: str, ink: Ink) -> None:
    numbered = ink.show == "steps" and (FORMATS[form].write_steps is None or _has_number(chosen.output))
    contents = [inked(picture, form, ink) for picture in pictures] if numbered else files_of(pictures, form, ink)
    for warning in dict.fromkeys(warning for picture in pictures for warning in picture.warnings):
        say(f"flowc: {warning}")
    if chosen.output in (None, "-"):
        put(contents[0])
        return
    paths = _numbered_paths(chosen.output, len(contents)) if numbered else [chosen.output]
    write_together(dict(zip(paths, contents)))


def _has_number(path: str | None) -> bool:
    return NUMBER.search(os.path.basename(path or "")) is not None


def _numbered_paths(path: str, count: int) -> list[str]:
    """`xor-01.svg`, `xor-02.svg`, ...; the number stands where `%d` does."""
    folder, name = os.path.split(path)
    stem, ending = os.path.splitext(name)
    pattern = name if _has_number(path) else f"{stem}-%d{ending}"
    digits = max(2, len(str(count)))
    return [os.path.join(folder, NUMBER.sub(f"{k:0{digits}}", pattern, count=1)) for k in range(1, count + 1)]
