"""PNG and PDF from SVGs, by typst: the PDF is vector and tagged, with its alt text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flowc.records import Record

DOCUMENT = "#set document(title: {title}, date: none)\n"
PAGE = """#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)
#image("{name}", width: {width}pt, height: {height}pt, alt: {alt})
"""
SCALE = 0.75  # pt of a px


class NoRaster(Exception):
    """What makes PNG and PDF is not installed."""


class Page(Record):
    """A picture in ink, how large it is in px, and its alt text."""

    svg: str
    size: tuple[float, float]
    alt: str = ""


def as_pdf(pages: Sequence[Page], title: str) -> bytes:
    """Raises NoRaster."""
    return _compile_pages(pages, title, format="pdf")


def as_png(page: Page, width: int | None = None) -> bytes:
    """`width` in pixels; None: two for each px of the picture. Raises NoRaster."""
    pixels = width or 2 * page.size[0]
    return _compile_pages([page], "", format="png", ppi=72 * pixels / (SCALE * page.size[0]))


def _compile_pages(pages: Sequence[Page], title: str, **how: Any) -> bytes:
    files = {f"{k}.svg": page.svg.encode() for k, page in enumerate(pages)}
    texts = [
        PAGE.format(name=name, width=SCALE * page.size[0], height=SCALE * page.size[1], alt=typst_string(page.alt))
        for name, page in zip(files, pages, strict=True)
    ]
    return typeset(DOCUMENT.format(title=typst_string(title)) + "".join(texts), files, **how)


def typeset(page: str, files: Mapping[str, bytes], **how: Any) -> bytes:
    """A page in typst's language, with the files that it names. Raises NoRaster."""
    try:
        import typst
    except ImportError:
        raise NoRaster from None
    document = typst.compile({"main.typ": page.encode(), **files}, **how)
    assert isinstance(document, bytes)
    return document


def typst_string(words: str) -> str:
    """A string of typst: as JSON where no sign needs to be spelled out."""
    return json.dumps("".join(c if c.isprintable() else " " for c in words), ensure_ascii=False)
