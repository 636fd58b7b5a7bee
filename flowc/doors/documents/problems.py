"""What is wrong with a block of a document: at the document's line, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.diagnostics.error import FlowError
from flowc.diagnostics.render import as_text, in_order
from flowc.nets.opened import Opened
from flowc.records import Record
from flowc.source import Source


class Problem(Record):
    """`line`: of the document, from 1. `message`: what is wrong, in one line. `text`: the same with the line of source."""

    document: str
    line: int
    message: str
    text: str

    @property
    def where(self) -> str:
        """`page.md:12: ...`"""
        return f"{self.document}:{self.line}: {self.message}"


def problems_of_text(error: FlowError, document: str) -> list[Problem]:
    """Of a diagram whose text stands in the document, from the line that its source begins with."""
    source = Source(document, error.source.text)
    return [
        Problem(document, source.position(d.span.start)[0], _join_hint(d.message, d.hint), as_text(source, [d]))
        for d in in_order(error.diagnostics)
        if d.severity == "error"
    ]


def problems_of_file(error: FlowError, document: str, line: int) -> list[Problem]:
    """Of a diagram in a file that a line of the document names."""
    problems = []
    for d in in_order(error.diagnostics):
        if d.severity == "error":
            row, column = error.source.position(d.span.start)
            place = f"{error.source.name}:{row}:{column}: "
            problems.append(Problem(document, line, place + _join_hint(d.message, d.hint), as_text(error.source, [d])))
    return problems


def warnings_of_diagram(diagram: Opened, document: str, line: int | None) -> Iterator[Problem]:
    """What is said of a diagram that is right; `line`: where the document names its file, None where it has its text."""
    for d in in_order(diagram.warnings):
        place = diagram.source.position(d.span.start)[0] if line is None else line
        yield Problem(document, place, _join_hint(d.message, d.hint), as_text(Source(document, diagram.source.text), [d]))


def problem_of_words(message: str, document: str, line: int) -> list[Problem]:
    """Of an option, or of what cannot be shown."""
    return [Problem(document, line, message, f"{document}:{line}: {message}")]


def _join_hint(message: str, hint: str) -> str:
    return f"{message}; {hint}" if hint else message
