"""The functions of a file: as the slide has them, or `fast`, whose `learn` changes the weights in place."""

from __future__ import annotations

from flowc.backends.code.tree import Statement
from flowc.backends.numpy.chunked import name_of, with_chunks
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.numpy.templates import LEARNING
from flowc.backends.python.fit import fit_function
from flowc.backends.python.mesh import in_parts
from flowc.backends.python.printer import Printer
from flowc.backends.python.sections import (
    forward_function,
    gradient_lines,
    gradients_function,
    learn_function,
    names_of_learn,
)
from flowc.backends.python.sheet import Sheet


def print_functions(sheet: Sheet, spelling: NumpySpelling) -> dict[str, Statement]:
    """`forward` and, where there is something to learn, `gradients`, `learn` and, of arrays, `fit`."""
    fast = sheet.options.style == "fast"
    forward, gradients = (name_of(function, sheet) for function in ("forward", "gradients"))
    opening = in_parts(sheet, LEARNING, 32)
    bodies: dict[str, Statement] = {forward: forward_function(sheet, Printer(sheet.names, spelling), opening, forward)}
    if sheet.learns:
        words, printer = NumpyLibrary(spelling.dtype), Printer(sheet.names, spelling)
        bodies[gradients] = gradients_function(sheet, gradient_lines(sheet, printer, words), (), gradients)
        bodies["learn"] = LEARNING.variant("learn_in_place", "learn", **names_of_learn(sheet)) if fast else learn_function(sheet)
        if sheet.options.style != "nodes":
            bodies["fit"] = fit_function(sheet, spelling, words)
    return with_chunks(sheet, spelling, bodies)
