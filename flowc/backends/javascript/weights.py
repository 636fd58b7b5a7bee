"""The weights of a file: the type of those that learn, constants for the others, and where they start."""

from __future__ import annotations

from collections.abc import Container
from math import prod

from flowc.backends.backend import Refused
from flowc.backends.code.javascript import Documented, ObjectType, Taken
from flowc.backends.code.tree import Dict, Expression, List, Number, Return, Statement, Text
from flowc.backends.code.typed import Declare
from flowc.backends.javascript.declarations import rows_of
from flowc.backends.javascript.sheet import JavaScriptSheet, list_type
from flowc.backends.loops.loops import ZERO, flattened
from flowc.backends.python import expression as e
from flowc.backends.python.weights import bounds_of_draw, distribution_of, summarize_starts
from flowc.graph.network import Draw, Weight

FEW = 8  # equal numbers that are written one by one
MOST = 200_000  # numbers that a file writes out


def weights_type(sheet: JavaScriptSheet) -> ObjectType:
    doc = "The weights that learn; W[target][source]." if any(s.type.shape for s in sheet.learnt) else "The weights that learn."
    return ObjectType("Weights", doc, tuple((sheet.names[s], list_type(s.type.shape)) for s in sheet.learnt))


def constants(sheet: JavaScriptSheet, used: Container[str]) -> list[Statement]:
    """Weights that do not learn, where something uses them."""
    names = {s: sheet.names[s] for s in sheet.fixed}
    return [Declare("const", names[s], (), start_value(sheet, sheet.records[s.owner], "0")) for s in sheet.fixed if names[s] in used]


def initial_weights(sheet: JavaScriptSheet) -> Documented:
    """`initial_weights(seed)`: where learning starts."""
    records = [sheet.records[s.owner] for s in sheet.learnt]
    starts = [e.entry(sheet.names[s], start_value(sheet, w, "seed")) for s, w in zip(sheet.learnt, records, strict=True)]
    seed = Taken("number", "seed", (), ZERO)
    return Documented("initial_weights", (seed,), "Weights", summarize_starts(records), (Return(Dict(tuple(starts), tall=True)),))


def start_value(sheet: JavaScriptSheet, weight: Weight, seed: str) -> Expression:
    """The number or array that a weight starts from. Raises Refused."""
    if isinstance(weight.start, Draw):
        bounds = bounds_of_draw(weight.start, "Math.sqrt")
        shape = [List(e.numbers(weight.shape))] if weight.shape else []
        return sheet.words.helper(distribution_of(weight), e.atom(seed), Text(weight.name), *bounds, *shape)
    numbers = flattened(weight.start)
    if len(numbers) > MOST:
        raise Refused(f"`{weight.name}` has {len(numbers)} numbers; a JavaScript file writes out at most {MOST}")
    if len(numbers) == 1 and prod(weight.shape) > FEW:
        return _filled(weight.shape, sheet.words.number(numbers[0]))
    return rows(sheet, numbers * prod(weight.shape) if len(numbers) == 1 else numbers, weight.shape)


def rows(sheet: JavaScriptSheet, numbers: list[float], shape: tuple[int, ...]) -> Expression:
    """Numbers, row by row, as an array of arrays."""
    if not shape:
        return sheet.words.number(numbers[0])
    size = prod(shape[1:])
    return List(tuple(rows(sheet, numbers[k * size : (k + 1) * size], shape[1:]) for k in range(shape[0])))


def _filled(shape: tuple[int, ...], number: Expression) -> Expression:
    first, *rest = shape
    if rest:
        return rows_of(first, _filled(tuple(rest), number))
    return e.method(e.call("Array", Number(str(first))), "fill", number)
