"""The end of a generated file: the diagram's table, and what running the file does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import prod

from flowc.backends.code.python import laid_out
from flowc.backends.code.words import text_lines
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.naming import local
from flowc.backends.python.printer import statement_lines
from flowc.backends.python.sheet import Sheet, assigned, definition, output_words, returned, several
from flowc.backends.python.spelling import rows
from flowc.backends.python.terminal import main_section
from flowc.backends.python.text import named, quoted
from flowc.graph.network import Table, Values
from flowc.program.ir import Program, Symbol


def table_of(sheet: Sheet) -> Table | None:
    """The first inline table that gives every input, where there are outputs to stand beside it."""
    if not sheet.program.outputs:
        return None
    for data in sheet.network.data:
        if isinstance(data, Table) and data.part != "test":
            given = {v.node for v in data.values}
            if given >= {s.owner for s in sheet.program.inputs} and data.cells:
                return data
    return None


def by_node(table: Table) -> dict[str, Values]:
    """What the table gives, by the names of nodes."""
    return {v.node: v for v in table.values}


def data_section(sheet: Sheet, library: Library, table: Table) -> str:
    """`data()`: the table as arrays, inputs, targets, then expected outputs."""
    body, names, _ = _columns(sheet, library, table)
    return definition("data", [], "The diagram's table: inputs, then what should come out.", [*body, *returned(names)])


def _columns(sheet: Sheet, library: Library, table: Table) -> tuple[list[str], list[str], list[Symbol]]:
    body: list[str] = []
    names: list[str] = []
    program, values = sheet.program, by_node(table)
    for symbol in (*program.inputs, *program.targets, *(expected := _expected(program, values))):
        if symbol.owner in values:
            names.append(sheet.names[symbol])
            body += laid_out(library.array(rows(values[symbol.owner].rows)), f"    {sheet.names[symbol]} = ")
    return body, names, expected


def _expected(program: Program, values: Mapping[str, Values]) -> list[Symbol]:
    """The outputs whose values are known, each once."""
    return [s for s in dict.fromkeys(program.outputs) if s.owner in values]


def table_section(sheet: Sheet, library: Library, outputs: e.Expression, table: Table) -> str:
    """`table()`: every row as written, and the outputs beside it."""
    _, names, _ = _columns(sheet, library, table)
    count = len(sheet.program.inputs)
    given = sheet.inputs
    row, values, value = (local(n, [*names, *sheet.outputs]) for n in ("row", "values", "value"))
    body = _unpacked(given, len(names) - count) if given else []
    body += assigned(sheet.outputs, outputs)
    heading = written(table, input_columns(sheet, table))[0]
    row_of_names = ", ".join(sheet.outputs)
    short = len(heading) + len(row_of_names) < 55
    title = f"{heading} | forward: {row_of_names if short else f'{len(sheet.outputs)} outputs'}"
    body += text_lines(title, "    print(", ")")
    stacked = e.bracketed(
        f"{library.module}.column_stack([", [e.atom(_flattened(sheet, s)) for s in sheet.program.outputs], "]).tolist()"
    )
    if not given:  # one token, the same beside every row
        stacked = e.product([stacked, e.atom("len(ROWS)")])
    body += laid_out(e.call("zip", "ROWS", stacked), f"    for {row}, {values} in ", ":")
    body += statement_lines(f'print({row}, "|", *(f"{{{value}:.4g}}" for {value} in {values}))', "        ")
    doc = f"Print the diagram's table, and {output_words(sheet.outputs)} beside every row."
    return definition("table", [], doc, body)


def input_columns(sheet: Sheet, table: Table) -> int:
    """How many of the table's columns, from the left, belong to inputs."""
    elements = sum(prod(s.type.shape) for s in sheet.program.inputs)
    return min(elements, len(table.header))


def _flattened(sheet: Sheet, symbol: Symbol) -> str:
    """A row of numbers for each token."""
    name = sheet.names[symbol]
    return f"{name}.reshape(len({name}), -1)" if len(symbol.type.shape) > 1 else name


def _unpacked(wanted: Sequence[str], more: int) -> list[str]:
    if more == 0:
        return several(wanted, "    ", after=" = data()")
    return several([*wanted, "*_"], "    ", after=" = data()")


