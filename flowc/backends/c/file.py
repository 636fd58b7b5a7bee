"""A file of C: the header, helpers, weights, the diagram's functions, its table, the self-test, `main`."""

from __future__ import annotations

from collections.abc import Container, Sequence

from flowc.backends.backend import Options
from flowc.backends.c.ending import ending, is_tested
from flowc.backends.c.fast import fast_functions
from flowc.backends.c.fast_helpers import fast_helper_functions
from flowc.backends.c.fast_sheet import FastSheet
from flowc.backends.c.functions import functions
from flowc.backends.c.helpers import helper_functions
from flowc.backends.c.sheet import CSheet
from flowc.backends.c.weights import start_numbers
from flowc.backends.code.build import assign
from flowc.backends.code.c import block, safe_comment
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Name, Statement
from flowc.backends.code.typed import Declare, Fields, Parameter, Pointed, Struct, TypedFunction
from flowc.backends.loops.loops import braces
from flowc.backends.python.header import header_lines
from flowc.graph.network import Draw, Network
from flowc.program.ir import Program


def c_file(network: Network, program: Program, options: Options) -> str:
    """Raises Refused."""
    fast = options.style == "fast"
    sheet = FastSheet(network, program, options) if fast else CSheet(network, program, options)
    printed = fast_functions(sheet) if isinstance(sheet, FastSheet) else functions(sheet)
    sections: dict[str, list[Statement]] = {":constants": constants(sheet, names(*printed.values()))}
    if sheet.learnt:
        sections |= {":weights": [weights_struct(sheet)], "initial_weights": initial_weights(sheet)}
    sections |= {name: [function] for name, function in printed.items()}
    sections |= ending(sheet)
    if part := sheet.chosen_part(sections):
        return "\n".join(block(part)) + "\n"
    texts = ["\n".join(block(section)) for section in sections.values() if section]
    if isinstance(sheet, FastSheet):
        code = "\n".join("\n".join(block(section)) for name, section in sections.items() if name != "initial_weights")
        helpers = fast_helper_functions(sheet.words, sheet.meshes) + sheet.meshes.tables_in(code)
    else:
        helpers = helper_functions(sheet.words)
    used = ["math", "stddef", "stdio", *(["string"] if "strcmp" in names(*sections["main"]) else [])]
    return "\n\n".join([header(sheet), includes(sheet, used), *([helpers.rstrip("\n")] if helpers else []), *texts]) + "\n"


def includes(sheet: CSheet, headers: Sequence[str]) -> str:
    """The headers, and how many tokens a tile has."""
    if isinstance(sheet, FastSheet):
        headers = sorted({*headers, "stdint", "string"})
    lines = [f"#include <{name}.h>" for name in headers]
    tile = ["", f"enum {{ TILE = {sheet.width} }};  /* tokens at a time */"] if isinstance(sheet, FastSheet) else []
    return "\n".join([*lines, *tile])


def header(sheet: CSheet, notes: Sequence[str] = ()) -> str:
    notes = [*sheet.element_names(), *notes]
    if any(s.type.shape for s in (*sheet.samples, *sheet.program.outputs)):
        notes.append("Arrays of tokens are numbers row by row, one token behind the other.")
    if isinstance(sheet, FastSheet):
        notes.append("For speed: compile with -O3 -march=native; the last digits of numbers are then the compiler's.")
    if any(isinstance(w.start, Draw) for w in sheet.network.weights):
        notes.append(f"The weights start from what the seed {sheet.network.seed} draws.")
    if sheet.learns and not is_tested(sheet) and not sheet.options.train:
        notes.append("There is no self-test: differences of floats say too little; `--dtype float64` has one.")
    lines = header_lines(sheet.network, sheet.program, sheet.names, sheet.options, notes, "C")
    return "\n".join(["/*", *map(safe_comment, lines), "*/"])


# -------------------------------------------------------------------------------------------------------------- weights


def weights_struct(sheet: CSheet) -> Struct:
    fields = tuple(Declare(sheet.kind, sheet.names[s], s.type.shape) for s in sheet.learnt)
    doc = "The weights that learn; W[target][source]." if any(s.type.shape for s in sheet.learnt) else "The weights that learn."
    return Struct("weights", doc, fields)


def constants(sheet: CSheet, used: Container[str]) -> list[Statement]:
    """Weights that do not learn, where something uses them."""
    statements: list[Statement] = []
    for s in sheet.fixed:
        if sheet.names[s] not in used:
            continue
        numbers = braces(start_numbers(sheet.records[s.owner], sheet.network.seed, sheet.longest), s.type.shape, sheet.words)
        statements.append(Declare(f"static const {sheet.kind}", sheet.names[s], s.type.shape, numbers))
    return statements


def initial_weights(sheet: CSheet) -> list[Statement]:
    """`initial_weights(w)`: where learning starts."""
    fields = []
    for s in sheet.learnt:
        numbers = braces(start_numbers(sheet.records[s.owner], sheet.network.seed, sheet.longest), s.type.shape, sheet.words)
        fields.append(assign(Name(f".{sheet.names[s]}"), numbers))
    start = sheet.names.fresh("start")
    body = (Declare("static const struct weights", start, (), Fields(tuple(fields))), assign(Pointed(Name(sheet.w)), Name(start)))
    return [TypedFunction("void", "initial_weights", (Parameter("struct weights *", sheet.w),), "Where learning starts.", body)]
