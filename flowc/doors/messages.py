"""Diagnostics on a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable

from flowc.diagnostics.diagnostic import Diagnostic, FlowError
from flowc.diagnostics.render import as_text
from flowc.doors.guard import PROBLEMS, show
from flowc.source import Source


def coloured(stream) -> bool:
    """Whether a stream wants colours: it is a terminal, and neither NO_COLOR nor TERM says otherwise."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal(stream) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def tell(source: Source, diagnostics: Iterable[Diagnostic]) -> None:
    """The diagnostics on standard error."""
    import sys

    if text := as_text(source, diagnostics, coloured(sys.stderr)):
        show(text)


def tell_all(error: FlowError) -> int:
    """The problems of a diagram, and the exit status that goes with them."""
    tell(error.source, error.diagnostics)
    return PROBLEMS
