"""The formatter changes how a diagram is written, never what it means."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import given

import flowc
from flowc.source import Source, Span
from flowc.syntax import format_source, parse
from flowc.syntax.tree import PlainArrows
from flowc.testing import Diagram
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples


def without_spans(item: Any) -> Any:
    """The same item with every place in the text left out."""
    if isinstance(item, Span | Source):
        return None
    if isinstance(item, PlainArrows):
        return ("PlainArrows", [arrow[:3] for arrow in item.arrows])
    if isinstance(item, tuple | list):
        return [without_spans(part) for part in item]
    if is_dataclass(item):
        return (type(item).__name__, [(f.name, without_spans(getattr(item, f.name))) for f in fields(item)])
    return item


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
    assert without_spans(parse(after)) == without_spans(parse(before))


@examples(30)
@given(diagrams())
def test_the_network_stays(diagram: Diagram) -> None:
    formatted = format_source(Source("t.flow", diagram.text))
    assert without_spans(flowc.loads(formatted).network) == without_spans(flowc.loads(diagram.text).network)
