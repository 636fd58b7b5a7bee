"""`forward_all` and `gradients` of a fast C file, on tiles of tokens: the innermost loops are over tokens, and vectorise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from flowc.backends.c.fast_nest import TileNest, called_for
from flowc.backends.c.fast_sheet import FastSheet
from flowc.backends.c.functions import (
    computed_slopes,
    fit,
    forward,
    forward_all,
    function_of,
    gradients_of,
    learn,
    output_name,
    output_parameter,
    part_of_token,
)
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Conditional, Do, Expression, Index, Name, Statement
from flowc.backends.code.typed import Count, Declare, Parameter, TypedFunction
from flowc.backends.loops.loops import ZERO, Atom
from flowc.backends.loops.tiles import AtOnce, in_tiles
from flowc.backends.loops.tokens import function_body
from flowc.backends.python import expression as e
from flowc.program.ir import Step, Symbol


def fast_functions(sheet: FastSheet) -> dict[str, TypedFunction]:
    """By their names, in order."""
    printed = {"forward": forward(sheet)}
    if sheet.program.inputs and sheet.program.outputs:
        tokens = all(s.type.batched for s in sheet.outputs)
        printed["forward_all"] = forward_in_tiles(sheet) if tokens else forward_all(sheet)
    if sheet.learns:
        printed |= {"gradients": gradients_in_tiles(sheet), "learn": learn(sheet), "fit": fit(sheet)}
    return printed


def forward_in_tiles(sheet: FastSheet) -> TypedFunction:
    """Of so many tokens, a tile at a time."""
    outputs = sheet.outputs
    steps = sheet.steps(outputs)
    computed = {s.symbol for s in steps}
    atoms = {s: sheet.lane_atom(s) for s in sheet.program.inputs}
    places = {s: _output_atom(sheet, s) for s in outputs}
    nest = _tile_nest(sheet, steps, {**{s: a for s, a in places.items() if s in computed}, **atoms})

    def around(body: Sequence[Statement]) -> Sequence[Statement]:
        copies = [line for s in places if s not in computed for line in nest.copied(s.type.shape, places[s], nest.atoms[s])]
        return _tiled(sheet, [*body, *copies], outputs)

    body = function_body(nest, steps, [s for s in outputs if s in computed], sheet.token, apart=called_for(steps), around=around)
    body = body if any(s in computed for s in outputs) else list(around([]))
    parameters = [Parameter("size_t", sheet.n), *map(sheet.of_all, sheet.program.inputs), *sheet.weights_parameter()]
    parameters += [output_parameter(sheet, s, all_tokens=True) for s in outputs]
    doc = "The same of n tokens: arrays in which one token stands behind the other."
    return function_of("void", "forward_all", parameters, doc, body)


def _output_atom(sheet: FastSheet, symbol: Symbol) -> Atom:
    """A number in the array of outputs, or rows of the tile's own."""
    if symbol.type.shape:
        rows = Name(_rows_of_output(sheet, symbol))
        return lambda at: Index(rows, (sheet.flat(at, symbol),)) if at else rows
    place = e.total([(1, Name(sheet.token)), (1, Name(sheet.lane))])
    return lambda at: Index(Name(output_name(sheet, symbol)), (place,))


def _rows_of_output(sheet: FastSheet, symbol: Symbol) -> str:
    """An output that is an input, too, has other rows than that."""
    return f"{sheet.tiles[symbol]}_out" if symbol in sheet.program.inputs else sheet.tiles[symbol]


def gradients_in_tiles(sheet: FastSheet) -> TypedFunction:
    """Over all tokens: the loss, and its derivatives."""
    program = sheet.program
    assert program.loss is not None
    slopes = sheet.slope_atoms()
    steps = sheet.steps([program.loss, *slopes])
    atoms: dict[Symbol, Atom] = {s: sheet.lane_atom(s) for s in sheet.samples}
    computed = computed_slopes(steps, slopes)
    nest = _tile_nest(sheet, steps, {**atoms, **computed})
    around = partial(_tiled, sheet, outputs=())
    body = function_body(nest, steps, [program.loss, *slopes], sheet.token, sheet.parts, slopes, called_for(steps), around)
    body.insert(0, Do(e.call("memset", sheet.d, "0", Name(f"sizeof *{sheet.d}"))))
    if sheet.most in names(*body):
        body.insert(0, _declare_count(sheet.most, Name(sheet.n)))
    return gradients_of(sheet, nest, computed, body)


def values_in_tiles(sheet: FastSheet, steps: Sequence[Step], results: Sequence[Symbol], atoms: Mapping[Symbol, Atom]) -> list[Statement]:
    """The statements that compute `results`; `atoms` say where these and all arguments are."""
    nest = _tile_nest(sheet, steps, atoms)
    nest.products_are_calls = False  # arguments have no rows of a tile
    body = function_body(nest, steps, results, sheet.token, around=partial(_tiled, sheet, outputs=()))
    return [_declare_count(sheet.most, Name(sheet.n)), *body] if sheet.most in names(*body) else body


# ---------------------------------------------------------------------------------------------------------------- tiles


def _tile_nest(sheet: FastSheet, steps: Sequence[Step], atoms: Mapping[Symbol, Atom]) -> TileNest:
    return sheet.tile_nest(dict(atoms)).of_steps(steps, Name(sheet.count), Name("TILE"))


def _tiled(sheet: FastSheet, body: Sequence[Statement], outputs: Sequence[Symbol]) -> list[Statement]:
    """What is done for a token, for all of them: arrays are taken into rows of the tile, and put back from there."""
    used, token = names(*body), Name(sheet.token)
    first: list[Statement] = []
    for s in (s for s in sheet.samples if s.type.shape and sheet.tiles[s] in used):
        rows, array = sheet.tiles[s], part_of_token(sheet.names[s], s, token)
        call = sheet.words.helper("into_tile", Name(sheet.count), sheet.numbers_of(s), array, Index(Name(rows), (ZERO,)))
        first += [Declare(sheet.kind, rows, (_count(sheet, s),)), AtOnce(Do(call))]
    last: list[Statement] = []
    for s in (s for s in outputs if s.type.shape):
        rows, array = _rows_of_output(sheet, s), part_of_token(output_name(sheet, s), s, token, into=True)
        call = sheet.words.helper("out_of_tile", Name(sheet.count), sheet.numbers_of(s), Index(Name(rows), (ZERO,)), array)
        first.append(Declare(sheet.kind, rows, (_count(sheet, s),)))
        last.append(AtOnce(Do(call)))
    tiled = in_tiles([*first, *body, *last], sheet.tile_words())
    rest = e.total([(1, Name(sheet.n)), (-1, token)])
    body = (_declare_count(sheet.count, rest), *tiled.body)
    return [*tiled.before, Count(sheet.token, ZERO, Name(sheet.n), body, Name("TILE")), *tiled.after]


def _count(sheet: FastSheet, symbol: Symbol) -> int:
    return int(sheet.numbers_of(symbol).digits)


def _declare_count(name: str, tokens: Expression) -> Statement:
    """As many tokens as there are, if they are fewer than a tile has."""
    return Declare("const size", name, (), Conditional(e.compare(tokens, "<", Name("TILE")), tokens, Name("TILE")))
