"""`flowc draw`"""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from flowc.doors.cli import formats
from flowc.doors.cli.errors import FINE, PROBLEMS, Trouble, say
from flowc.doors.cli.files import put, write_together
from flowc.doors.cli.path_types import INPUT, OUTPUT
from flowc.doors.cli.prepare import prepare, read_diagram, tell_of_draws
from flowc.doors.cli.settings import setting, settings
from flowc.doors.cli.shared_options import positive_number, row_number, whole_number
from flowc.doors.cli.terminal import is_terminal
from flowc.doors.rendering import CHOICES, EXTRA, WIDEST, Shows, files_of, inked, numbers_of, pictures_of
from flowc.drawing.draw import Drawing
from flowc.drawing.fonts import NoLettering
from flowc.drawing.formats import FORMATS, Ink, check_ink
from flowc.drawing.raster import NoRaster
from flowc.drawing.sketch import LEAST

if TYPE_CHECKING:
    from flowc.drawing.picture import Picture

NUMBER = re.compile(r"%\d*d")  # where the names of steps have theirs
ENDINGS = {ending: f.name for f in FORMATS.values() for ending in f.endings}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    values = "inputs and targets whose numbers are shown: `x1=0`, `x=1,2`, `y=cat`"
    parser.add_argument("values", metavar="NAME=VALUE", nargs="*", default=[], help=values)
    parser.add_argument("-o", "--output", metavar="FILE", type=OUTPUT, help=f"a file; its ending says the format: .{' .'.join(ENDINGS)}")
    parser.add_argument("--format", choices=tuple(FORMATS), help="svg by default")
    _add_what(parser)
    _add_how(parser)
    _add_numbers(parser)


def _add_what(parser: argparse.ArgumentParser) -> None:
    show = parser.add_argument("--show", choices=CHOICES["show"])
    show.help = "numbers of one token; steps: forward and backward, one PDF or TikZ, else numbered files; values where some are given"
    parser.add_argument("--loss", action="store_true", help="targets and the loss, too")
    parser.add_argument("--vectors", choices=CHOICES["vectors"], default="column", help="a vector as a column, or one circle")
    what = "of a layer with more circles the middle is dots; 8"
    parser.add_argument("--many", metavar="N", type=_read_count, default=8, help=what)
    parser.add_argument("--legend", action=argparse.BooleanOptionalAction, help="always, or never; where needed by default")
    parser.add_argument("--alt", metavar="TEXT", help="the sentence for those who do not see it, in place of flowc's")


def _add_how(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--direction", choices=CHOICES["direction"], default="right", help="where the arrows lead")
    parser.add_argument("--theme", choices=CHOICES["theme"], default="light", help="light by default")
    behind = "the page's colour behind the picture; by default behind a PNG"
    parser.add_argument("--background", action=argparse.BooleanOptionalAction, help=behind)
    parser.add_argument("--width", metavar="PIXELS", type=positive_number, help="of a PNG")
    parser.add_argument("--standalone", action="store_true", help="TikZ as a document of its own")
    parser.add_argument("--id-prefix", metavar="NAME", help="of an SVG's ids, as fig1; by default no two pictures share one")


def _add_numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="FILE", type=INPUT, help="a `.csv`, `.tsv` or `.npz` file in place of the diagram's data")
    parser.add_argument("--row", metavar="N", type=row_number, help="the row of the data; the first by default")
    parser.add_argument("--weights", metavar="FILE", type=INPUT, help="learnt weights, a `.safetensors` file that `train -o` writes")
    parser.add_argument("--seed", metavar="N", type=whole_number, help="of the weights' draws")
    parser.add_argument("--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index")
    parser.set_defaults(backend="numpy", dtype="float64", device=None)


def _read_count(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    number = whole_number(text)
    if number < LEAST:
        raise argparse.ArgumentTypeError(f"`{text}` is less than {LEAST}, which first, dots and last need")
    return number


def run(chosen: argparse.Namespace) -> int:
    form = formats.form(chosen.format, chosen.output, ENDINGS, "svg")
    show = _shows_of(chosen)
    _check_options(chosen, form, show)
    how = Drawing(chosen.direction, chosen.loss, chosen.vectors, chosen.many, chosen.legend, chosen.alt)
    ink = Ink(show, chosen.theme, chosen.background, chosen.width, chosen.standalone, chosen.id_prefix)
    try:
        check_ink(ink, form)
        _write_pictures(chosen, _draw_pictures(chosen, how, show), form, ink)
    except FloatingPointError as error:
        say(f"flowc: {error}")
        return PROBLEMS
    except (NoLettering, NoRaster):
        raise Trouble(EXTRA) from None
    except ValueError as error:
        raise Trouble(str(error)) from None
    return FINE


def _shows_of(chosen: argparse.Namespace) -> Shows:
    """Whoever gives a token wants to see its values."""
    token = chosen.values or chosen.row is not None or chosen.data or chosen.weights
    show: Shows = chosen.show or ("values" if token else "structure")
    return show


def _check_options(chosen: argparse.Namespace, form: str, show: Shows) -> None:
    """Raises Trouble."""
    many = show == "steps" and FORMATS[form].write_steps is None
    if chosen.output in (None, "-") and (many or FORMATS[form].binary and is_terminal(sys.stdout)):
        raise Trouble(f"{'steps are' if many else f'a {form} is'} written to files; name one, `-o picture.{form}`")
    if chosen.output not in (None, "-") and chosen.format is None and os.path.splitext(chosen.output)[1][1:].lower() not in ENDINGS:
        raise Trouble(f"the name `{chosen.output}` says no format; end it with .{', .'.join(ENDINGS)}, or give `--format`")
    if chosen.width and chosen.width > WIDEST:
        raise Trouble(f"a PNG has at most {WIDEST} pixels in a row")


def _draw_pictures(chosen: argparse.Namespace, how: Drawing, show: Shows) -> tuple[Picture, ...]:
    """Raises Trouble, FlowError, ValueError, FloatingPointError."""
    if show == "structure":
        return pictures_of(read_diagram(chosen.file, settings(chosen.set)), how, show, None)
    prepared = prepare(chosen, targets=False)
    if prepared.data is None and prepared.net.inputs:
        raise Trouble(f"{prepared.diagram.without_data}; give values, as `{formats.example(prepared)}`, or `--data FILE`")
    tell_of_draws(prepared.diagram, chosen)
    arrays: dict[str, Any] = dict(prepared.data.take([0]).arrays) if prepared.data else {}
    numbers = numbers_of(prepared.diagram, prepared.weights, arrays)
    return pictures_of(prepared.diagram, how, show, numbers)


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
