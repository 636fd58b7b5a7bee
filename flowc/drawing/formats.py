"""How pictures are written: one record for each format, from which options, checks, endings and notebooks follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from flowc.drawing.page import as_page_part
from flowc.drawing.picture import Picture
from flowc.drawing.raster import Page, as_pdf, as_png
from flowc.drawing.svg import as_svg
from flowc.drawing.tikz import as_tikz_steps
from flowc.records import Record

PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Ink(Record):
    """show: "structure", "values", "gradients", "backprop" or "steps". theme: "light", "dark", "print"; "auto" is light, and dark where
    a reader of the SVG prefers that. background: the page's colour behind the picture; None: behind a PNG, and a dark picture in TikZ. width: of a PNG, in pixels.
    standalone: TikZ as a document of its own. id_prefix: of an SVG's ids; None: one that no other picture of a page has.
    """

    show: Literal["structure", "values", "gradients", "backprop", "steps"] = "structure"
    theme: str = "light"
    background: bool | None = None
    width: int | None = None
    standalone: bool = False
    id_prefix: str | None = None


class Format(Record):
    """`write` gives a picture's text or bytes, and may raise raster.NoRaster. `title`: as sentences name it. `endings`: of
    its files. `write_steps`: how it has several steps in one file; None: they are files of their own. `has`: what of an ink
    not all formats have: "width", "standalone", "id_prefix", the theme "auto". `mime`: its type in a notebook, "" where it is
    not for one. `binary`: it is no text, and not for a terminal.
    """

    name: str
    title: str
    write: Callable[[Picture, Ink], str | bytes]
    endings: tuple[str, ...]
    write_steps: Callable[[Sequence[Picture], Ink], str | bytes] | None = None
    has: tuple[str, ...] = ()
    mime: str = ""
    binary: bool = False


def _svg(picture: Picture, ink: Ink) -> str:
    return as_svg(picture, ink.theme, bool(ink.background), ink.id_prefix)


def _pdf(pictures: Sequence[Picture], ink: Ink) -> bytes:
    return as_pdf([Page(_svg(picture, ink), picture.size, picture.alt) for picture in pictures], pictures[0].name)


def _png(picture: Picture, ink: Ink) -> bytes:
    return as_png(Page(as_svg(picture, ink.theme, ink.background is not False), picture.size), ink.width)


def _tikz(pictures: Sequence[Picture], ink: Ink) -> str:
    dark = ink.theme == "dark" if ink.background is None else ink.background
    return as_tikz_steps(pictures, ink.theme, ink.standalone, dark)


def _html(pictures: Sequence[Picture], ink: Ink) -> str:
    return as_page_part(pictures, ink.theme, bool(ink.background), ink.id_prefix)


def _single(write_steps: Callable[[Sequence[Picture], Ink], str | bytes]) -> Callable[[Picture, Ink], str | bytes]:
    """One picture, as steps of which there is one."""
    return lambda picture, ink: write_steps([picture], ink)


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("svg", "an SVG", _svg, ("svg",), has=("auto", "id_prefix"), mime="image/svg+xml"),
        Format("pdf", "a PDF", _single(_pdf), ("pdf",), write_steps=_pdf, mime="application/pdf", binary=True),
        Format("png", "a PNG", _png, ("png",), has=("width",), mime="image/png", binary=True),
        # as text/latex it would take the picture's place
        Format("tikz", "TikZ", _single(_tikz), ("tikz", "tex"), write_steps=_tikz, has=("standalone",)),
        Format("html", "HTML", _single(_html), ("html",), write_steps=_html, has=("auto", "id_prefix")),
    )
}


def check_ink(ink: Ink, format: str) -> None:
    """Raises ValueError for what a format does not have."""
    there = FORMATS[format].has
    if ink.width and "width" not in there:
        raise ValueError(f"the width is of {_titles('width')}; the other formats have no pixels")
    if ink.standalone and "standalone" not in there:
        raise ValueError(f"only {_titles('standalone')} can be a standalone document")
    if ink.theme == "auto" and "auto" not in there:
        raise ValueError(f"only {_titles('auto')} can change with its reader; the theme is light, dark or print")
    if ink.id_prefix is not None and "id_prefix" not in there:
        raise ValueError(f"ids are of {_titles('id_prefix')}; leave `id_prefix` away")
    if ink.id_prefix is not None and not PREFIX.fullmatch(ink.id_prefix):
        raise ValueError(f"`{ink.id_prefix}` cannot begin an id: a letter, then letters, digits, `_` and `-` of ASCII")


def _titles(what: str) -> str:
    return " or ".join(f.title for f in FORMATS.values() if what in f.has)
