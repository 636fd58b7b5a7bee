"""The problems of one build: collected, so that all of them are reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from flowc.diagnostics.diagnostic import Diagnostic, Note, Severity
from flowc.source import Span

LONGEST_COMPARED = 60  # letters of a misspelt name
MOST_COMPARED = 2000  # names that one misspelt name is compared with


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


def closest(name: str, names: Iterable[str]) -> str:
    """The one of `names` that is spelled most like `name`, or ""."""
    if len(name) > LONGEST_COMPARED:
        return ""
    known = sorted(n for n in names if abs(len(n) - len(name)) <= 1 + len(name) // 3)
    folded = {n.lower(): n for n in reversed(known)}
    if name.lower() in folded:
        return folded[name.lower()]
    if len(known) > MOST_COMPARED:
        known = [n for n in known if n[0] == name[0] and n[-1] == name[-1]][:MOST_COMPARED]
    found = get_close_matches(name, known, 1, 0.5 if len(name) < 4 else 0.6)
    return found[0] if found else ""


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """A hint: the closest name there is, or `otherwise`."""
    found = closest(name, names)
    return f"did you mean `{found}`?" if found else otherwise


def and_list(names: Iterable[str], last: str = "and") -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def times(shape: tuple[int, ...]) -> str:
    """A shape as messages write it: "a scalar", "a vector of 3", "2×3"."""
    if len(shape) == 1:
        return f"a vector of {shape[0]}"
    return "×".join(map(str, shape)) if shape else "a scalar"
