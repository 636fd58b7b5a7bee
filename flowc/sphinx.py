"""The extension of Sphinx: `extensions = ["flowc.sphinx"]`, and `.. flow::` draws diagrams."""

from flowc.doors.documents.sphinx import setup

__all__ = ["setup"]
