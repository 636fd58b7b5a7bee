"""PNG and PDF from an SVG, by typst: the PDF is vector and tagged, with its alt text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PAGE = """#set document(title: {title}, date: none)
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)
#image("picture.svg", width: {width}pt, height: {height}pt, alt: {alt})
"""
SCALE = 0.75  # pt of a px


class NoRaster(Exception):
    """What makes PNG and PDF is not installed."""


def as_pdf(svg: str, size: tuple[float, float], title: str, alt: str) -> bytes:
    """Raises NoRaster."""
    return _compile_svg(svg, size, title, alt, format="pdf")


def as_png(svg: str, size: tuple[float, float], width: int | None = None) -> bytes:
    """`width` in pixels; None: two for each px of the picture. Raises NoRaster."""
    pixels = width or 2 * size[0]
    return _compile_svg(svg, size, "", "", format="png", ppi=72 * pixels / (SCALE * size[0]))


def _compile_svg(svg: str, size: tuple[float, float], title: str, alt: str, **how: Any) -> bytes:
    page = PAGE.format(width=SCALE * size[0], height=SCALE * size[1], title=_typst_string(title), alt=_typst_string(alt))
    return typeset(page, {"picture.svg": svg.encode()}, **how)


def typeset(page: str, files: Mapping[str, bytes], **how: Any) -> bytes:
    """A page in typst's language, with the files that it names. Raises NoRaster."""
    try:
        import typst
    except ImportError:
        raise NoRaster from None
    document = typst.compile({"main.typ": page.encode(), **files}, **how)
    assert isinstance(document, bytes)
    return document


def _typst_string(words: str) -> str:
    """A string of typst: as JSON where no sign needs to be spelled out."""
    return json.dumps("".join(c if c.isprintable() else " " for c in words), ensure_ascii=False)
