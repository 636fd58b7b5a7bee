"""The end of a JavaScript file: the diagram's table, the self-test, and what running the file in node does."""

from __future__ import annotations

from math import prod

from flowc.backends.code.build import assign
from flowc.backends.code.javascript import Arrow, Documented, Taken, flat
from flowc.backends.code.scope import names
from flowc.backends.code.tree import (
    Attribute,
    Conditional,
    Dict,
    Do,
    Expression,
    Index,
    List,
    Name,
    Number,
    Product,
    Quoted,
    Return,
    Statement,
    Text,
)  # fmt: skip
from flowc.backends.code.typed import Count, Declare
from flowc.backends.javascript.declarations import array_from
from flowc.backends.javascript.sheet import JavaScriptSheet
from flowc.backends.javascript.weights import rows
from flowc.backends.loops.ending import NOTHING_TO_TEST, ROUNDING, VERDICT
from flowc.backends.loops.loops import ZERO, flattened
from flowc.backends.python import expression as e
from flowc.backends.python.ending import aligned_rows, by_node, input_columns, table_of, tolerance_of
from flowc.backends.python.selftest import compared_by_losses, form_of
from flowc.backends.python.sheet import output_words
from flowc.graph.network import Table
from flowc.program.ir import Symbol

SAMPLES = 5  # tokens of the self-test


def ending(sheet: JavaScriptSheet) -> dict[str, list[Statement]]:
    table = table_of(sheet)
    sections: dict[str, list[Statement]] = {}
    if table:
        sections |= {":rows": [rows_as_written(sheet, table)], "data": [data(sheet, table)], "table": [table_function(sheet, table)]}
    if sheet.learns:
        sections |= {":tried": [tried(sheet)]}
        sheet.words.helper("selftest")
    return sections


def rows_as_written(sheet: JavaScriptSheet, table: Table) -> Statement:
    _, *lines = aligned_rows(table, input_columns(sheet, table))
    return Quoted(("const ROWS = [", *(f"    {flat(Text(line))}," for line in lines), "];"))


def data(sheet: JavaScriptSheet, table: Table) -> Documented:
    """The table's columns, by their names."""
    values, count = by_node(table), len(table.cells)
    symbols = [s for s in dict.fromkeys([*sheet.program.inputs, *sheet.program.targets, *sheet.outputs]) if s.owner in values]
    columns = {s: rows(sheet, flattened(values[s.owner].rows), (count, *s.type.shape)) for s in symbols}
    declared = [Declare("const", sheet.names[s], (), column) for s, column in columns.items()]
    result = Dict(tuple(e.entry(sheet.names[s], Name(sheet.names[s])) for s in symbols))
    return Documented("data", (), "", "The diagram's table: inputs, then what should come out.", (*declared, Return(result)))


def table_function(sheet: JavaScriptSheet, table: Table) -> Documented:
    """Every row as written, and what `forward` gives for it. It returns how many numbers are not what the table says."""
    named, token = sheet.names, Name(sheet.token)
    expected = [] if sheet.learnt else [s for s in sheet.outputs if s.owner in by_node(table)]
    call = e.call("forward", *(_column(sheet, s) for s in sheet.program.inputs), *([Name("weights")] if sheet.learnt else []))
    only = len(sheet.outputs) == 1
    values = {s: Name(named[s]) if only else Attribute(Name("outputs"), named[s]) for s in sheet.outputs}
    shown = sheet.words.helper("shown", *values.values()) if only else sheet.words.helper("shown", List(tuple(values.values())))
    row = e.call("console.log", Index(Name("ROWS"), (token,)), Text("|"), shown)
    body: list[Statement] = [Declare("const", named[sheet.outputs[0]] if only else "outputs", (), call), Do(row)]
    for s in expected:
        limit = Number(repr(float(f"{tolerance_of(table, s) or ROUNDING:.2g}")))
        body.append(assign("wrong", sheet.words.helper("count_far", values[s], _column(sheet, s), limit), "+"))
    heading = aligned_rows(table, input_columns(sheet, table))[0]
    title = f"{heading} | forward: {', '.join(named[s] for s in sheet.outputs)}"
    statements = [
        *([Declare("const", "columns", (), e.call("data"))] if "columns" in names(*body) else []),
        *([Declare("const", "weights", (), e.call("initial_weights"))] if sheet.learnt else []),
        *([Declare("let", "wrong", (), ZERO)] if expected else []),
        Do(e.call("console.log", Text(title))),
        Count(sheet.token, ZERO, Attribute(Name("ROWS"), "length"), tuple(body)),
        *([Do(e.call("console.log", Text(VERDICT), Name("wrong"))), Return(Name("wrong"))] if expected else []),
    ]  # fmt: skip
    doc = f"Print the diagram's table, and {output_words([named[s] for s in sheet.outputs])} beside every row."
    if expected:
        doc += " Returns how many numbers are not what the table expects."
    return Documented("table", (), "number" if expected else "", doc, tuple(statements))


