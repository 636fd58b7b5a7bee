"""A file of nodes or edges, and the problems of its rows: the first of them one by one, the others counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flowc.diagnostics.diagnostic import Severity
from flowc.graph.problems import Abandon, Problems
from flowc.source import Span
from flowc.syntax import tree as t

MOST_REPORTED = 20  # problems of one file


class Listing:
    """The file of a `nodes` or `edges` statement. What is said of a row stands at the statement."""

    def __init__(self, problems: Problems, statement: t.NodesFile | t.EdgesFile) -> None:
        self.path = statement.path
        self.span = statement.span
        self.malformed = False  # its rows are not all known, so that nothing can be said of what is missing
        self._problems = problems
        self._reported = 0
        self._others: Counter[tuple[str, Severity]] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether further problems are counted alone, so that nobody reads what would be said of them."""
        return self._reported == MOST_REPORTED

    def place(self, row: int) -> str:
        """`edges.csv, row 17`; the header is row 1, and 0 means the file as a whole."""
        return f"{self.path}, row {row}" if row else self.path or '""'

    def report(
        self,
        code: str,
        row: int,
        message: str,
        *,
        notes: Iterable[tuple[str, Span | None]] = (),
        hint: str = "",
        severity: Severity = "error",
    ) -> None:
        if self._reported == MOST_REPORTED:
            self._others[code, severity] += 1
            return
        self._reported += 1
        message = f"{self.place(row)}: {message}"
        self._problems.report(code, message, self.span, notes=notes, hint=hint, severity=severity)

    def spoil(self, code: str, row: int, message: str, hint: str = "") -> None:
        """Report what hides a part of the file."""
        self.malformed = True
        self.report(code, row, message, hint=hint)

    def fail(self, code: str, row: int, message: str, hint: str = "") -> Abandon:
        """The same, and give the exception to raise: the rest of the file is hidden."""
        self.spoil(code, row, message, hint)
        return Abandon()

    def also(self, code: str, count: int, severity: Severity = "error") -> None:
        """There are as many problems more of a kind that has been reported."""
        self._others[code, severity] += count

    def close(self) -> None:
        """Say how many problems have not been reported."""
        for (code, severity), count in self._others.items():
            if count:
                message = f"{self.path}: {count} more {'problems' if count > 1 else 'problem'} of this kind"
                self._problems.report(code, message, self.span, severity=severity)
        self._others.clear()

    @contextmanager
    def at(self, row: int) -> Iterator[None]:
        """Whatever is reported inside is said of that row."""
        since = len(self._problems.found)
        try:
            yield
        finally:
            reported = self._problems.found[since:]
            self._problems.forget(since)
            for p in reported:
                notes = [(note.message, note.span) for note in p.notes]
                self.report(p.code, row, p.message, notes=notes, hint=p.hint, severity=p.severity)


def shown(cell: str) -> str:
    """A cell as messages show it."""
    return f"`{cell}`" if len(cell) <= 40 else f"`{cell[:40]}…`"
