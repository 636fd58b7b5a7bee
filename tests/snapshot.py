"""How a snapshot of `tests/bad` writes a problem down."""

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.source import Source


def line(source: Source, problem: Diagnostic) -> str:
    row, column = source.position(problem.span.start)
    parts = [f"{row}:{column}: {problem.severity}[{problem.code}]: {problem.message}"]
    for note in problem.notes:
        where = "" if note.span is None else " at {}:{}".format(*source.position(note.span.start))
        parts.append(f"    note{where}: {note.message}")
    if problem.hint:
        parts.append(f"    hint: {problem.hint}")
    return "\n".join(parts)
