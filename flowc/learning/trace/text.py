"""A trace for a terminal: what stands between signs of equality in columns, where the lines have room for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap

from flowc.learning.trace.formula_text import pieces_of_line
from flowc.learning.trace.model import Gap, Section, Trace
from flowc.learning.trace.prose import CLOSE, LABELS, explain_section, legend, title_of
from flowc.maths.ascii import identifier, plain
from flowc.records import Record

ASCII = {"≈": "~=", "δ": "delta", "ξ": "xi", "∂": "d", "…": "..."}

Say = Callable[[str], str]


def as_text(trace: Trace, width: int = 100, ascii: bool = False) -> str:
    """`ascii`: for terminals that have no other signs."""
    say = _in_ascii if ascii else str
    blocks = [[say(part) for part in (title_of(trace), trace.token) if part]]
    blocks += [_section_lines(section, trace, width, say) for section in trace.sections]
    functions = legend(trace)
    if functions:
        longest = max(len(name) for name, _ in functions)
        blocks.append(["where", *(f"  {name:<{longest}}  {say(means)}" for name, means in functions)])
    if trace.close:
        blocks.append([say(CLOSE)])
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _in_ascii(text: str) -> str:
    for sign, words in ASCII.items():
        text = text.replace(sign, words)
    return "".join(c if c.isascii() else identifier(c) if c.isalnum() else plain(c) for c in text)


class Row(Record):
    """A line: its node and its part in the story, its pieces, and the sign before the last."""

    head: tuple[str, ...]
    pieces: Sequence[str]
    sign: str = "="

    def ragged_text(self, widths: Sequence[int]) -> str:
        """The pieces, the first of them as wide as these."""
        cells = [f"{piece:<{w}}" for piece, w in zip(self.pieces[:-1], widths)]
        cells += self.pieces[len(cells) : -1]
        return " = ".join(cells) + (f" {self.sign} " if cells else "") + self.pieces[-1]


def _section_lines(section: Section, trace: Trace, width: int, say: Say) -> list[str]:
    says = explain_section(section.name, trace)
    head = wrap(say(f"{section.name}: {says}" if says else section.name), width, subsequent_indent="  ")
    return [*head, *_set_rows(list(_rows_of_section(section, trace, say)), width)]


def _rows_of_section(section: Section, trace: Trace, say: Say) -> Iterator[Row]:
    for block in section.blocks:
        for k, line in enumerate(block.lines):
            label = LABELS.get(getattr(line, "what", ""), "")
            head = (say(block.name) if k == 0 else "", say(label)) if section.name == "backward" else ()
            if isinstance(line, Gap):
                yield Row(head, [say(f"… {line.count} more")])
            else:
                sign = say("=" if trace.holds(line) else "≈")
                yield Row(head, [say(piece) for piece in pieces_of_line(line, trace)], sign)


def _set_rows(rows: list[Row], width: int) -> list[str]:
    """In columns, if all rows have room; else only the names, and rows that are still too long are broken."""
    heads = _widths_of_columns([row.head for row in rows])
    begin = 2 + sum(w + 2 for w in heads)
    widths = _widths_of_columns([row.pieces[:-1] for row in rows])
    if any(begin + len(row.ragged_text(widths)) > width for row in rows):
        widths = widths[:1]
    lines: list[str] = []
    for row in rows:
        head = "  " + "".join(f"{cell:<{w}}  " for cell, w in zip(row.head, heads))
        line = head + row.ragged_text(widths)
        lines += [line] if len(line) <= width else _break_row(row, head, widths[0] if widths else 0, width)
    return [line.rstrip() for line in lines]


def _widths_of_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    count = max((len(row) for row in rows), default=0)
    return [max((len(row[k]) for row in rows if k < len(row)), default=0) for k in range(count)]


def _break_row(row: Row, head: str, names: int, width: int) -> Iterator[str]:
    """Each piece on a line of its own, or on several."""
    name, *others = row.pieces
    begin = f"{head}{name:<{names}}"
    for k, piece in enumerate(others):
        sign = row.sign if k == len(others) - 1 else "="
        room = max(20, width - len(begin) - 3)
        lines = wrap(piece, room, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        yield f"{begin} {sign} {lines[0]}"
        begin = " " * len(begin)
        yield from (f"{begin}   {line}" for line in lines[1:])
