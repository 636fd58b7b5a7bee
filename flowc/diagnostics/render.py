"""Diagnostics as text for people. The only place where a place becomes a line, a column and a caret."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.shorten import shortened
from flowc.source import Source, Span

Paint = Callable[[str, str], str]  # a text in a shade

WIDTH = 100  # columns of a source line that are shown
MOST = 100  # problems that are shown of one text
TAB = 4

_RED, _YELLOW, _CYAN, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[36m", "\x1b[1m", "\x1b[0m"


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By place, then errors before warnings; `row 9` before `row 10`."""
    return sorted(diagnostics, key=lambda d: (d.span, d.severity, d.code, _natural_order(d.message)))


def _natural_order(message: str) -> list[str | int]:
    """The message in parts, every second of which is a number."""
    return [int(part) if k % 2 else part for k, part in enumerate(re.split(r"([0-9]{1,18})", message))]


def as_text(source: Source, diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """Every diagnostic with its source line, a caret under what is meant, its notes and its hint; of very many the first
    errors, and how many more there are.

    No line feed at the end. With `colour` it holds the escape sequences of a terminal.
    """
    paint = _paint_text if colour else _leave_plain
    ordered = in_order(diagnostics)
    shown = ordered if len(ordered) <= MOST else in_order(sorted(ordered, key=lambda d: d.severity)[:MOST])
    lines = [line for d in shown for line in _render_diagnostic(source, d, paint)]
    if omitted := len(ordered) - len(shown):
        lines.append(f"and {omitted} more; `flowc check --format json` lists all")
    return "\n".join(lines)


def _render_diagnostic(source: Source, d: Diagnostic, paint: Paint) -> Iterator[str]:
    shade = _RED if d.severity == "error" else _YELLOW
    where = paint(f"{_spell_place(source, d.span)}:", _BOLD)
    yield f"{where} {paint(f'{d.severity}[{d.code}]:', shade)} {paint(_short_words(d.message), _BOLD)}"
    yield from _source_excerpt(source, d.span, shade, paint)
    for note in d.notes:
        place = f"{_spell_place(source, note.span)}: " if note.span is not None else ""
        yield f"  {paint('note:', _CYAN)} {place}{_short_words(note.message)}"
        if note.span is not None:
            yield from _source_excerpt(source, note.span, _CYAN, paint)
    if d.hint:
        yield f"  {paint('hint:', _CYAN)} {_short_words(d.hint)}"


def _short_words(text: str) -> str:
    return printable(shortened(text))


def _paint_text(text: str, shade: str) -> str:
    return f"{shade}{text}{_PLAIN}"


def _leave_plain(text: str, shade: str) -> str:
    return text


def _spell_place(source: Source, span: Span) -> str:
    line, column = source.position(min(span.start, len(source.text)))
    return f"{printable(source.name)}:{line}:{column}"


# ---------------------------------------------------------------------------------------------------- the source line


def _source_excerpt(source: Source, span: Span, shade: str, paint: Paint) -> Iterator[str]:
    """The line where the span starts, and carets under its part of the span."""
    start = min(span.start, len(source.text))
    number, column = source.position(start)
    text = source.line(number)
    if not text.strip():
        return
    first = column - 1
    last = max(first + 1, min(first + span.end - span.start, len(text)))
    shown, left, width = _cut_window(text, first, last)
    margin = " " * len(str(number))
    yield f"  {paint(f'{number} |', _CYAN)} {shown}"
    yield f"  {paint(f'{margin} |', _CYAN)} {' ' * left}{paint('^' * width, shade)}"


def _cut_window(text: str, first: int, last: int) -> tuple[str, int, int]:
    """At most WIDTH columns of a line around `text[first:last]`; where that stands in them, and how wide it is."""
    low, high = max(0, first - WIDTH), min(len(text), first + WIDTH)  # nothing farther off can be seen
    cells = [_cell_and_width(c) for c in text[low:high]]
    first, last = first - low, min(last, high) - low
    columns = [0]
    for _, width in cells:
        columns.append(columns[-1] + width)
    start, end = 0, len(cells)
    if low or high < len(text) or columns[-1] > WIDTH:
        start, end = _cut_cells(columns, min(first, len(cells)), bool(low), high < len(text))
    before = "… " if start or low else ""
    after = " …" if end < len(cells) or high < len(text) else ""
    shown = before + "".join(cell for cell, _ in cells[start:end]) + after
    # A caret may point one past the end of a line.
    left = columns[min(first, len(cells))] + max(0, first - len(cells))
    right = columns[min(last, end)] + max(0, last - len(cells))
    return shown.rstrip(), len(before) + left - columns[start], max(1, right - left)


def _cut_cells(columns: list[int], first: int, more_before: bool, more_after: bool) -> tuple[int, int]:
    """Which cells to show: what comes before the caret may have a third of the width, unless all of it fits."""
    count = len(columns) - 1
    start = 0
    if more_before or columns[first] > WIDTH // 2:
        while columns[first] - columns[start] > WIDTH // 3:
            start += 1
    end = count
    while end > first and columns[end] - columns[start] > WIDTH:
        end -= 1
    return start, end


def _cell_and_width(character: str) -> tuple[str, int]:
    """A character as a terminal can show it, and the columns it takes."""
    if character == "\t":
        return " " * TAB, TAB
    if unicodedata.combining(character):
        return character, 0
    shown = printable(character)
    return shown, 2 if unicodedata.east_asian_width(shown) in "WF" else 1


def printable(text: str) -> str:
    """Control characters as their pictures, marks that reorder or hide text as U+FFFD: what is seen is what is there."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _visible_sign(c) for c in text)


def _visible_sign(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return " " if unicodedata.category(character) == "Zs" else "\ufffd"
