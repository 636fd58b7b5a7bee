"""The formatter changes how a diagram is written, never what it means."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import given

import flowc
from flowc.source import Source, Span
from flowc.syntax import format_source, parse
from flowc.syntax import tree as t
from flowc.testing import Diagram
from flowc.testing.make import GATED
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples


def without_spans(item: Any) -> Any:
    """The same item with every place in the text left out."""
    if isinstance(item, Span | Source):
        return None
    if isinstance(item, tuple | list):
        return [without_spans(part) for part in item]
    if is_dataclass(item):
        return (type(item).__name__, [(f.name, without_spans(getattr(item, f.name))) for f in fields(item)])
    return item


def written(tree: t.Tree) -> list[Any]:
    """What a text says: an arrow with a number is the same in a run of such lines and alone."""
    statements: list[Any] = []
    for statement in tree.statements:
        if isinstance(statement, t.PlainArrows):
            statements += [arrow[:3] for arrow in statement.arrows]
        else:
            statements.append(_plain(statement) or without_spans(statement))
    return [*statements, without_spans(tree.comments)]


def _plain(statement: t.Statement) -> tuple[str, str, float] | None:
    """`x -> h : 0.5` as runs of such lines hold it."""
    match statement:
        case t.Arrows(((source,), (t.Ref(target, None),)), t.Carried(value, None, None)):
            name = source.name if isinstance(source, t.Ref) and source.index is None else "1"
            match source, value:
                case ((t.Ref(_, None) | t.Number(1)), t.Number(number)):
                    return name, target, number
                case ((t.Ref(_, None) | t.Number(1)), t.Negative(t.Number(number))):
                    return name, target, -number
    return None


@examples(60)
@given(diagrams())
def test_formatting_again_changes_nothing(diagram: Diagram) -> None:
    once = format_source(Source("t.flow", diagram.text))
    assert format_source(Source("t.flow", once)) == once


@examples(60)
@given(diagrams())
def test_the_tree_stays(diagram: Diagram) -> None:
    before = Source("t.flow", diagram.text)
    after = Source("t.flow", format_source(before))
    assert written(parse(after)) == written(parse(before))


@examples(30)
@given(diagrams(without=(*GATED, "layout")))  # to whom a comment belongs may change where statements share a line
def test_the_network_stays(diagram: Diagram) -> None:
    formatted = format_source(Source("t.flow", diagram.text))
    assert without_spans(flowc.loads(formatted).network) == without_spans(flowc.loads(diagram.text).network)
