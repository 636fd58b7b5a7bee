"""Diagnostics: problems as data (`diagnostic`), their catalogue (`codes`), their one renderer (`render`)."""

from flowc.diagnostics.diagnostic import Diagnostic, Note, Severity
from flowc.diagnostics.error import FlowError

__all__ = ["Diagnostic", "FlowError", "Note", "Severity"]
