"""Whether a stream is a terminal, and wants colours."""

from __future__ import annotations

import os
from typing import TextIO


def coloured(stream: TextIO | None) -> bool:
    """Whether a stream wants colours: it is a terminal, and neither NO_COLOR nor TERM says otherwise."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):  # it is something else, or closed
        return False
