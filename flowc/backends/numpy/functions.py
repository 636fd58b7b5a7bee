"""The functions of a file: as the slide has them, or `fast`, whose `learn` changes the weights in place."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.numpy.chunked import chunked, name_of
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python import expression as e
from flowc.backends.python.fit import fit_section
from flowc.backends.python.mesh import at_a_time
from flowc.backends.python.naming import local
from flowc.backends.python.printer import Printer, statement_lines
from flowc.backends.python.sections import forward_section, gradients_section, learn_section
from flowc.backends.python.sharing import fast_gradients
from flowc.backends.python.sheet import Sheet, definition
from flowc.backends.python.text import number

IN_PLACE = "One step downhill: changes `weights`; the loss is that before it."


def functions(sheet: Sheet, spelling: NumpySpelling) -> dict[str, str]:
    """`forward` and, where there is something to learn, `gradients`, `learn` and, of arrays, `fit`."""
    fast = sheet.options.style == "fast"
    forward, gradients = (name_of(function, sheet) for function in ("forward", "gradients"))
    bodies = {forward: forward_section(sheet, Printer(sheet.names, spelling), in_parts(sheet), forward)}
    if sheet.learns:
        words = NumpyLibrary(spelling.dtype)
        printer = Printer(sheet.names, spelling)
        bodies[gradients] = (
            fast_gradients(sheet, printer, words, (), gradients)
            if fast
            else gradients_section(sheet, printer, (), gradients)
        )
        bodies["learn"] = learn_in_place(sheet) if fast else learn_section(sheet)
        if sheet.options.style != "nodes":
            bodies["fit"] = fit_section(sheet, spelling, words)
    return chunked(sheet, spelling, bodies)


def learn_in_place(sheet: Sheet) -> str:
    """`learn(weights, inputs, targets, rate)`, which changes the dictionary and its arrays."""
    samples = sheet.samples
    L, d, name = (local(n, samples) for n in ("L", "d", "name"))
    text = laid_out(e.call("gradients", *samples, "**weights"), f"    {L}, {d} = ")
    text += [
        f"    for {name} in weights:",
        f"        weights[{name}] -= rate * {d}[{name}]",
        *statement_lines(f"return {L}, weights"),
    ]
    return definition("learn", ["weights", *samples, f"rate={number(sheet.rate)}"], IN_PLACE, text)


def in_parts(sheet: Sheet) -> list[str]:
    """The first lines of a mesh's `forward`: more tokens than the cache holds rows of are done one part after the other."""
    tokens = at_a_time(sheet, 32)
    if tokens is None:
        return []
    x, weights = sheet.inputs[0], sheet.arguments(sheet.learnt)
    i, parts = (local(n, [x, *weights]) for n in ("i", "parts"))
    each = e.repeated(e.call("forward", f"{x}[{i} : {i} + {tokens}]", *weights), i, e.atom(parts))
    return [
        f"    if len({x}) > {tokens}:  # so many at a time, for the cache",
        f"        {parts} = range(0, len({x}), {tokens})",
        *laid_out(e.call("np.concatenate", each), "        return "),
    ]
