"""How flows, pictures and nets show themselves in a notebook: in several forms, of which a reader takes the best."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from flowc.doors.api import Flow
    from flowc.doors.net import Net
    from flowc.doors.rendering import Ink
    from flowc.drawing.picture import Picture

TEXT, HTML, SVG, PNG, PDF = "text/plain", "text/html", "image/svg+xml", "image/png", "application/pdf"
FORMATS = {SVG: "svg", PNG: "png", PDF: "pdf"}  # no TikZ: as text/latex it would be shown in place of the picture
MOST_PARTS = 20_000  # nodes and weights; of more no picture is made unasked
MOST_LINES = 2000  # of a source that is shown

Mimes = Collection[str] | None
Bundle = tuple[dict[str, Any], dict[str, Any]]  # type -> content; type -> how it is shown


@dataclass(frozen=True)
class Shown:
    """A picture of a flow that shows itself; what `flow.show(...)` gives."""

    flow: Flow = field(repr=False)
    picture: Picture = field(repr=False)
    ink: Ink = field(repr=False)
    mark: str = field(default="", repr=False)  # keeps the ids of all pictures of a page apart

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.picture.warnings

    def __repr__(self) -> str:
        return self.picture.alt

    def _repr_mimebundle_(self, include: Mimes = None, exclude: Mimes = None, **_: Any) -> Bundle:
        makers = {mime: partial(self._inked, mime) for mime in FORMATS}
        data = _bundle({TEXT: self.__repr__, **makers}, include, exclude)
        width, height = map(round, self.picture.size)
        return data, {PNG: {"width": width, "height": height}} if PNG in data else {}

    def _inked(self, mime: str) -> str | None:
        """Bytes as base64, as a notebook's file has them; None where the library is not installed.

        The page is behind it: a light picture without it cannot be read on a dark page.
        """
        from flowc.doors.rendering import inked
        from flowc.drawing.raster import NoRaster

        theme = "light" if self.ink.theme == "auto" and mime != SVG else self.ink.theme
        own = replace(self.ink, theme=theme, background=self.ink.background is not False)
        picture = replace(self.picture, name=self.picture.name + self.mark) if mime == SVG else self.picture
        try:
            found = inked(picture, FORMATS[mime], own)
        except NoRaster:
            return None
        return b64encode(found).decode("ascii") if isinstance(found, bytes) else found


class Steps(tuple[Shown, ...]):
    """The pictures of `show="steps"`, one below the other."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self)


def show(flow: Flow, options: Mapping[str, Any]) -> Shown | Steps:
    """A flow with the options of `render`. Raises as that."""
    from flowc.doors.rendering import drawn

    pictures, ink = drawn(flow, options)
    mark = "" if options.get("name") else _mark(flow, options)
    if ink.show != "steps":
        return Shown(flow, pictures[0], ink, mark)
    return Steps(Shown(flow, picture, ink, f"{mark}-{k}") for k, picture in enumerate(pictures, 1))


def of_flow(flow: Flow, include: Mimes, exclude: Mimes) -> Bundle:
    """As it is drawn without options; as text alone where it cannot be drawn here, or is very large."""
    network = flow.network
    words = _bundle({TEXT: lambda: repr(flow)}, include, exclude)
    if len(network.nodes) + len(network.weights) > MOST_PARTS or not any(_wanted(m, include, exclude) for m in FORMATS):
        return words, {}
    try:
        picture = show(flow, {})
    except ModuleNotFoundError:  # the extra `draw`
        return words, {}
    assert isinstance(picture, Shown)
    data, how = picture._repr_mimebundle_(include, exclude)
    return data | words, how


def of_net(net: Net, include: Mimes, exclude: Mimes) -> Bundle:
    """Its source, highlighted where Pygments is; of a long one the name alone."""
    if net.source.count("\n") > MOST_LINES:
        return _bundle({TEXT: lambda: repr(net)}, include, exclude), {}
    return _bundle({TEXT: lambda: net.source, HTML: lambda: _highlighted(net.source)}, include, exclude), {}


def _bundle(makers: Mapping[str, Callable[[], Any]], include: Mimes, exclude: Mimes) -> dict[str, Any]:
    """What is wanted and can be made; nothing else is made."""
    found = {mime: make() for mime, make in makers.items() if _wanted(mime, include, exclude)}
    return {mime: content for mime, content in found.items() if content is not None}


def _wanted(mime: str, include: Mimes, exclude: Mimes) -> bool:
    if include:
        return mime in include and mime not in (exclude or ())
    return mime not in (exclude or ()) and (mime == TEXT or _can_show(mime))


def _can_show(mime: str) -> bool:
    """IPython in a terminal asks for everything, and shows text alone."""
    found = sys.modules.get("IPython")
    shell = found.get_ipython() if found else None
    return shell is None or mime in shell.display_formatter.active_types


def _mark(flow: Flow, options: Mapping[str, Any]) -> str:
    """The same for the same picture."""
    told = f"{flow.network.source.text} {flow.settings} {sorted(options.items())}"
    return f"-{crc32(told.encode('utf-8', 'surrogatepass')):08x}"


def _highlighted(source: str) -> str | None:
    """HTML that needs no style sheet, and dark letters on a light ground wherever it stands."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        return None
    ground = "background: #f8f8f8; color: #1a1a1a"
    page = HtmlFormatter(noclasses=True, cssstyles=ground, prestyles=f"{ground}; margin: 0; padding: 0.5em")
    return highlight(source, PythonLexer(), page)
