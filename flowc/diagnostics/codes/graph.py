"""Codes of the graph stage."""

from __future__ import annotations

from flowc.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = ()