def _column(sheet: JavaScriptSheet, symbol: Symbol) -> Expression:
    """What the row that a loop is at has of a node."""
    return Index(Attribute(Name("columns"), sheet.names[symbol]), (Name(sheet.token),))


# ------------------------------------------------------------------------------------------------------------ self-test


def tried(sheet: JavaScriptSheet) -> Documented:
    """The gradients of drawn tokens, the same whenever it is called."""
    losses = compared_by_losses(sheet)
    body: list[Statement] = [Declare("const", "next", (), sheet.words.helper("noise"))]
    body += [Declare("const", sheet.names[s], (), _samples(sheet, s, losses.get(s.owner, ("", "")))) for s in sheet.samples]
    if len(body) == 1:
        body = []
    call = e.call("gradients", *(sheet.names[s] for s in sheet.samples), "weights")
    doc = f"The gradients of {SAMPLES} drawn tokens, always the same."
    return Documented("tried", (Taken("Weights", "weights"),), "", doc, (*body, Return(call)), exported=False)


def _samples(sheet: JavaScriptSheet, symbol: Symbol, loss: tuple[str, str]) -> Expression:
    """Tokens, of the kind that the loss wants of a target."""
    shape = (SAMPLES, *symbol.type.shape)
    form, k = form_of(*loss, symbol.type.shape), sheet.k
    arrow: Expression = Name("next")
    if form == "class":
        count = Number(str(shape[-1]))
        row = sheet.words.whole_quotient(Name(k), count)
        place = e.compare(Product((("", Name(k)), ("%", count))), "==", e.product([row, count], "%"))
        arrow = Arrow(("_", k), Conditional(place, Number("1"), ZERO))
    elif form in ("sign", "bit"):
        arrow = Arrow((), Conditional(e.compare(e.call("next"), ">", ZERO), Number("1"), Number("-1") if form == "sign" else ZERO))
    numbers = array_from(prod(shape), arrow)
    return numbers if len(shape) == 1 else sheet.words.helper("nested", numbers, List(e.numbers(shape)))


# ----------------------------------------------------------------------------------------------------------------- main


def main_lines(sheet: JavaScriptSheet, sections: dict[str, list[Statement]]) -> list[str]:
    """What node does with the file itself; to a page, and to another module, it does nothing."""
    table = sections.get("table")
    if table:
        assert isinstance(table[0], Documented)
        if table[0].returns:  # the verdict is the table's, however the file is called
            return _in_node(["node.exitCode = table() ? 1 : 0;"])
    test = [f'console.log("{NOTHING_TO_TEST}");']
    if sheet.learns:
        test = ["const result = selftest();", "console.log(result);", 'node.exitCode = result.startsWith("the gradients") ? 1 : 0;']
    shown = ["} else {", "    table();"] if table else []
    return _in_node(['if (node.argv.includes("--selftest")) {', *(f"    {line}" for line in test), *shown, "}"])


def _in_node(run: list[str]) -> list[str]:
    return [
        "const node = /** @type {any} */ (globalThis).process;", "const script = node?.argv?.[1]?.replaceAll(\"\\\\\", \"/\");",
        "if (script && decodeURIComponent(import.meta.url).endsWith(script)) {", *(f"    {line}" for line in run), "}",
    ]  # fmt: skip
