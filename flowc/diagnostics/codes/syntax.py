"""Codes of the syntax stage."""

from __future__ import annotations

from flowc.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = ()
