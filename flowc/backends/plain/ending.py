"""The end of a file of plain Python: the diagram's table, the self-test, and what running the file does."""

from __future__ import annotations

from dataclasses import replace

from flowc.backends.code.build import Group, assign
from flowc.backends.code.fill import fill
from flowc.backends.code.layout import WIDTH
from flowc.backends.code.quote import read
from flowc.backends.code.quote_statements import statement
from flowc.backends.code.tree import Assert, Expression, For, Function, Name, Starred, Statement, Tuple
from flowc.backends.plain.sheet import PlainSheet
from flowc.backends.plain.templates import HELPERS
from flowc.backends.python import expression as e
from flowc.backends.python.ending import (
    columns_of,
    data_of,
    names_expected,
    print_heading,
    print_row,
    rows_as_written,
    run,
    table_of,
    table_of_outputs,
    tolerance,
)
from flowc.backends.python.naming import local, renamed
from flowc.backends.python.selftest import SelfTest, gradient_test
from flowc.backends.python.sheet import assigned, returned
from flowc.backends.python.spelling import rows
from flowc.backends.python.terminal import main_section, run_or_test
from flowc.graph.network import Table
from flowc.program.ir import Symbol

ROUNDING = 0.5e-8  # where a table gives whole numbers
TEST_OF_LISTS = SelfTest(
    "rng = random.Random(0)",
    {
        "number": "rng.gauss(0, 1)",
        "class": "rng.sample([1.0] + [0.0] * OTHERS, COUNT)",
        "bit": "rng.choice([0.0, 1.0])",
        "sign": "rng.choice([-1.0, 1.0])",
    },
    {
        "perturbed": "lambda w: moved(w, noise(w, rng), 0.1)",
        "direction": "lambda w: noise(w, rng)",
        "raised": "lambda w, v: moved(w, v, eps)",
        "lowered": "lambda w, v: moved(w, v, -eps)",
        "along": "lambda d, v: inner(d, v)",
    },
    arrays=False,
)
TEST_OF_NUMBERS = replace(
    TEST_OF_LISTS,
    words={
        "perturbed": "lambda w: w + rng.gauss(0, 0.1)",
        "raised": "lambda w, v: w + eps",
        "lowered": "lambda w, v: w - eps",
        "along": "lambda d, v: d",
    },
    directed=False,
)


def ending(sheet: PlainSheet) -> dict[str, Group]:
    """What follows the diagram's own functions."""
    table = table_of(sheet)
    shown: dict[str, Group] = {} if table is None else {
        ":rows": [rows_as_written(sheet, table)],
        "data": [data_function(sheet, table)],
        "table": [table_function(sheet, table)],
    }  # fmt: skip
    if not sheet.learns:
        return {**shown, ":main": main_section(sheet.network, run(table))}
    test = gradient_test(sheet, TEST_OF_LISTS if sheet.lists else TEST_OF_NUMBERS)
    drawing = {name: [HELPERS.definition(name)] for name in ("noise", "inner") if sheet.lists}
    return {**shown, **drawing, "selftest": [test], ":main": main_section(sheet.network, run_or_test(run(table)))}


# ----------------------------------------------------------------------- table


def data_function(sheet: PlainSheet, table: Table) -> Function:
    """`data()`: a list for each."""
    columns = columns_of(sheet, table)
    body = [assign(sheet.names[s], rows(values.rows)) for s, values in columns.items()]
    return data_of([*body, returned([sheet.names[s] for s in columns])])


