"""A mistake of syntax: what stands where it cannot, and what stands around it."""

from __future__ import annotations

from lark import Token

from flowc.records import Record
from flowc.source import Source, Span


class Mistake(Record):
    """One logical line up to the first thing that cannot stand there.

    `tokens` are what was read, `word` is the offending text ("" at the line's end), `accepts` the terminals that could
    have stood in its place, `brackets` the offsets of those still open.
    """

    source: Source
    line: Span
    tokens: tuple[Token, ...]
    word: str
    span: Span
    accepts: frozenset[str]
    brackets: tuple[int, ...]

    @property
    def kind(self) -> str:
        """The type of the first token: a keyword's, or NAME, NUMBER, …"""
        return self.tokens[0].type if self.tokens else ""

    @property
    def last(self) -> str:
        """The type of the token before the offending text."""
        return self.tokens[-1].type if self.tokens else ""
