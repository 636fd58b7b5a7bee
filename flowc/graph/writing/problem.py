"""What has no text."""

from __future__ import annotations


class NoText(ValueError):
    """A network, or a part of one, that no text means. The message is a sentence about it."""
