"""How flows and pictures show themselves in a notebook."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from flowc.drawing.formats import FORMATS, Ink
from flowc.nets.mimes import HTML, PNG, SVG, TEXT, Bundle, Mimes, is_wanted, make_bundle
from flowc.nets.opened import Opened

if TYPE_CHECKING:
    from flowc.drawing.picture import Picture

OF_MIME = {f.mime: f for f in FORMATS.values() if f.mime}
MOST_PARTS = 20_000  # nodes and weights; of more no picture is made unasked


@dataclass(frozen=True)
class Shown:
    """A picture of a flow that shows itself; what `flow.show(...)` gives."""

    flow: Opened = field(repr=False)
    picture: Picture = field(repr=False)
    ink: Ink = field(repr=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.picture.warnings

    def __repr__(self) -> str:
        return self.picture.alt

    def _repr_mimebundle_(self, include: Mimes = None, exclude: Mimes = None, **_: Any) -> Bundle:
        makers = {mime: cache(partial(self._inked, mime)) for mime in OF_MIME}
        html = {HTML: partial(self._as_html, makers[SVG])}
        data = make_bundle({TEXT: self.__repr__, **makers, **html}, include, exclude)
        width, height = map(round, self.picture.size)
        return data, {PNG: {"width": width, "height": height, "alt": self.picture.alt}} if PNG in data else {}

    def _as_html(self, make_svg: Callable[[], str | None]) -> str | None:
        """As wide as the column at most, and with its sentence also where a notebook is exported, where an SVG alone has none."""
        from flowc.doors.documents.blocks import Image
        from flowc.doors.documents.html import print_image

        svg = make_svg()
        return None if svg is None else print_image(Image("svg", svg.encode(), self.picture.alt, description=self.picture.description))

    def _inked(self, mime: str) -> str | None:
        """Bytes as base64, as a notebook's file has them; None where the library is not installed.

        The page is behind it: a light picture without it cannot be read on a dark page.
        """
        from flowc.doors.rendering import inked
        from flowc.drawing.raster import NoRaster

        theme = "light" if self.ink.theme == "auto" and "auto" not in OF_MIME[mime].has else self.ink.theme
        ink = replace(self.ink, theme=theme, background=self.ink.background is not False)
        try:
            contents = inked(self.picture, OF_MIME[mime].name, ink)
        except NoRaster:
            return None
        return b64encode(contents).decode("ascii") if isinstance(contents, bytes) else contents


class Steps(tuple[Shown, ...]):
    """The pictures of `show="steps"`, one below the other."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self)


def show(flow: Opened, options: Mapping[str, Any]) -> Shown | Steps:
    """A flow with the options of `render`. Raises as that."""
    from flowc.doors.rendering import drawn

    pictures, ink = drawn(flow, options)
    if ink.show != "steps":
        return Shown(flow, pictures[0], ink)
    return Steps(Shown(flow, picture, ink) for picture in pictures)


def of_flow(flow: Opened, include: Mimes, exclude: Mimes) -> Bundle:
    """As it is drawn without options; as text alone where it cannot be drawn here, or is very large."""
    network = flow.network
    words = make_bundle({TEXT: lambda: repr(flow)}, include, exclude)
    if len(network.nodes) + len(network.weights) > MOST_PARTS or not any(is_wanted(m, include, exclude) for m in (*OF_MIME, HTML)):
        return words, {}
    try:
        picture = show(flow, {})
    except ModuleNotFoundError:  # the extra `draw`
        return words, {}
    assert isinstance(picture, Shown)
    data, how = picture._repr_mimebundle_(include, exclude)
    return data | words, how


