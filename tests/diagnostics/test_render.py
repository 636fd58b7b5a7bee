"""Diagnostics as people see them."""

import json
import re

from flowc.diagnostics import Diagnostic, FlowError, Note
from flowc.diagnostics.render import WIDTH, as_text
from flowc.diagnostics.reports import as_json
from flowc.source import Source, Span


def shown(text, part, **more):
    """One diagnostic at the first place of `part` in the text."""
    start = text.index(part)
    return as_text(
        Source("a.flow", text), [Diagnostic("some-code", "it is wrong", Span(start, start + len(part)), **more)]
    )


def test_place_line_caret_note_and_hint():
    notes = (Note("declared here", Span(6, 7)), Note("nowhere in the text"))
    assert shown("input x\nf = 2*y + x\n", "y", notes=notes, hint="did you mean `x`?") == (
        "a.flow:2:7: error[some-code]: it is wrong\n"
        "  2 | f = 2*y + x\n"
        "    |       ^\n"
        "  note: a.flow:1:7: declared here\n"
        "  1 | input x\n"
        "    |       ^\n"
        "  note: nowhere in the text\n"
        "  hint: did you mean `x`?"
    )


def caret(text):
    """What stands above the carets."""
    above, carets = text.splitlines()[1:3]
    return above[carets.index("^") : carets.rindex("^") + 1]


def test_the_caret_is_right_after_tabs():
    assert caret(shown("\tf\t= wrong\n", "wrong")) == "wrong"


def test_the_caret_is_right_after_wide_characters():
    above, carets = shown("f = 漢字 + wrong\n", "wrong").splitlines()[1:3]
    assert carets.index("^") == above.index("wrong") + 2  # two characters, four columns
    assert shown("f = 漢字\n", "字").splitlines()[2].count("^") == 2


def test_combining_marks_take_no_column():
    above, carets = shown("x\u0302 = wrong\n", "wrong").splitlines()[1:3]
    assert carets.index("^") == above.index("wrong") - 1


def test_a_long_line_is_cut_around_the_caret():
    for before, after in [(0, 500), (500, 500), (500, 0), (99, 3), (50, 50), (100_000, 100_000)]:
        text = shown("a" * before + "wrong" + "b" * after, "wrong")
        assert max(map(len, text.splitlines())) <= WIDTH + 10
        assert caret(text) == "wrong"


def test_a_long_span_is_cut():
    text = shown("w" * 500, "w" * 500)
    assert max(map(len, text.splitlines())) <= WIDTH + 10 and text.count("^") <= WIDTH


def test_a_long_word_is_cut():
    """Of a message, a note or a hint; a name of the language is never so long."""
    text = shown("input x", "x", notes=(Note("n" * 10_000),), hint=f"write `{'h' * 10_000}` here, or `{'i' * 255}`")
    assert max(map(len, text.splitlines())) < 500 and "i" * 255 in text and f"`{'h' * 79}…{'h' * 19}` here" in text


def test_the_end_of_the_text_has_a_place():
    source = Source("a.flow", "f = (x")
    assert as_text(source, [Diagnostic("c", "m", Span(6, 6))]).endswith("1 | f = (x\n    |       ^")
    assert "a.flow:1:7:" in as_text(source, [Diagnostic("c", "m", Span(99, 100))])
    assert as_text(Source("a.flow", ""), [Diagnostic("c", "m", Span(0, 0))]) == "a.flow:1:1: error[c]: m"


def test_a_span_over_lines_ends_with_its_first():
    assert shown("f = (a\n+ b", "(a\n+ b").splitlines()[2].count("^") == 2


def test_nothing_can_command_the_terminal():
    source = Source("a\x1b[2J.flow", "f = \x1b[31m\u202e\x07x\n")
    text = as_text(source, [Diagnostic("c", "found `\x1b[0m`\n\r", Span(4, 9), hint="\x9b1m")])
    assert all(c.isprintable() or c == "\n" for c in text) and len(text.splitlines()) == 4


def test_colours_are_asked_for():
    source, d = Source("a.flow", "x"), Diagnostic("c", "m", Span(0, 1), "warning", hint="h")
    assert "\x1b" not in as_text(source, [d])
    coloured = as_text(source, [d], colour=True)
    assert "\x1b" in coloured and re.sub(r"\x1b\[[0-9;]*m", "", coloured) == as_text(source, [d])


def test_they_stand_in_the_order_of_the_text():
    problems = [Diagnostic("c", str(i), Span(i, i + 1)) for i in (3, 1, 2, 0)]
    problems += [Diagnostic("a", "warning", Span(0, 1), "warning")]
    text = as_text(Source("a.flow", "abcdef"), problems)
    assert re.findall(r"\]: (\w+)", text) == ["0", "warning", "1", "2", "3"]


def test_an_error_reads_as_its_diagnostics():
    source, d = Source("a.flow", "x"), Diagnostic("c", "m", Span(0, 1))
    assert str(FlowError(source, (d,))) == as_text(source, [d])


def test_of_very_many_the_first_errors_are_shown_and_the_others_counted():
    """A warning stands behind an error that comes later; machines are given all."""
    source = Source("a.flow", "x = 1\n" * 3000)
    some = [Diagnostic("a-code", f"this is wrong, {k}", Span(6 * k, 6 * k + 1)) for k in range(1000, 3000)]
    some += [Diagnostic("a-code", f"this is odd, {k}", Span(6 * k, 6 * k + 1), "warning") for k in range(500)]
    text = as_text(source, some)
    assert text.endswith("\nand 2400 more; `flowc check --format json` lists all") and len(text) < 10_000
    assert re.findall(r"^a\.flow:(\d+)", text, re.MULTILINE) == [str(k + 1) for k in range(1000, 1100)]
    mixed = as_text(source, [*some[:40], *some[-500:]])
    assert [*map(int, re.findall(r"^a\.flow:(\d+)", mixed, re.MULTILINE))] == [*range(1, 61), *range(1001, 1041)]
    assert "more;" not in as_text(source, some[:100]) and "and 1 more;" in as_text(source, some[:101])
    assert len(json.loads(as_json([(source, tuple(some))]))["diagnostics"]) == 2500
