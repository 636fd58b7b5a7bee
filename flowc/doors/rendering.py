"""`render`: a diagram as a picture or as equations; the command line, notebooks and documents call it with the same options."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from flowc.diagnostics.shorten import in_code
from flowc.doors.draw_table import with_table
from flowc.doors.equations import FORMATS as EQUATIONS
from flowc.doors.equations import equations_of
from flowc.doors.picture_options import Shows, as_records, check_options
from flowc.drawing.draw import Drawing, draw, draw_steps
from flowc.drawing.fonts import NoLettering
from flowc.drawing.formats import FORMATS, Ink, check_ink
from flowc.drawing.picture import Picture
from flowc.drawing.raster import NoRaster
from flowc.graph.network import Axis, Network
from flowc.graph.sizes import element_name
from flowc.nets.arguments import check_names
from flowc.nets.opened import Opened, opened_file, opened_text
from flowc.records import Record
from flowc.syntax.names import folded

if TYPE_CHECKING:
    from flowc.drawing.numbers import Numbers

EXTRA = "pictures need `pip install flowc[draw]`"


class Token(Record):
    """Whose numbers are shown; who gives a token wants to see its values. values: inputs and targets by name, as on the
    command line; else the row of the diagram's data, from 1. weights: learnt ones by name; None: where they start, by the seed."""

    values: Mapping[str, Any] | None = None
    row: int | None = None
    weights: Mapping[str, Any] | None = None
    seed: int | None = None


OF_TOKEN = tuple(f.name for f in fields(Token))


def render(source: Opened | str | os.PathLike[str], format: str = "svg", **options: Any) -> Any:
    """A diagram as text or bytes; with `show="steps"` a tuple of them where the format cannot have all in one, as SVG and PNG.

    source: a flow, the path of a `.flow` file, or the text of one. format: svg, pdf, png, tikz, html; or text, latex, mathml,
    markdown, which are its equations. options: of pictures the fields of `Drawing`, `Ink` and `Token`, of equations those of
    `Flow.equations`. What they do not say of pictures, the table `[draw]` of a `flowc.toml` beside the diagram may say.
    Raises ValueError for what there is not, FlowError, and ModuleNotFoundError without the extra `draw`.
    """
    diagram = as_opened(source)
    check_names(format=format)
    if format in EQUATIONS:
        return equations_of(diagram, format, **options)
    if format not in FORMATS:
        raise ValueError(f"there is no format `{format}`; {', '.join((*FORMATS, *EQUATIONS))}")
    check_ink(as_records(_sorted_out(diagram, options)[0])[1], format)
    pictures, ink = drawn(diagram, options)
    try:
        texts = files_of(pictures, format, ink)
    except (NoLettering, NoRaster):
        raise ModuleNotFoundError(EXTRA) from None
    return texts if ink.show == "steps" and FORMATS[format].write_steps is None else texts[0]


def drawn(diagram: Opened, options: Mapping[str, Any]) -> tuple[tuple[Picture, ...], Ink]:
    """The pictures that the options of `render` ask for, not yet in ink. Raises as `render`."""
    of_picture, token = _sorted_out(diagram, options)
    how, ink = as_records(of_picture)
    try:
        return pictures_of(diagram, how, ink.show, _numbers_shown(diagram, token, how, ink.show)), ink
    except NoLettering:
        raise ModuleNotFoundError(EXTRA) from None


def as_opened(source: Opened | str | os.PathLike[str]) -> Opened:
    """The flow itself, in a file, or in a text. Raises FlowError, OSError."""
    if isinstance(source, Opened):
        return source
    if isinstance(source, str) and ("\n" in source or not source.endswith(".flow")):
        return opened_text(source)
    return opened_file(source)


def pictures_of(diagram: Opened, how: Drawing, show: Shows, numbers: Numbers | None) -> tuple[Picture, ...]:
    """Raises ValueError, NoLettering."""
    if show == "steps":
        from flowc.nets.explain_steps import explain_steps

        assert numbers is not None
        return draw_steps(diagram.network, how, numbers, explain_steps(diagram, numbers, how.digits, how.listing))
    return (draw(diagram.network, how, show, numbers),)


def files_of(pictures: Sequence[Picture], format: str, ink: Ink) -> tuple[str | bytes, ...]:
    """Pictures in ink: one file, or one for each step where the format cannot have them all. Raises NoRaster, NoLettering."""
    write_steps = FORMATS[format].write_steps
    if ink.show == "steps" and write_steps is not None:
        return (write_steps(pictures, ink),)
    return tuple(inked(picture, format, ink) for picture in pictures)


def inked(picture: Picture, format: str, ink: Ink) -> str | bytes:
    """A picture in ink. Raises NoRaster."""
    return FORMATS[format].write(picture, ink)


