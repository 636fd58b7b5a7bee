"""A diagnostic is data: what was found, where, and the way out. It is rendered in `render.py` alone."""

from __future__ import annotations

from typing import Literal

from flowc.records import Record
from flowc.source import Span

Severity = Literal["error", "warning"]


class Note(Record):
    """A second place that explains the first, as where a name was declared before."""

    message: str
    span: Span | None = None


class Diagnostic(Record):
    """One problem. `code` is an entry of the catalogue in `codes/`; `hint` is the way out."""

    code: str
    message: str
    span: Span
    severity: Severity = "error"
    notes: tuple[Note, ...] = ()
    hint: str = ""