def written(table: Table, inputs: int) -> list[str]:
    """Heading and rows, columns under one another, a bar behind the inputs where the table has more."""
    lines = [tuple(map(named, row)) for row in (table.header, *table.cells)]
    widths = [max(len(row[i]) for row in lines) for i in range(len(table.header))]
    padded = [[cell.ljust(w) for cell, w in zip(row, widths, strict=True)] for row in lines]
    parts = [(row[:inputs], row[inputs:]) for row in padded]
    return [" | ".join("  ".join(cells) for cells in part if cells) for part in parts]


def rows_section(sheet: Sheet, table: Table) -> str:
    """`ROWS`: the table's rows as they stand in the diagram."""
    _, *lines = written(table, input_columns(sheet, table))
    return "\n".join(["ROWS = [", *(part for line in lines for part in text_lines(line, "    ", ",")), "]"])


def forward_call(sheet: Sheet) -> e.Expression:
    """The outputs, from inputs and the weights that learning starts from."""
    return e.call("forward", *sheet.inputs, *(["**initial_weights()"] if sheet.learnt else []))


def ending(sheet: Sheet, library: Library, outputs: e.Expression, selftest: str | None) -> dict[str, str]:
    """What follows the diagram's own functions. `outputs` is their call, `selftest` tests the gradients, where there are any; a file without
    them needs no command line: it prints its table and holds it to what should come out."""
    table = table_of(sheet)
    if selftest is None:
        return {":main": _shown_table(sheet, library, outputs, table) if table else main_section(sheet.network, "    print(__doc__)")}
    shown = {} if table is None else {
        ":rows": rows_section(sheet, table),
        "data": data_section(sheet, library, table),
        "table": table_section(sheet, library, outputs, table),
    }  # fmt: skip
    run = "table()" if table else "print(__doc__)"
    main = main_section(sheet.network, '    if "--selftest" in sys.argv:', "        selftest()", "    else:", f"        {run}")
    return {**shown, "selftest": selftest, ":main": main}


def _shown_table(sheet: Sheet, library: Library, outputs: e.Expression, table: Table) -> str:
    """The table's arrays, the outputs beside them, and whether these are as expected."""
    lines: list[str] = []
    program, values = sheet.program, by_node(table)
    for symbol in program.inputs:
        lines += laid_out(library.array(rows(values[symbol.owner].rows)), f"    {sheet.names[symbol]} = ")
    wanted = _expected(program, values)
    taken = [*sheet.inputs, *sheet.outputs]
    names = {s: local(f"expected_{sheet.names[s]}" if len(wanted) > 1 else "expected", taken) for s in wanted}
    for symbol in wanted:
        lines += laid_out(library.array(rows(values[symbol.owner].rows)), f"    {names[symbol]} = ")
    lines += assigned(sheet.outputs, outputs)
    columns = [e.atom(_flattened(sheet, s)) for s in (*program.inputs, *program.outputs)]
    shown = e.bracketed(f"{library.module}.column_stack([", columns, "])")
    heading = ", ".join([*sheet.inputs, *sheet.outputs])
    lines.append(f"    print({quoted(heading if len(heading) < 60 else 'inputs, then outputs')})")
    lines += laid_out(e.bracketed("print(", [shown], ")"), "    ")
    places = _places(table)
    for symbol in wanted:
        tolerance = _tolerance(table, places[symbol.owner])
        lines.append(f"    assert {e.flat(library.close(sheet.names[symbol], names[symbol], tolerance))}")
    return main_section(sheet.network, *lines)


def _places(table: Table) -> dict[str, list[int]]:
    """The columns of each node that is named at their head."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, head in enumerate(table.header):
        places[head.partition("[")[0]].append(place)
    return places


def _tolerance(table: Table, places: Sequence[int]) -> float | None:
    """Half a unit of the last digit that these columns give; none where they give whole numbers."""
    cells = [row[i] for row in table.cells for i in places if "." in row[i]]
    digits = min((len(cell.lower().split("e")[0].split(".")[1]) for cell in cells), default=0)
    return 0.5 * 10**-digits if digits else None
