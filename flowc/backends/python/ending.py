"""The end of a generated file: the diagram's table, and what running the file does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod

from flowc.backends.code.build import Group, assign
from flowc.backends.code.python_words import text_lines
from flowc.backends.code.quote_statements import statement
from flowc.backends.code.tree import Assert, Do, Expression, For, Function, If, List, Name, Quoted, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.naming import local
from flowc.backends.python.sheet import Described, Sheet, assigned, output_words, returned
from flowc.backends.python.spelling import nested_numbers
from flowc.backends.python.terminal import main_section
from flowc.backends.python.text import named
from flowc.graph.network import Table, Values
from flowc.program.ir import Symbol


def table_of(sheet: Described) -> Table | None:
    """The first inline table that gives every input, where there are outputs to stand beside it."""
    if not sheet.program.outputs:
        return None
    for data in sheet.network.data:
        if isinstance(data, Table) and data.part != "test":
            inputs_given = {v.node for v in data.values}
            if inputs_given >= {s.owner for s in sheet.program.inputs} and data.cells:
                return data
    return None


def by_node(table: Table) -> dict[str, Values]:
    """What the table gives, by the names of nodes."""
    return {v.node: v for v in table.values}


def data_function(sheet: Sheet, array: Callable[[Expression], Expression], table: Table) -> Function:
    """`data()`: the table as arrays, inputs, targets, then expected outputs. `array`: one of these numbers."""
    columns = columns_of(sheet, table)
    body = [assign(sheet.names[s], array(nested_numbers(values.rows))) for s, values in columns.items()]
    doc = "The diagram's table: inputs, then what should come out."
    return Function("data", (), doc, (*body, returned([sheet.names[s] for s in columns])))


def columns_of(sheet: Sheet, table: Table) -> dict[Symbol, Values]:
    """What the table has: inputs, targets, and what should come out."""
    program, values = sheet.program, by_node(table)
    symbols = dict.fromkeys([*program.inputs, *program.targets, *program.outputs])
    return {s: values[s.owner] for s in symbols if s.owner in values}


def expected_outputs(sheet: Sheet, table: Table) -> list[Symbol]:
    """The outputs whose values the table has, each once."""
    values = by_node(table)
    return [s for s in dict.fromkeys(sheet.program.outputs) if s.owner in values]


def table_function(sheet: Sheet, library: Library, outputs: Expression, table: Table) -> Function:
    """`table()`: every row as written, and the outputs beside it."""
    names = [sheet.names[s] for s in columns_of(sheet, table)]
    row, values, value = (local(n, [*names, *sheet.outputs]) for n in ("row", "values", "value"))
    has_several = len(names) > len(sheet.inputs)
    stacked = _stack_columns(library, [_rows_of_numbers(sheet, s) for s in sheet.program.outputs])
    stacked = e.method(stacked, "tolist")
    if not sheet.inputs:  # one token, the same beside every row
        stacked = e.product([stacked, e.atom("len(ROWS)")])
    body = [
        *([assigned([*sheet.inputs, *["*_"] * has_several], e.call("data"))] if sheet.inputs else []),
        assigned(sheet.outputs, outputs),
        print_heading(sheet, table),
        For(e.row([row, values]), e.call("zip", "ROWS", stacked), (print_row(row, value, values),)),
    ]
    return table_of_outputs(sheet, body)


def table_of_outputs(sheet: Sheet, body: Sequence[Statement]) -> Function:
    doc = f"Print the diagram's table, and {output_words(sheet.outputs)} beside every row."
    return Function("table", (), doc, tuple(body))


def print_heading(sheet: Sheet, table: Table) -> Statement:
    heading = aligned_rows(table, input_columns(sheet, table))[0]
    names = ", ".join(sheet.outputs)
    title = f"{heading} | forward: {names if len(heading) + len(names) < 55 else f'{len(sheet.outputs)} outputs'}"
    return Quoted(tuple(line[4:] for line in text_lines(title, "    print(", ")")))


def print_row(row: str, value: str, values: str) -> Statement:
    return statement(f'print({row}, "|", *(f"{{{value}:.4g}}" for {value} in {values}))')


def input_columns(sheet: Described, table: Table) -> int:
    """How many of the table's columns, from the left, belong to inputs."""
    elements = sum(prod(s.type.shape) for s in sheet.program.inputs)
    return min(elements, len(table.header))


def _rows_of_numbers(sheet: Sheet, symbol: Symbol) -> Expression:
    """A row of numbers for each token."""
    name = sheet.names[symbol]
    return e.call(f"{name}.reshape", f"len({name})", "-1") if len(symbol.type.shape) > 1 else Name(name)


def _stack_columns(library: Library, columns: Sequence[Expression]) -> Expression:
    return e.call(f"{library.module}.column_stack", List(tuple(columns)))