def table_function(sheet: PlainSheet, table: Table) -> Function:
    """`table()`: every row as written, and what `forward` gives for it; without weights it must be what is expected."""
    program = sheet.program
    symbols = columns_of(sheet, table)
    names = [sheet.names[s] for s in symbols]
    listed = [] if sheet.learnt else [s for s in dict.fromkeys(program.outputs) if s in symbols]
    names_in_use = [*names, *sheet.outputs]
    row, value = local("row", names_in_use), local("value", names_in_use)
    expected = names_expected(sheet, listed, names_in_use)
    known_values = [*sheet.inputs, *expected.values()]
    has_several = len(names) > len(known_values)
    skipped = [name if name in sheet.inputs else "_" for name in names if name not in sheet.outputs]
    unpacked = [*sheet.inputs, "*_"] if has_several and not expected else [*skipped, *expected.values()]
    printed = [*_print_row(sheet, row, value)]
    printed += [_assertion(sheet, table, symbol, name) for symbol, name in expected.items()]
    body = [
        *([assigned(unpacked, e.call("data"))] if known_values else []),
        print_heading(sheet, table),
        *_loop_over_rows(sheet, row, list(expected.values()), printed),
    ]
    return table_of_outputs(sheet, body)


def _loop_over_rows(sheet: PlainSheet, row: str, expected: list[str], body: list[Statement]) -> list[Statement]:
    """For every row the outputs, by their names."""
    weights = ["**initial_weights()"] if sheet.learnt else []
    call = e.call("forward", *sheet.inputs, *weights)
    outputs = sheet.outputs
    if sheet.each:
        return _rows(row, [*sheet.inputs, *expected], [assigned(outputs, call), *body])
    if not sheet.inputs:  # one token, the same beside every row
        single = Tuple(tuple(Tuple((e.atom(name),)) for name in outputs))
        return [assign(single if len(outputs) > 1 else single.items[0], call), *_rows(row, expected, body)]
    source = e.call("zip", "ROWS", Starred(call) if len(outputs) > 1 else call, *expected)
    return _for([row, *outputs, *expected], source, body)


def _rows(row: str, lists: list[str], body: list[Statement]) -> list[Statement]:
    """The loop over the rows, and the values in lists beside them."""
    return _for([row, *lists], e.call("zip", "ROWS", *lists) if lists else e.atom("ROWS"), body)


def _for(names: list[str], source: Expression, body: list[Statement]) -> list[Statement]:
    loop = For(e.row(names), source, tuple(body))
    if len(f"    for {', '.join(names)} in {e.flat(source)}:") <= WIDTH:
        return [loop]
    return [assign("rows", source), For(e.row(names), Name("rows"), tuple(body))]


def _print_row(sheet: PlainSheet, row: str, value: str) -> list[Statement]:
    outputs = sheet.program.outputs
    if all(not s.type.shape for s in outputs) and len(outputs) == 1:
        return [statement(f'print({row}, "|", f"{{{sheet.outputs[0]}:.4g}}")')]
    if len(outputs) == 1 and len(outputs[0].type.shape) == 1:
        return [print_row(row, value, sheet.outputs[0])]
    values = Tuple(e.arguments_of(*(x for s in outputs for x in _flattened(sheet, s))))
    return [assign("values", values), print_row(row, value, "values")]


def _flattened(sheet: PlainSheet, symbol: Symbol) -> list[str]:
    name = sheet.names[symbol]
    if len(symbol.type.shape) < 2:
        return [("*" if symbol.type.shape else "") + name]
    rows_of = [f"*{name}[{i}]" for i in range(symbol.type.shape[0])]
    return rows_of if len(symbol.type.shape) == 2 else [f"len({name})"]


def _assertion(sheet: PlainSheet, table: Table, symbol: Symbol, expected: str) -> Statement:
    """Equal but for the digits that the table leaves away."""
    limit, name = f"{tolerance(table, symbol) or ROUNDING:.2g}", sheet.names[symbol]
    names_taken = (name, expected)
    names = renamed("a", "b", taken=names_taken) if symbol.type.shape else {"a": Name(name), "b": Name(expected)}
    assertion = fill(read(f"abs(a - b) <= {limit}"), names)
    if not symbol.type.shape:
        return Assert(assertion)
    return For(fill(read("(a, b)"), names), e.call("zip", name, expected), (Assert(assertion),))
