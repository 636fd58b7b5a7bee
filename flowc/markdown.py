"""Diagrams in MkDocs and Zensical: the formatter and the validator for `custom_fences` of `pymdownx.superfences`."""

from flowc.doors.documents.superfences import fence, validator

__all__ = ["fence", "validator"]
