"""What was written: from bytes to the tree, and back to text. The only room that knows lark."""

from __future__ import annotations

from typing import Any

from flowc.syntax.text import decode

__all__ = ["decode", "format_source", "parse", "parse_with_warnings", "unparse"]

_HOMES = {"parse": "parser", "parse_with_warnings": "parser", "format_source": "format", "unparse": "expressions"}


def __getattr__(name: str) -> Any:
    """Imported on demand: who needs only the tree's classes does not wait for lark."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f"flowc.syntax.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
