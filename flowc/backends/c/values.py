"""A text for the API: one function that gives the values of chosen symbols, from arrays to arrays.

A thousand arrays would need a thousand registers: single numbers are handed in as one array, and what comes out stands in two,
one with all the values of each token and one with those that no token has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import prod

from flowc.backends.backend import Options
from flowc.backends.c.fast import values_in_tiles
from flowc.backends.c.fast_helpers import fast_helper_functions
from flowc.backends.c.fast_sheet import FastSheet
from flowc.backends.c.file import includes
from flowc.backends.c.helpers import helper_functions
from flowc.backends.c.sheet import CSheet
from flowc.backends.code.c import block
from flowc.backends.code.tree import Expression, Index, Name, Text
from flowc.backends.code.typed import Count, Declare, Parameter, TypedFunction
from flowc.backends.loops.elements import flat_place
from flowc.backends.loops.loops import ZERO, At, Atom, whole_number
from flowc.backends.loops.tokens import function_body
from flowc.backends.python import expression as e
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol


def c_values(network: Network, program: Program, symbols: Mapping[str, Symbol], options: Options) -> str:
    """The text that `flowc.execution.native` calls."""
    sheet = FastSheet(network, program, options) if program.lowering == "mesh" else CSheet(network, program, options)
    token = e.total([(1, Name(sheet.token)), (1, Name(sheet.lane))]) if isinstance(sheet, FastSheet) else Name(sheet.token)
    results = [*dict.fromkeys(symbols.values())]
    steps = sheet.steps(results)
    arguments = _arguments(sheet, {*results, *(a for s in steps for a in s.args if isinstance(a, Symbol))})
    arrays = [s for s in arguments if s.type.batched or prod(s.type.shape) > 1]
    numbers = [s for s in arguments if s not in arrays]
    fresh = sheet.names.fresh
    handed_in, numbers_in, by_token, without_token = fresh("arrays"), fresh("numbers"), fresh("by_token"), fresh("without_token")
    places = {True: _places(s for s in results if s.type.batched), False: _places(s for s in results if not s.type.batched)}
    width = sum(prod(s.type.shape) for s in places[True])

    def result(symbol: Symbol, token: Expression = token) -> Atom:
        name, first = (by_token if symbol.type.batched else without_token), places[symbol.type.batched][symbol]
        row: list[Expression] = [e.product([whole_number(width), token])] if symbol.type.batched else []
        return lambda at: Index(Name(name), (_total([*row, whole_number(first), flat_place(at, symbol.type.shape)]),))

    argued = {s: _array_atom(sheet, s, token) for s in arrays}
    argued |= {s: partial(_number_atom, numbers_in, k) for k, s in enumerate(numbers)}
    atoms = {**{s: result(s) for s in results}, **argued}
    nest = sheet.nest(atoms)
    body = values_in_tiles(sheet, steps, results, atoms) if isinstance(sheet, FastSheet) else function_body(nest, steps, results, sheet.token)
    for symbol in results:
        if symbol in argued:  # an argument that is asked for
            alone = _array_atom(sheet, symbol, Name(sheet.token)) if symbol in arrays else argued[symbol]
            lines = nest.copied(symbol.type.shape, result(symbol, Name(sheet.token)), alone)
            body += [Count(sheet.token, ZERO, Name(sheet.n), tuple(lines))] if symbol.type.batched else lines
    opening = [
        Declare(f"const {sheet.kind} *restrict", sheet.names[s], (), Index(Name(handed_in), (whole_number(k),)))
        for k, s in enumerate(arrays)
    ]
    parameters = (
        Parameter("size_t", sheet.n),
        Parameter(f"const {sheet.kind} *const *", handed_in),
        Parameter(f"const {sheet.kind} *restrict", numbers_in),
        Parameter(f"{sheet.kind} *restrict", by_token),
        Parameter(f"{sheet.kind} *restrict", without_token),
    )
    function = TypedFunction("void", "values", parameters, "", (*opening, *body))
    signature = {
        "arrays": [[s.owner, s.type.batched] for s in arrays],
        "numbers": [s.owner for s in numbers],
        "results": [[name, s.type.batched, places[s.type.batched][s], s.type.shape] for name, s in symbols.items()],
        "number": options.dtype,
    }
    told = Declare("const char", "signature[]", (), Text(json.dumps(signature)))
    if isinstance(sheet, FastSheet):
        helpers = fast_helper_functions(sheet.words, sheet.meshes) + sheet.meshes.tables_in("\n".join(block([function])))
    else:
        helpers = helper_functions(sheet.words)
    texts = [includes(sheet, ["math", "stddef"]), helpers.rstrip("\n"), *("\n".join(block([code])) for code in (told, function))]
    return "\n\n".join(filter(None, texts)) + "\n"


def _arguments(sheet: CSheet, used: set[Symbol]) -> list[Symbol]:
    """Of inputs, targets and weights those that something needs, and an array that says how many tokens there are."""
    program = sheet.program
    counted = [s for s in (*program.inputs, *program.targets) if s in used] or list(program.inputs[:1])
    return [*counted, *(s for s in program.weights if s in used)]


def _places(symbols: Iterable[Symbol]) -> dict[Symbol, int]:
    """Where each begins, one behind the other."""
    places, first = {}, 0
    for symbol in symbols:
        places[symbol] = first
        first += prod(symbol.type.shape)
    return places


def _array_atom(sheet: CSheet, symbol: Symbol, token: Expression) -> Atom:
    name, shape = Name(sheet.names[symbol]), symbol.type.shape
    if symbol.type.batched:
        return lambda at: Index(name, (flat_place((token, *at), (0, *shape)),))
    return lambda at: Index(name, (flat_place(at, shape),))


def _number_atom(numbers: str, place: int, at: At) -> Expression:
    return Index(Name(numbers), (whole_number(place),))


def _total(terms: Sequence[Expression]) -> Expression:
    """Their sum, without zeros."""
    return e.total([(1, term) for term in terms if term != ZERO]) if any(term != ZERO for term in terms) else ZERO
