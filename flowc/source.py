"""Source: one `.flow` text, and places in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from flowc.records import Record


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters from `start` up to, not including, `end`; offsets into a source's text."""

    start: int
    end: int

    def to(self, last: Span) -> Span:
        """From the start of this span to the end of `last`."""
        return Span(self.start, last.end)


NOWHERE = Span(0, 0)


class Source(Record):
    """A text and the name that messages and generated code give it, as `xor.flow`."""

    __slots__ = ("__dict__",)

    name: str
    text: str

    @property
    def file_name(self) -> str:
        """The name without its folders."""
        return self.name.replace("\\", "/").rsplit("/", 1)[-1]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line starts. Only a line feed ends a line; `str.splitlines` knows too many ends."""
        return [0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")]

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end."""
        starts = self._starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")
