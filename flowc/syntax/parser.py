"""`parse`: from a source to its tree, or to all of its syntax errors."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from lark import Token, UnexpectedInput

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.error import FlowError
from flowc.source import Source, Span
from flowc.syntax.limits import MISTAKES
from flowc.syntax.machine import machine
from flowc.syntax.newlines import TooDeep, too_deep
from flowc.syntax.text import check_characters
from flowc.syntax.tree import Comment, Tree

_ONE_AT_A_TIME = Lock()  # the machine's builder holds the state of one parse


def parse(source: Source) -> Tree:
    """The tree of a source. Raises FlowError with every syntax error of the text."""
    return parse_with_warnings(source)[0]


def parse_with_warnings(source: Source) -> tuple[Tree, tuple[Diagnostic, ...]]:
    """The tree, and the warnings about the text. Raises FlowError as `parse` does."""
    check_characters(source)
    with _ONE_AT_A_TIME, without_collector():
        tree, problems = _parse_source(source)
    problems.sort(key=lambda p: p.span)
    if tree is None or any(p.severity == "error" for p in problems):
        raise FlowError(source, tuple(problems[:MISTAKES]))
    if not tree.statements:
        raise FlowError(source, (_empty_diagram(source),))
    return tree, tuple(problems)


def parse_or_none(source: Source) -> Tree | None:
    """The tree of a source, None where `parse` raises; to word what is wrong would take longer than all else."""
    try:
        check_characters(source)
        with _ONE_AT_A_TIME, without_collector():
            tree, problems = _read_tree(source)
    except (FlowError, TooDeep, UnexpectedInput):
        return None
    return tree if tree.statements and all(p.severity != "error" for p in problems) else None


def _parse_source(source: Source) -> tuple[Tree | None, list[Diagnostic]]:
    try:
        return _read_tree(source)
    except TooDeep as error:
        return None, [too_deep(error.span)]
    except UnexpectedInput:
        from flowc.syntax.mistakes import mistakes  # wording is needed for wrong texts alone

        return None, mistakes(source)


def _read_tree(source: Source) -> tuple[Tree, list[Diagnostic]]:
    """Raises TooDeep, UnexpectedInput."""
    lark, build = machine()
    build.begin(source.text)
    statements: Any = lark.parse(source.text)  # the builder's `start`
    comments = tuple(_read_comment(source.text, token) for token in build.comments)
    return Tree(statements, comments), [*build.problems, *build.names.problems]


def _read_comment(text: str, token: Token) -> Comment:
    start = token.start_pos or 0
    own_line = not text[text.rfind("\n", 0, start) + 1 : start].replace(";", "").strip()
    value = token.value.rstrip()
    return Comment(value, own_line, Span(start, start + len(value)))


def _empty_diagram(source: Source) -> Diagnostic:
    only = "only comments" if source.text.strip() else "nothing"
    return Diagnostic(
        "empty-diagram",
        f"the text holds {only}, no statement",
        Span(0, 0),
        hint="a diagram has at least an `input`, an `output`, and an arrow or an equation",
    )


@contextmanager
def without_collector() -> Iterator[None]:
    """No garbage collection: reading makes many objects and no garbage, and collecting would double its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
