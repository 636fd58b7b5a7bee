"""A diagram as plain Python on single floats: the fastest there is where lines times tokens are few."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from flowc.backends.backend import Options
from flowc.backends.code.build import assign
from flowc.backends.code.tree import Name, Return, Statement
from flowc.backends.plain.ending import ending
from flowc.backends.plain.fit import fit_function
from flowc.backends.plain.functions import forward_function, gradients_function, learn_numbers, values_function
from flowc.backends.plain.sheet import PlainSheet
from flowc.backends.plain.spelling import PlainSpelling
from flowc.backends.plain.templates import HELPERS
from flowc.backends.python import expression as e
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.spelling import nested_list, nested_numbers
from flowc.backends.python.text import decimal
from flowc.backends.python.weights import (
    distribution_of,
    draw_weight,
    drawn_weights,
    print_initial_weights,
    stream_functions,
)
from flowc.graph.network import Draw, Network, Weight
from flowc.program.ir import Program, Shape, Symbol
from flowc.program.passes.passes import Printing

FEW = 8  # numbers that are written one by one

def plain_file(network: Network, program: Program, options: Options, printing: Printing) -> str:
    """The whole file, or the part that is asked for. Raises Refused."""
    sheet = PlainSheet(network, program, options, printing)
    spelling = PlainSpelling("float64")
    bodies: dict[str, Statement] = {"forward": forward_function(sheet, spelling)}
    if sheet.learns:
        bodies["gradients"] = gradients_function(sheet, spelling)
        bodies |= {"moved": HELPERS.definition("moved")} if sheet.lists else {}
        bodies |= {"learn": learn_numbers(sheet), "fit": fit_function(sheet, spelling)}
    starts = [(s, start_value(sheet.weight_of(s), "seed")) for s in sheet.learnt]
    drawn = drawn_weights(network)
    arrays = any(w.shape for w in drawn)
    sheet.sections |= {
        ":constants": assign_constants(sheet, [w for w in sheet.fixed if not distribution_of(w)]),
        **({"nested": [HELPERS.definition("nested")]} if arrays else {}),
        **stream_functions(map(distribution_of, drawn), e.atom("nested(numbers, shape)" if arrays else "numbers[0]")),
        ":drawn": assign_constants(sheet, [w for w in sheet.fixed if distribution_of(w)]),
        **print_initial_weights(sheet, Return(sheet.weights_by_name(starts))),
        **helpers_in_order(spelling),
        **{name: [code] for name, code in bodies.items()},
        **ending(sheet),
    }
    return sheet.text()


def plain_values(
    network: Network, program: Program, wanted: Mapping[str, Symbol], options: Options, printing: Printing
) -> str:  # fmt: skip
    """The module of the API."""
    sheet = PlainSheet(network, program, options, printing)
    spelling = PlainSpelling("float64")
    function = values_function(sheet, spelling, wanted)
    sheet.sections |= {**helpers_in_order(spelling), "values": [function]}
    return sheet.code()


def assign_constants(sheet: PlainSheet, weights: list[Weight]) -> list[Statement]:
    """Fixed weights, each element by its name."""
    code: list[Statement] = []
    for weight in weights:
        symbol, value = sheet.constants[weight.name], start_value(weight, "0")
        names, array_name = sheet.as_target(symbol), sheet.names[symbol]
        if len(e.flat(names)) + len(e.flat(value)) < 75 or not symbol.type.shape:
            code.append(assign(names, value))
        else:
            code += [assign(array_name, value), assign(names, Name(array_name))]
    return code


def start_value(weight: Weight, seed: str) -> e.Expression:
    """The number or list that a weight starts from."""
    if isinstance(weight.start, Draw):
        return draw_weight(weight, "sqrt", seed)
    return nested_numbers(weight.start) if isinstance(weight.start, tuple) else _full_list(weight.start, weight.shape)


def _full_list(number: float, shape: Shape) -> e.Expression:
    """The same number everywhere; where there are many, in few words."""
    if prod(shape) <= FEW:
        return nested_list([e.decimal(number)] * prod(shape), shape)
    rows = e.product([e.atom(f"[{decimal(number)}]"), e.atom(str(shape[-1]))])
    for n in reversed(shape[:-1]):
        rows = e.repeated(rows, "_", e.atom(f"range({n})"))
    return rows
