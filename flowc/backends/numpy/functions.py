"""The functions of a file: as the slide has them, or `fast`, whose `learn` changes the weights in place."""

from __future__ import annotations

from flowc.backends.code.build import Group
from flowc.backends.code.tree import Name, Number, Statement
from flowc.backends.numpy.chunked import chunked, name_of
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.numpy.templates import LEARNING
from flowc.backends.python import expression as e
from flowc.backends.python.fit import fit_function
from flowc.backends.python.mesh import at_a_time
from flowc.backends.python.naming import renamed
from flowc.backends.python.printer import Printer
from flowc.backends.python.sections import forward_function, gradients_function, learn_function, names_of_learn
from flowc.backends.python.sharing import fast_gradients
from flowc.backends.python.sheet import Sheet


def functions(sheet: Sheet, spelling: NumpySpelling) -> dict[str, Statement]:
    """`forward` and, where there is something to learn, `gradients`, `learn` and, of arrays, `fit`."""
    fast = sheet.options.style == "fast"
    forward, gradients = (name_of(function, sheet) for function in ("forward", "gradients"))
    bodies: dict[str, Statement] = {forward: forward_function(sheet, Printer(sheet.names, spelling), in_parts(sheet), forward)}
    if sheet.learns:
        words, printer = NumpyLibrary(spelling.dtype), Printer(sheet.names, spelling)
        bodies[gradients] = (
            fast_gradients(sheet, printer, words, (), gradients)
            if fast
            else gradients_function(sheet, printer.lines_of(sheet.of_function("gradients")), (), gradients)
        )
        bodies["learn"] = LEARNING.variant("learn_in_place", "learn", **names_of_learn(sheet)) if fast else learn_function(sheet)
        if sheet.options.style != "nodes":
            bodies["fit"] = fit_function(sheet, spelling, words)
    return chunked(sheet, spelling, bodies)


def in_parts(sheet: Sheet) -> Group:
    """The first lines of a mesh's `forward`: more tokens than the cache holds rows of are done one part after the other."""
    tokens = at_a_time(sheet, 32)
    if tokens is None:
        return ()
    x, weights = sheet.inputs[0], e.arguments_of(*sheet.arguments(sheet.learnt))
    names = renamed("i", "parts", taken=[x, *sheet.arguments(sheet.learnt)])
    return LEARNING.body_of("in_parts", x=Name(x), weights=weights, TOKENS=Number(str(tokens)), **names)
