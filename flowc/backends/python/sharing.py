"""`gradients` that computes nothing twice."""

from __future__ import annotations

from flowc.backends.code.build import Group
from flowc.backends.code.tree import Function
from flowc.backends.python.fit import copy_shared, name_symbols
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line, Printer
from flowc.backends.python.sections import gradients_function
from flowc.backends.python.sheet import Sheet


def fast_gradients(sheet: Sheet, printer: Printer, library: Library, opening: Group = (), name: str = "gradients") -> Function:
    """`gradients(inputs, targets, weights)`; what it returns is no weight's own memory."""
    lines = copy_shared(shared_lines(sheet, printer), sheet.program.steps, sheet.learnt, library)
    return gradients_function(sheet, lines, opening, name)


def shared_lines(sheet: Sheet, printer: Printer) -> list[Line]:
    """The lines of `gradients`, each part of a formula that is needed again a line of its own."""
    program = sheet.of_function("gradients")
    name_symbols(sheet, program.notes.names)
    return printer.lines_of(program)
