"""`gradients` that computes nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.backends.python.fit import Downhill, named, unshared
from flowc.backends.python.inline import inlined, inner
from flowc.backends.python.printer import Line, Printer
from flowc.backends.python.sections import gradients_of
from flowc.backends.python.sheet import Sheet
from flowc.program.ir import Step, Symbol
from flowc.program.sharing import shared


def fast_gradients(sheet: Sheet, printer: Printer, words: Downhill, opening: Sequence[str] = ()) -> str:
    """`gradients(inputs, targets, weights)`; what it returns is no weight's own memory."""
    program = sheet.program
    assert program.loss is not None
    wanted = [program.loss, *(program.gradients[s] for s in sheet.learnt)]
    lines = shared_lines(sheet, printer, sheet.steps_of(wanted), wanted)
    return gradients_of(sheet, unshared(lines, program.steps, sheet.learnt, words), opening)


def shared_lines(sheet: Sheet, printer: Printer, steps: Sequence[Step], wanted: Iterable[Symbol]) -> list[Line]:
    """The lines of these steps, each part of a formula that is needed again a line of its own."""
    found = shared(steps, printer.spelling.exponentials)
    named(sheet, found.names)
    hidden = inlined(found.steps, [*wanted, *found.names]) | inner(found.steps)
    return printer.lines(found.steps, hidden)
