"""Whether a stream is a terminal, and wants colours."""

from __future__ import annotations

import os


def coloured(stream) -> bool:
    """Whether a stream wants colours: it is a terminal, and neither NO_COLOR nor TERM says otherwise."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal(stream) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False
