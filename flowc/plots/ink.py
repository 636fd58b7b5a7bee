"""Plots as files: the same bytes every time, with the title and the sentence for those who do not see it."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Any
from zlib import crc32

from flowc.plots.look import lettered
from flowc.plots.plot import Plot

IDS = re.compile(rb"""( id="| xlink:href="#|url\(#)""")  # where matplotlib names a part, or means one
DPI = 200  # of a PNG whose width nobody says
NOBODY: dict[str, dict[str, Any]] = {  # no date, and no version of matplotlib
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


def as_bytes(plot: Plot, form: str, width: int | None = None) -> bytes:
    """In one of the formats. `width`: of a PNG, in pixels."""
    file = io.BytesIO()
    says = {"pdf": {"Title": plot.title, "Subject": plot.alt}, "png": {"Title": plot.title, "Description": plot.alt}}
    metadata = NOBODY[form] | {name: _line(text) for name, text in says.get(form, {}).items()}
    dpi = width / plot.get_figwidth() if width else DPI
    with lettered(plot.theme):
        plot.savefig(file, format=form, dpi=dpi if form == "png" else 72, metadata=metadata)
    return _told(file.getvalue(), plot) if form == "svg" else file.getvalue()


def _told(svg: bytes, plot: Plot) -> bytes:
    """With the title and the sentence as its first elements."""
    start = svg.index(b"<svg ")
    mark = f"plot-{crc32(svg):08x}"  # keeps the ids of all plots of a page apart
    svg = IDS.sub(rf"\1{mark}-".encode(), svg)
    end = svg.index(b">", start) + 1
    role = f'<svg role="img" aria-labelledby="{mark}-title {mark}-desc" '
    title, alt = (escape(_line(text), quote=False) for text in (plot.title, plot.alt))
    words = f'\n <title id="{mark}-title">{title}</title>\n <desc id="{mark}-desc">{alt}</desc>'
    return svg[:start] + role.encode() + svg[start + 5 : end] + words.encode("utf-8", "replace") + svg[end:]


def _line(text: str) -> str:
    """Words that every format can hold."""
    return "".join(c if c.isprintable() else " " for c in text)
