"""Cutting a text that does not parse into its logical lines, so that each mistake is found by itself."""

from __future__ import annotations

import re

from flowc.records import Record
from flowc.source import Span
from flowc.syntax.keywords import KEYWORDS

_MARKS = re.compile(r"""#[^\n]*|"[^"\n]*"|'[^'\n]*'|["'][^\n]*|[()\[\]{}]|\n|;""")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_WORD = "|".join(KEYWORDS)
# Where a statement surely begins, although a bracket before it is still open.
_STATEMENT = re.compile(rf"[ \t]*(?:(?:{_WORD})\b(?![ \t]*(?:->|→|[,=\[]))|[^\n#\"']*(?:->|→))")
_EQUATION = re.compile(r"[ \t]*\w+[ \t]*=(?![^\n#]*,[ \t]*(?:#[^\n]*)?(?:\n|$))")


class Cut(Record):
    """The logical lines of a text, and what is opened in it but never closed: brackets, and texts."""

    lines: tuple[Span, ...]
    brackets: tuple[int, ...]
    texts: tuple[int, ...]


def cut(text: str) -> Cut:
    """Cuts at newlines and `;` outside brackets. After a bracket that is never closed, cuts where a statement begins."""
    marks = list(_MARKS.finditer(text))
    unclosed = _unclosed_brackets(marks)
    lines: list[Span] = []
    brackets: list[int] = []
    texts: list[int] = []
    start = depth = 0
    broken = ""  # the bracket that this line leaves open
    for mark in marks:
        kind, at = mark.group(), mark.start()
        if kind[0] in "\"'" and (len(kind) < 2 or kind[-1] != kind[0]):
            texts.append(at)
        if kind in "([{":
            if at in unclosed:
                if not broken:
                    broken = kind
                    brackets.append(at)
            else:
                depth += 1
        elif kind in ")]}":
            depth = max(0, depth - 1) if at not in unclosed else depth
        elif kind in "\n;" and depth == 0 and (not broken or _begins_statement(text, at + 1, broken)):
            lines.append(Span(start, at))
            start, broken = at + 1, ""
    lines.append(Span(start, len(text)))
    return Cut(tuple(s for s in lines if text[s.start : s.end].strip()), tuple(brackets), tuple(texts))


def _begins_statement(text: str, at: int, broken: str) -> bool:
    return bool(_STATEMENT.match(text, at) or (broken != "{" and _EQUATION.match(text, at)))


def _unclosed_brackets(marks: list[re.Match[str]]) -> set[int]:
    """The places of brackets without a partner, opening ones and closing ones."""
    stack: list[tuple[str, int]] = []
    open_now = {"(": 0, "[": 0, "{": 0}
    alone: set[int] = set()
    for mark in marks:
        kind = mark.group()
        if kind in "([{":
            stack.append((kind, mark.start()))
            open_now[kind] += 1
        elif kind in _PAIRS:
            if not open_now[_PAIRS[kind]]:
                alone.add(mark.start())
                continue
            while True:
                opening, at = stack.pop()
                open_now[opening] -= 1
                if opening == _PAIRS[kind]:
                    break
                alone.add(at)
    return alone | {at for _, at in stack}
