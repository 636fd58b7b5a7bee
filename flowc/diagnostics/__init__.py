"""Diagnostics: problems as data (`diagnostic`), their catalogue (`codes`), their one renderer (`render`)."""

from flowc.diagnostics.diagnostic import Diagnostic, FlowError, Note, Severity

__all__ = ["Diagnostic", "FlowError", "Note", "Severity"]