def aligned_rows(table: Table, inputs: int) -> list[str]:
    """Heading and rows, columns under one another, a bar behind the inputs where the table has more."""
    lines = [tuple(map(named, row)) for row in (table.header, *table.cells)]
    widths = [max(len(row[i]) for row in lines) for i in range(len(table.header))]
    padded = [[cell.ljust(w) for cell, w in zip(row, widths, strict=True)] for row in lines]
    parts = [(row[:inputs], row[inputs:]) for row in padded]
    return [" | ".join("  ".join(cells) for cells in part if cells) for part in parts]


def rows_as_written(sheet: Sheet, table: Table) -> Statement:
    """`ROWS`: the table's rows as they stand in the diagram."""
    _, *lines = aligned_rows(table, input_columns(sheet, table))
    return Quoted(("ROWS = [", *(part for line in lines for part in text_lines(line, "    ", ",")), "]"))


def forward_call(sheet: Sheet) -> e.Expression:
    """The outputs, from inputs and the weights that learning starts from."""
    return e.call("forward", *sheet.inputs, *(["**initial_weights()"] if sheet.learnt else []))


def ending(sheet: Sheet, library: Library, outputs: Expression, selftest: Statement | None, **others: Statement) -> dict[str, Group]:
    """What follows the diagram's own functions. `outputs` is their call, `selftest` tests the gradients, where there are any; a
    file without them needs no command line: it prints its table and holds it to what should come out. `others` run, too, where
    they are asked for."""
    table = table_of(sheet)
    if selftest is None:
        shown = show_table(sheet, library, outputs, table) if table else [Do(e.call("print", "__doc__"))]
        return {":main": main_section(sheet.network, *shown)}
    printed = partial(table_function, sheet, library, outputs)
    return {**table_sections(sheet, table, library.make_array, printed), **test_sections(sheet, table, selftest=selftest, **others)}


def table_sections(
    sheet: Sheet, table: Table | None, array: Callable[[Expression], Expression], printed: Callable[[Table], Function]
) -> dict[str, Group]:
    """The table as it is written, as arrays, and the function by which it is `printed`; nothing without a table."""
    if table is None:
        return {}
    return {":rows": [rows_as_written(sheet, table)], "data": [data_function(sheet, array, table)], "table": [printed(table)]}


def test_sections(sheet: Sheet, table: Table | None, **functions: Statement) -> dict[str, Group]:
    """Functions each of which runs where it is asked for, as by `--selftest`, else what running a file does."""
    run = run_table(table)
    for name in reversed(functions):
        run = If(e.compare(Text(f"--{name}"), "in", e.atom("sys.argv")), (Do(e.call(name)),), (run,))
    return {**{name: [code] for name, code in functions.items()}, ":main": main_section(sheet.network, run)}


def run_table(table: Table | None) -> Statement:
    """What running a file does."""
    return Do(e.call("table") if table else e.call("print", "__doc__"))


def show_table(sheet: Sheet, library: Library, outputs: Expression, table: Table) -> list[Statement]:
    """The table's arrays, the outputs beside them, and whether these are as expected."""
    program, values = sheet.program, by_node(table)
    expected = expected_outputs(sheet, table)
    names = names_expected(sheet, expected, [*sheet.inputs, *sheet.outputs])
    heading = ", ".join([*sheet.inputs, *sheet.outputs])
    arrays = {s: sheet.names[s] for s in program.inputs} | names
    columns = [_rows_of_numbers(sheet, s) for s in (*program.inputs, *program.outputs)]
    return [
        *(assign(name, library.make_array(nested_numbers(values[s.owner].rows))) for s, name in arrays.items()),
        assigned(sheet.outputs, outputs),
        Do(e.call("print", Text(heading if len(heading) < 60 else "inputs, then outputs"))),
        Do(e.call("print", _stack_columns(library, columns))),
        *(Assert(library.is_close(sheet.names[s], names[s], tolerance_of(table, s))) for s in expected),
    ]


def names_expected(sheet: Sheet, symbols: Sequence[Symbol], taken: Sequence[str]) -> dict[Symbol, str]:
    """What the expected values of these are called."""
    return {s: local(f"expected_{sheet.names[s]}" if len(symbols) > 1 else "expected", taken) for s in symbols}


def tolerance_of(table: Table, symbol: Symbol) -> float | None:
    """Half a unit of the last digit that the columns of a node give; none where they give whole numbers."""
    name = symbol.owner
    places = [place for place, head in enumerate(table.header) if head == name or head.startswith(f"{name}[")]
    decimals = [_count_decimals(row[i]) for row in table.cells for i in places if "." in row[i]]
    return 0.5 * 10 ** -min(decimals) if decimals else None


def _count_decimals(cell: str) -> int:
    """How many digits a number has behind its point."""
    exponent = cell.lower().find("e")
    return (len(cell) if exponent < 0 else exponent) - cell.index(".") - 1
