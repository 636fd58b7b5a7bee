"""`render`: a diagram as a picture or as equations; the command line, notebooks and documents call it with the same options."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Literal

from flowc.diagnostics.shorten import in_code
from flowc.diagnostics.suggest import closest
from flowc.drawing.draw import Drawing, Show, draw, draw_steps
from flowc.drawing.fonts import NoLettering
from flowc.drawing.formats import FORMATS, Ink, check_ink
from flowc.drawing.picture import Picture
from flowc.drawing.raster import NoRaster
from flowc.drawing.sketch import LEAST
from flowc.nets.arguments import check_names, is_one_of
from flowc.nets.opened import Opened, opened_file, opened_text
from flowc.records import Record

if TYPE_CHECKING:
    from flowc.drawing.numbers import Numbers

Shows = Show | Literal["steps"]
EQUATIONS = ("text", "latex", "mathml", "markdown")
CHOICES: Mapping[str, tuple[Any, ...]] = {
    "direction": ("right", "up"),
    "vectors": ("column", "circle"),
    "show": ("structure", "values", "gradients", "steps"),
    "theme": ("light", "dark", "print", "auto"),
}
KINDS: Mapping[str, Any] = {
    "values": Mapping, "weights": Mapping, "alt": str, "name": str, "legend": bool, "background": bool, "loss": bool,
    "standalone": bool, "id_prefix": str,
}  # fmt: skip
WIDEST = 20_000  # pixels of a PNG
EXTRA = "pictures need `pip install flowc[draw]`"


class Token(Record):
    """Whose numbers are shown; who gives a token wants to see its values. values: inputs and targets by name, as on the
    command line; else the row of the diagram's data, from 1. weights: learnt ones by name; None: where they start, by the seed."""

    values: Mapping[str, Any] | None = None
    row: int | None = None
    weights: Mapping[str, Any] | None = None
    seed: int | None = None


OPTIONS = {f.name: kind for kind in (Drawing, Ink, Token) for f in fields(kind)}


def render(source: Opened | str | os.PathLike[str], format: str = "svg", **options: Any) -> Any:
    """A diagram as text or bytes; with `show="steps"` a tuple of them where the format cannot have all in one, as SVG and PNG.

    source: a flow, the path of a `.flow` file, or the text of one. format: svg, pdf, png, tikz; or text, latex, mathml,
    markdown, which are its equations. options: of pictures the fields of `Drawing`, `Ink` and `Token`, of equations those of
    `Flow.equations`. Raises ValueError for what there is not, FlowError, and ModuleNotFoundError without the extra `draw`.
    """
    diagram = as_opened(source)
    check_names(format=format)
    if format in EQUATIONS:
        from flowc.doors.equations import equations_of

        return equations_of(diagram, format, **options)
    if format not in FORMATS:
        raise ValueError(f"there is no format `{format}`; {', '.join((*FORMATS, *EQUATIONS))}")
    check_ink(_sorted_out(options)[1], format)
    pictures, ink = drawn(diagram, options)
    try:
        texts = files_of(pictures, format, ink)
    except (NoLettering, NoRaster):
        raise ModuleNotFoundError(EXTRA) from None
    return texts if ink.show == "steps" and FORMATS[format].write_steps is None else texts[0]


def drawn(diagram: Opened, options: Mapping[str, Any]) -> tuple[tuple[Picture, ...], Ink]:
    """The pictures that the options of `render` ask for, not yet in ink. Raises as `render`."""
    how, ink, token = _sorted_out(options)
    try:
        return pictures_of(diagram, how, ink.show, _numbers_shown(diagram, token) if ink.show != "structure" else None), ink
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
        assert numbers is not None
        return draw_steps(diagram.network, how, numbers)
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


