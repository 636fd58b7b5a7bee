"""Content in several forms, of which a notebook takes the best; a printed source in them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any

TEXT, HTML, SVG, PNG = "text/plain", "text/html", "image/svg+xml", "image/png"
LATEX, MARKDOWN = "text/latex", "text/markdown"
MOST_LINES = 2000  # of a source that is shown
Mimes = Collection[str] | None
Bundle = tuple[dict[str, Any], dict[str, Any]]  # type -> content; type -> how it is shown


def of_source(source: str, name: str, include: Mimes, exclude: Mimes) -> Bundle:
    """Python, highlighted where Pygments is; of a long one the name alone."""
    if source.count("\n") > MOST_LINES:
        return make_bundle({TEXT: lambda: name}, include, exclude), {}
    return make_bundle({TEXT: lambda: source, HTML: lambda: _highlight_source(source)}, include, exclude), {}


def make_bundle(makers: Mapping[str, Callable[[], Any]], include: Mimes, exclude: Mimes) -> dict[str, Any]:
    """What is wanted and can be made; nothing else is made."""
    contents = {mime: make() for mime, make in makers.items() if is_wanted(mime, include, exclude)}
    return {mime: content for mime, content in contents.items() if content is not None}


def is_wanted(mime: str, include: Mimes, exclude: Mimes) -> bool:
    if include:
        return mime in include and mime not in (exclude or ())
    return mime not in (exclude or ()) and (mime == TEXT or _can_show(mime))


def _can_show(mime: str) -> bool:
    """IPython in a terminal asks for everything, and shows text alone."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is None or mime in shell.display_formatter.active_types


def _highlight_source(source: str) -> str | None:
    """HTML that needs no style sheet, and dark letters on a light ground wherever it stands."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        return None
    ground = "background: #f8f8f8; color: #1a1a1a"
    page = HtmlFormatter(noclasses=True, cssstyles=ground, prestyles=f"{ground}; margin: 0; padding: 0.5em")
    html: str = highlight(source, PythonLexer(), page)
    return html
