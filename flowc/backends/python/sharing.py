"""`gradients` that computes nothing twice."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.python.fit import named, unshared
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line, Printer
from flowc.backends.python.sections import gradients_of
from flowc.backends.python.sheet import Sheet


def fast_gradients(sheet: Sheet, printer: Printer, library: Library, opening: Sequence[str] = (), name: str = "gradients") -> str:
    """`gradients(inputs, targets, weights)`; what it returns is no weight's own memory."""
    lines = shared_lines(sheet, printer)
    return gradients_of(sheet, unshared(lines, sheet.program.steps, sheet.learnt, library), opening, name)


def shared_lines(sheet: Sheet, printer: Printer) -> list[Line]:
    """The lines of `gradients`, each part of a formula that is needed again a line of its own."""
    program = sheet.of_function("gradients")
    named(sheet, program.notes.names)
    return printer.lines_of(program)
