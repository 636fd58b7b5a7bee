"""The problems of one build: collected, so that all of them are reported at once."""

from __future__ import annotations

from collections.abc import Iterable

from flowc.diagnostics.diagnostic import Diagnostic, Note, Severity
from flowc.source import Span


class Abandon(Exception):
    """What is being read cannot be understood, and why has been reported. Never leaves the graph stage."""


class Problems:
    """A list of diagnostics."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self._said: set[Diagnostic] = set()

    def report(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        notes: Iterable[tuple[str, Span | None]] = (),
        hint: str = "",
        severity: Severity = "error",
    ) -> None:
        """Add a problem; the same one of several hops or names is said once."""
        there = tuple(Note(text, place) for text, place in notes)
        problem = Diagnostic(code, message, span, severity, there, hint)
        if problem not in self._said:
            self._said.add(problem)
            self.found.append(problem)

    def warn(self, code: str, message: str, span: Span, *, hint: str = "") -> None:
        self.report(code, message, span, hint=hint, severity="warning")

    def fail(
        self, code: str, message: str, span: Span, *, notes: Iterable[tuple[str, Span | None]] = (), hint: str = ""
    ) -> Abandon:
        """Report, and give the exception to raise: `raise problems.fail(…)`."""
        self.report(code, message, span, notes=notes, hint=hint)
        return Abandon()

    def forget(self, since: int) -> None:
        """Take back what was reported after the first `since`."""
        self._said.difference_update(self.found[since:])
        del self.found[since:]

    @property
    def errors(self) -> bool:
        return any(p.severity == "error" for p in self.found)


def times(shape: tuple[int, ...]) -> str:
    """A shape as messages write it: "a scalar", "a vector of 3", "2×3"."""
    if len(shape) == 1:
        return f"a vector of {shape[0]}"
    return "×".join(map(str, shape)) if shape else "a scalar"