def _sorted_out(diagram: Opened, options: Mapping[str, Any]) -> tuple[dict[str, Any], Token]:
    """The options of the picture, and whose numbers it shows. Raises ValueError for one that there is not, or that cannot
    have its value."""
    checked = check_options(options, OF_TOKEN)
    token = checked_token({name: checked.pop(name) for name in OF_TOKEN if name in checked})
    return with_show(with_table(diagram, checked), token.values is not None or token.row is not None), token


def checked_token(options: Mapping[str, Any]) -> Token:
    """Raises ValueError."""
    if (row := options.get("row")) is not None and (isinstance(row, bool) or not isinstance(row, int) or row < 1):
        raise ValueError(f"`row` is a whole number from 1 on, not {in_code(row)}")
    for name in ("values", "weights"):
        if name in options and not isinstance(options[name], Mapping):
            raise ValueError(f"`{name}` cannot be {in_code(options[name])}")
    return Token(**options)


def with_show(options: dict[str, Any], token: bool) -> dict[str, Any]:
    """Whoever gives a token wants to see its values."""
    return {"show": "values" if token else "structure", **options}


def shows_weights(how: Drawing, show: Shows, weights: bool) -> bool:
    """Whether the structure is drawn with numbers of weights; `weights`: some are given."""
    return show == "structure" and (weights or how.arrows in ("numbers", "both")) and how.arrows != "names"


def _numbers_shown(diagram: Opened, token: Token, how: Drawing, show: Shows) -> Numbers | None:
    """Raises ValueError, FloatingPointError."""
    if show == "structure" and not shows_weights(how, show, token.weights is not None or token.seed is not None):
        return None
    from flowc.data.dataset import BadData

    try:
        weights = weights_of_token(diagram, token)
        return weights_alone(diagram, weights) if show == "structure" else numbers_of(diagram, weights, arrays_of_token(diagram, token))
    except (BadData, TypeError) as error:
        raise ValueError(str(error)) from None


def weights_of_token(diagram: Opened, token: Token) -> Mapping[str, Any]:
    """Raises TypeError, ValueError."""
    if token.weights is None:
        from flowc.nets.net import Net

        return Net(diagram).init(_seed_of(diagram, token))
    from flowc.nets.inputs import given_weights

    return given_weights(diagram.network, token.weights)


def weights_alone(diagram: Opened, weights: Mapping[str, Any]) -> Numbers:
    """What a picture shows without a token."""
    from flowc.drawing.numbers import Numbers
    from flowc.nets.net import Net

    return Numbers(weights={**weights, **Net(diagram).fixed})


def numbers_of(diagram: Opened, weights: Mapping[str, Any], arrays: Mapping[str, Any]) -> Numbers:
    """What a picture shows of one token. Raises FloatingPointError."""
    from flowc.drawing.numbers import numbers
    from flowc.nets.net import Net

    return numbers(diagram.network, {**weights, **Net(diagram).fixed}, arrays)


def _seed_of(diagram: Opened, token: Token) -> int:
    return diagram.network.seed if token.seed is None else token.seed


def arrays_of_token(diagram: Opened, token: Token) -> Mapping[str, Any]:
    """Raises ValueError, BadData."""
    return find_token(diagram, token)[1]


def find_token(diagram: Opened, token: Token) -> tuple[str, Mapping[str, Any]]:
    """Which one it is, in words, and its arrays. Raises ValueError, BadData."""
    if token.values is not None:
        from flowc.data.word_data import read_words

        assignments = [word for name, value in token.values.items() for word in _words_of(diagram.network, name, value)]
        return "the values given", read_words(diagram.network, assignments, targets=False).arrays
    from flowc.nets.diagram_data import diagram_data

    data = diagram_data(diagram, "train", _seed_of(diagram, token)) or diagram_data(diagram, "test", _seed_of(diagram, token))
    if data is None:
        raise ValueError(f"{diagram.without_data}; give values, as `values={{'x': 0}}`")
    row = 1 if token.row is None else token.row
    if not 1 <= row <= data.tokens:
        raise ValueError(f"there is no row {row}; {data.name} has {data.tokens}")
    return f"row {row} of {data.name}", data.take([row - 1]).arrays


def _words_of(network: Network, name: str, value: Any) -> Iterable[str]:
    """A value as the command line gives it, of a matrix each element by its name."""
    if isinstance(value, str):
        return [f"{name}={value}"]
    from numpy import asarray, ndindex

    array = asarray(value)
    if array.ndim <= 1:
        return [f"{name}={','.join(str(n) for n in array.ravel().tolist())}"]
    axes = next((node.axes for node in network.nodes if node.name == folded(name)), ())
    if tuple(map(len, axes)) != array.shape:
        axes = tuple(Axis(1, size) for size in array.shape)
    return [f"{name}[{','.join(map(element_name, axes, at))}]={array[at]}" for at in ndindex(*array.shape)]
