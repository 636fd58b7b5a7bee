"""Weights that are fixed, as constants of a file."""

from __future__ import annotations

from flowc.backends.code.build import assign
from flowc.backends.code.tree import Statement
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.weights import start
from flowc.graph.network import Weight


def constants(sheet: Sheet, weights: list[Weight], library: NumpyLibrary) -> list[Statement]:
    """One for each, by its name."""
    return [assign(sheet.names[sheet.constants[w.name]], start(w, library, sheet.root, seed="0")) for w in weights]
