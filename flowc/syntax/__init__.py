"""Syntax: what was written, from bytes to the tree and back to text. The only room that knows lark.

text: bytes to characters.  parser: the way through, and in the order it takes: machine (Lark, by the grammar;
table_cache keeps its table), newlines (which of them count), build and build_expressions (a method for each rule),
names, numbers, tables, checks (what the grammar lets pass), chains, limits.  tree: what comes out.
Of a text that does not parse, mistakes: every error, by lines; wording: the words for it.
Back to text, expressions and statements: the one spelling; comments: whose they are; format: all of it.  dump: a tree
to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowc.syntax.text import decode

if TYPE_CHECKING:
    from flowc.syntax.expressions import unparse
    from flowc.syntax.format import format_source
    from flowc.syntax.parser import parse, parse_with_warnings

__all__ = ["decode", "format_source", "parse", "parse_with_warnings", "unparse"]

_HOMES = {"parse": "parser", "parse_with_warnings": "parser", "format_source": "format", "unparse": "expressions"}


def __getattr__(name: str) -> Any:
    """Imported on demand: who needs only the tree's classes does not wait for lark."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f"flowc.syntax.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
