"""The end of a file of plain Python: the diagram's table, the self-test, and what running the file does."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flowc.backends.code.build import Group, assign, in_row
from flowc.backends.code.fill import fill
from flowc.backends.code.layout import WIDTH
from flowc.backends.code.quote import read
from flowc.backends.code.quote_statements import statement
from flowc.backends.code.tree import Assert, For, Function, Name, Starred, Statement, Tuple
from flowc.backends.plain.sheet import PlainSheet
from flowc.backends.plain.templates import HELPERS
from flowc.backends.python import expression as e
from flowc.backends.python.ending import (
    columns_of,
    expected_outputs,
    forward_call,
    names_expected,
    print_heading,
    print_row,
    run_table,
    table_of,
    table_of_outputs,
    table_sections,
    test_sections,
    tolerance_of,
)
from flowc.backends.python.naming import local, renamed
from flowc.backends.python.selftest import SelfTest, gradient_test
from flowc.backends.python.sheet import assigned
from flowc.backends.python.terminal import main_section
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
    shown = table_sections(sheet, table, lambda numbers: numbers, partial(table_function, sheet))
    if not sheet.learns:
        return {**shown, ":main": main_section(sheet.network, run_table(table))}
    test = gradient_test(sheet, TEST_OF_LISTS if sheet.lists else TEST_OF_NUMBERS)
    drawing = {name: [HELPERS.definition(name)] for name in ("noise", "inner") if sheet.lists}
    return {**shown, **drawing, **test_sections(sheet, table, selftest=test)}


def table_function(sheet: PlainSheet, table: Table) -> Function:
    """`table()`: every row as written, and what `forward` gives for it; without weights it must be what is expected."""
    names = [sheet.names[s] for s in columns_of(sheet, table)]
    names_in_use = [*names, *sheet.outputs]
    row, value = local("row", names_in_use), local("value", names_in_use)
    expected = names_expected(sheet, [] if sheet.learnt else expected_outputs(sheet, table), names_in_use)
    columns = [name if name in sheet.inputs else "_" for name in names if name not in sheet.outputs]
    columns = [*columns, *expected.values()] if expected or len(names) == len(sheet.inputs) else [*sheet.inputs, "*_"]
    asserted = [_assert_row(sheet, table, symbol, name) for symbol, name in expected.items()]
    body = [
        *([assigned(columns, e.call("data"))] if sheet.inputs or expected else []),
        print_heading(sheet, table),
        *_loop_over_rows(sheet, row, [*expected.values()], [*_print_row(sheet, row, value), *asserted]),
    ]
    return table_of_outputs(sheet, body)


def _loop_over_rows(sheet: PlainSheet, row: str, expected: list[str], body: list[Statement]) -> list[Statement]:
    """For every row the outputs, by their names, and the values in lists beside them."""
    call = forward_call(sheet)
    names, lists, before = sheet.outputs, e.arguments_of(Starred(call) if len(sheet.outputs) > 1 else call), []
    if sheet.each:
        body = [assigned(names, call), *body]
        names, lists = sheet.inputs, e.arguments_of(*sheet.inputs)
    elif not sheet.inputs:  # one token, the same beside every row
        before = [assign(in_row([Tuple((Name(name),)) for name in names]), call)]
        names, lists = [], ()
    source = e.call("zip", "ROWS", *lists, *expected) if lists or expected else Name("ROWS")
    targets = [row, *names, *expected]
    if len(f"    for {', '.join(targets)} in {e.flat(source)}:") > WIDTH:
        before.append(assign("rows", source))
        source = Name("rows")
    return [*before, For(e.row(targets), source, tuple(body))]


def _print_row(sheet: PlainSheet, row: str, value: str) -> list[Statement]:
    outputs = sheet.program.outputs
    if all(not s.type.shape for s in outputs) and len(outputs) == 1:
        return [statement(f'print({row}, "|", f"{{{sheet.outputs[0]}:.4g}}")')]
    if len(outputs) == 1 and len(outputs[0].type.shape) == 1:
        return [print_row(row, value, sheet.outputs[0])]
    values = Tuple(e.arguments_of(*(x for s in outputs for x in _flat_elements(sheet, s))))
    return [assign("values", values), print_row(row, value, "values")]


def _flat_elements(sheet: PlainSheet, symbol: Symbol) -> list[str]:
    name = sheet.names[symbol]
    if len(symbol.type.shape) < 2:
        return [("*" if symbol.type.shape else "") + name]
    rows_of = [f"*{name}[{i}]" for i in range(symbol.type.shape[0])]
    return rows_of if len(symbol.type.shape) == 2 else [f"len({name})"]


def _assert_row(sheet: PlainSheet, table: Table, symbol: Symbol, expected: str) -> Statement:
    """Equal but for the digits that the table leaves away."""
    limit, name = f"{tolerance_of(table, symbol) or ROUNDING:.2g}", sheet.names[symbol]
    names_taken = (name, expected)
    names = renamed("a", "b", taken=names_taken) if symbol.type.shape else {"a": Name(name), "b": Name(expected)}
    assertion = fill(read(f"abs(a - b) <= {limit}"), names)
    if not symbol.type.shape:
        return Assert(assertion)
    return For(fill(read("(a, b)"), names), e.call("zip", name, expected), (Assert(assertion),))