def _sorted_out(options: Mapping[str, Any]) -> tuple[Drawing, Ink, Token]:
    """The options as records. Raises ValueError for one that there is not, or that cannot have its value."""
    for name, value in options.items():
        if name not in OPTIONS:
            nearest = closest(name, OPTIONS)
            raise ValueError(f"there is no option `{name}`; {f'did you mean `{nearest}`?' if nearest else ', '.join(OPTIONS)}")
        if name in CHOICES and not is_one_of(value, CHOICES[name]):
            raise ValueError(f"`{name}` is one of {', '.join(CHOICES[name])}, not {in_code(value)}")
    _check_number("many", options.get("many", 8), LEAST)
    if options.get("width") is not None:
        _check_number("width", options["width"], 1, WIDEST)
    if options.get("row") is not None:
        _check_number("row", options["row"], 1)
    for name, kinds in KINDS.items():
        if options.get(name) is not None and not isinstance(options[name], kinds):
            raise ValueError(f"`{name}` cannot be {options[name]!r}")
    token = any(options.get(f.name) is not None for f in fields(Token))
    options = {"show": "values" if token else "structure", **options}
    parts: list[Any] = [replace(kind(), **_options_of(kind, options)) for kind in (Drawing, Ink, Token)]
    return parts[0], parts[1], parts[2]


def _check_number(name: str, value: Any, least: int, most: int | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least or most is not None and value > most:
        raise ValueError(f"`{name}` is a whole number from {least} {f'to {most}' if most else 'on'}, not {value!r}")


def _options_of(kind: type, options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if OPTIONS[name] is kind}


def _numbers_shown(diagram: Opened, token: Token) -> Numbers:
    """Raises ValueError, FloatingPointError."""
    from flowc.data.dataset import BadData

    try:
        arrays = _arrays_of_token(diagram, token)
    except BadData as error:
        raise ValueError(str(error)) from None
    if token.weights is None:
        from flowc.nets.net import Net

        return numbers_of(diagram, Net(diagram).init(_seed_of(diagram, token)), arrays)
    from flowc.nets.inputs import given_weights

    try:
        weights = given_weights(diagram.network, token.weights)
    except TypeError as error:
        raise ValueError(str(error)) from None
    return numbers_of(diagram, weights, arrays)


def numbers_of(diagram: Opened, weights: Mapping[str, Any], arrays: Mapping[str, Any]) -> Numbers:
    """What a picture shows of one token. Raises FloatingPointError."""
    from flowc.drawing.numbers import numbers
    from flowc.nets.net import Net

    return numbers(diagram.network, {**weights, **Net(diagram).fixed}, arrays)


def _seed_of(diagram: Opened, token: Token) -> int:
    return diagram.network.seed if token.seed is None else token.seed


def _arrays_of_token(diagram: Opened, token: Token) -> Mapping[str, Any]:
    """Raises ValueError, BadData."""
    if token.values is not None:
        from flowc.data.word_data import read_words

        assignments = [word for name, value in token.values.items() for word in _words_of(name, value)]
        return read_words(diagram.network, assignments, targets=False).arrays
    from flowc.nets.diagram_data import diagram_data

    data = diagram_data(diagram, "train", _seed_of(diagram, token)) or diagram_data(diagram, "test", _seed_of(diagram, token))
    if data is None:
        raise ValueError(f"{diagram.without_data}; give values, as `values={{'x': 0}}`")
    row = 1 if token.row is None else token.row
    if not 1 <= row <= data.tokens:
        raise ValueError(f"there is no row {row}; {data.name} has {data.tokens}")
    return data.take([row - 1]).arrays


def _words_of(name: str, value: Any) -> Iterable[str]:
    """A value as the command line gives it."""
    if isinstance(value, str):
        return [f"{name}={value}"]
    from numpy import asarray, ndindex

    array = asarray(value)
    if array.ndim <= 1:
        return [f"{name}={','.join(str(n) for n in array.ravel().tolist())}"]
    return [f"{name}[{','.join(str(k + 1) for k in at)}]={array[at]}" for at in ndindex(*array.shape)]
