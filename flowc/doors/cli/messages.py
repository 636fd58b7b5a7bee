"""Diagnostics on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.render import as_text
from flowc.doors.cli.errors import show
from flowc.doors.cli.terminal import coloured
from flowc.source import Source


def tell(source: Source, diagnostics: Iterable[Diagnostic]) -> None:
    """The diagnostics on standard error."""
    if text := as_text(source, diagnostics, coloured(sys.stderr)):
        show(text)
