"""The second reading of a diagram, by the oracle, beside the reference."""

from __future__ import annotations

import numpy as np

from flowc.nets.verifying.compare import compare_result
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.results import Results
from flowc.oracle import FLOAT, Arithmetic, Reading
from flowc.program.ir import Symbol
from flowc.syntax.parser import parse


def second_reading(reference: Reference, arithmetic: Arithmetic = FLOAT) -> Reading:
    """Of the text as it stands, with the reference's numbers."""
    source, settings = reference.network.source, dict(reference.opened.settings)
    return Reading(parse(source), reference.inputs, reference.learnt, reference.opened.files, settings, arithmetic)


def read_again(reference: Reference, arithmetic: Arithmetic = FLOAT) -> Results:
    """Every node and excitation, the loss, the gradients; an excitation that the text does not show is left out."""
    read = second_reading(reference, arithmetic)
    slopes = read.gradients() if reference.program.gradients else {}
    results: Results = {}
    for (kind, name), symbol in reference.symbols.items():
        if kind in ("node", "excitation"):
            value = read.node(name) if kind == "node" else read.excitation(name)
            results |= {} if value is None else {(kind, name): _of_type(symbol, value)}
        else:
            results[kind, name] = np.asarray(read.loss()) if kind == "loss" else slopes[name]
    return results


def _of_type(symbol: Symbol, value: np.ndarray) -> np.ndarray:
    """What no token enters is one value in a program."""
    return value if symbol.type.batched else value[0]


def check_reading(reference: Reference) -> None:
    """The interpreter agrees with the second reading: the oracle for everything before the backends."""
    for key, result in read_again(reference).items():
        compare_result(reference, "the second reading", key, result)
