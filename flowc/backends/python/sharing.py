"""The lines of `gradients`, where nothing is computed twice."""

from __future__ import annotations

from flowc.backends.python.fit import copy_shared, name_symbols
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line, Printer
from flowc.backends.python.sheet import Sheet


def gradient_lines(sheet: Sheet, printer: Printer, library: Library) -> list[Line]:
    """In style `fast` each part of a formula that is needed again has a line of its own, and what is returned is no weight's own
    memory."""
    program = sheet.of_function("gradients")
    if sheet.options.style != "fast":
        return printer.lines_of(program)
    name_symbols(sheet, program.notes.names)
    return copy_shared(printer.lines_of(program), sheet.program.steps, sheet.learnt, library)
