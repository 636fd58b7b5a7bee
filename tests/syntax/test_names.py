"""The spelling of names: what is one name, what is none, what looks like another."""

import pytest
from shapes import parsed

from flowc.diagnostics.error import FlowError
from flowc.source import Source, Span
from flowc.syntax.names import Names, is_name
from flowc.syntax.parser import parse_with_warnings


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("ξ₁", "ξ1"),
        ("x\u0302", "x\u0302"),
        ("y\u0302", "ŷ"),
        ("µ", "μ"),
        ("ﬁx", "fix"),
        ("𝐱", "x"),
        ("ℎ", "h"),
        ("x₁₂", "x12"),
        ("名", "名"),
    ],
)
def test_folding(spelling: str, name: str) -> None:
    names = Names()
    assert names.fold(spelling, Span(0, 1)) == name and not names.problems


@pytest.mark.parametrize("spelling", ["x²", "x⁻", "①", "x½", "²x", "x㉈", "x⑴", "x⁵y"])
def test_no_names(spelling: str) -> None:
    names = Names()
    names.fold(spelling, Span(0, 1))
    assert [p.code for p in names.problems] == ["bad-name"]


@pytest.mark.parametrize(
    ("spelling", "warns"), [("Δx", False), ("σh", False), ("аx", True), ("Αx", True), ("абв", False), ("ξо", True)]
)
def test_mixed_scripts(spelling: str, warns: bool) -> None:
    warnings = parse_with_warnings(Source("t", f"input {spelling}"))[1]
    assert [w.code for w in warnings] == (["mixed-scripts"] if warns else [])


def test_two_encodings_of_one_spelling_are_one_name() -> None:
    assert len(parsed("input ŷ\ny\u0302 -> h : 1")) == 2


def test_two_spellings_are_an_error_with_both_places() -> None:
    with pytest.raises(FlowError) as caught:
        parsed("input ξ₁\nξ1 -> h : 1")
    (problem,) = caught.value.diagnostics
    assert problem.code == "two-spellings" and problem.notes[0].span == Span(6, 8)


def test_what_needs_no_quotes() -> None:
    assert [is_name(text) for text in ("cat", "ξ1", "x̂", "ξ₁", "x²", "a-b", "", "1a", "½")] == [True] * 3 + [False] * 6
