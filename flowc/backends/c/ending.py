"""The end of a C file: the diagram's table, the self-test, and what running the program does."""

from __future__ import annotations

from math import prod

from flowc.backends.c.functions import output_name, part_of_token, returns
from flowc.backends.c.helpers import quoted_template
from flowc.backends.c.sheet import CSheet
from flowc.backends.code.build import assign
from flowc.backends.code.c import flat
from flowc.backends.code.tree import (
    Blank,
    Compare,
    Conditional,
    Do,
    Expression,
    If,
    Index,
    Name,
    Number,
    Product,
    Return,
    Statement,
    Text,
)  # fmt: skip
from flowc.backends.code.typed import Address, Braces, Count, Declare, Parameter, TypedFunction
from flowc.backends.loops.ending import NOTHING_TO_TEST, ROUNDING, VERDICT
from flowc.backends.loops.loops import ZERO, braces, flattened
from flowc.backends.python import expression as e
from flowc.backends.python.ending import aligned_rows, by_node, input_columns, table_of, tolerance_of
from flowc.backends.python.selftest import compared_by_losses, form_of
from flowc.backends.python.sheet import output_words
from flowc.backends.python.text import titled
from flowc.graph.network import Table
from flowc.program.ir import Symbol

WIDEST = 500  # characters of a row that is printed whole; C99 promises 4095 in a literal
NO_FLOATS = "floats are not tested: `--dtype float64` has a self-test"


def ending(sheet: CSheet) -> dict[str, list[Statement]]:
    table = table_of(sheet)
    sections: dict[str, list[Statement]] = {}
    if table:
        sections |= {":rows": [rows_of(sheet, table)], "table": [table_function(sheet, table)]}
    if is_tested(sheet):
        sections |= {":noise": [quoted_template("noise", sheet.words)], ":tried": [tried(sheet)], "selftest": [selftest(sheet)]}
    return {**sections, "main": [main(sheet, bool(table))]}


def is_tested(sheet: CSheet) -> bool:
    """Differences of floats say too little."""
    return sheet.learns and sheet.kind == "double"


def rows_of(sheet: CSheet, table: Table) -> Statement:
    """The table's rows as they stand in the diagram."""
    _, *lines = aligned_rows(table, input_columns(sheet, table))
    lines = [line if len(line) <= WIDEST else line[:WIDEST] + " ..." for line in lines]
    return Declare("static const char *const", "rows", (len(lines),), Braces(tuple(map(Text, lines))))


def table_function(sheet: CSheet, table: Table) -> TypedFunction:
    """Every row as written, and what `forward` gives for it. It returns how many rows are not what the table says."""
    program, names, token = sheet.program, sheet.names, Name(sheet.token)
    values = by_node(table)
    expected = [] if sheet.learnt else [s for s in dict.fromkeys(program.outputs) if s.owner in values]
    wrong = names.fresh("wrong")
    count = Number(str(len(table.cells)))
    arrays = [Declare(f"static const {sheet.kind}", names[s], (len(table.cells) * prod(s.type.shape),), _numbers(sheet, values[s.owner].rows)) for s in program.inputs]
    expectations = {s: names.fresh(f"expected_{names[s]}") for s in expected}
    arrays += [Declare(f"static const {sheet.kind}", name, (len(table.cells) * prod(s.type.shape),), _numbers(sheet, values[s.owner].rows)) for s, name in expectations.items()]
    weights = [Declare("struct weights", sheet.w), Do(e.call("initial_weights", Address(Name(sheet.w))))] if sheet.learnt else []
    outputs = list(dict.fromkeys(program.outputs))
    body = [*_call(sheet, token), *_print_row(sheet, token)]
    for s, name in expectations.items():
        body.append(_compared(sheet, s, name, tolerance_of(table, s) or ROUNDING, wrong))
    heading = aligned_rows(table, input_columns(sheet, table))[0][:WIDEST]
    title = f"{heading} | forward: {', '.join(sheet.names[s] for s in outputs)}"
    statements = [
        *arrays, *weights, *([Declare("int", wrong, (), ZERO)] if expectations else []), Blank(),
        Do(e.call("printf", Text("%s\n"), Text(title[:WIDEST]))), Count(sheet.token, ZERO, count, tuple(body)),
        *(_conclusion(wrong) if expectations else []),
    ]  # fmt: skip
    doc = f"Print the diagram's table, and {output_words([names[s] for s in outputs])} beside every row."
    if expectations:
        doc += " Returns how many numbers are not what the table expects."
    return TypedFunction("static int" if expectations else "static void", "table", (), doc, tuple(statements))


def _conclusion(wrong: str) -> list[Statement]:
    return [Do(e.call("printf", Text(f"{VERDICT} %d\n"), Name(wrong))), Return(Name(wrong))]


def _numbers(sheet: CSheet, rows: object) -> Expression:
    numbers = flattened(rows)
    return braces(numbers, (len(numbers),), sheet.words)


def _call(sheet: CSheet, token: Expression) -> list[Statement]:
    """`double f = forward(x1[t], x2[t], &w);`"""
    program, result = sheet.program, returns(sheet)
    arguments = [part_of_token(sheet.names[s], s, token) for s in program.inputs]
    arguments += [Address(Name(sheet.w))] if sheet.learnt else []
    if result:
        return [Declare(sheet.kind, output_name(sheet, result), (), e.call("forward", *arguments))]
    outputs = {s: output_name(sheet, s) for s in program.outputs}
    declared: list[Statement] = [Declare(sheet.kind, name, (prod(s.type.shape),) * bool(s.type.shape)) for s, name in outputs.items()]
    arguments += [Name(name) if s.type.shape else Address(Name(name)) for s, name in outputs.items()]
    return [*declared, Do(e.call("forward", *arguments))]


def _print_row(sheet: CSheet, token: Expression) -> list[Statement]:
    """The row as written, and the outputs."""
    row, outputs = Index(Name("rows"), (token,)), list(dict.fromkeys(sheet.program.outputs))
    if not any(s.type.shape for s in outputs):
        numbers = [Name(output_name(sheet, s)) for s in outputs]
        return [Do(e.call("printf", Text("%s |" + " %.4g" * len(numbers) + "\n"), row, *numbers))]
    statements: list[Statement] = [Do(e.call("printf", Text("%s |"), row))]
    for s in outputs:
        name, size = Name(output_name(sheet, s)), prod(s.type.shape)
        shown = Do(e.call("printf", Text(" %.4g"), Index(name, (Name(sheet.k),)) if s.type.shape else name))
        statements.append(Count(sheet.k, ZERO, Number(str(size)), (shown,)) if s.type.shape else shown)
    return [*statements, Do(e.call("printf", Text("\n")))]


def _compared(sheet: CSheet, symbol: Symbol, expected: str, limit: float, wrong: str) -> Statement:
    name, size = Name(output_name(sheet, symbol)), prod(symbol.type.shape)
    at: Expression = Name(sheet.token)
    if not symbol.type.shape:
        return _count_if_far(sheet, name, Index(Name(expected), (at,)), limit, wrong)
    k = sheet.k
    place = e.total([(1, e.product([Number(str(size)), at]) if size > 1 else at), (1, Name(k))])
    return Count(k, ZERO, Number(str(size)), (_count_if_far(sheet, Index(name, (Name(k),)), Index(Name(expected), (place,)), limit, wrong),))


def _count_if_far(sheet: CSheet, value: Expression, expected: Expression, limit: float, wrong: str) -> Statement:
    """Also where it is nan."""
    distance = sheet.words.called("abs", e.total([(1, value), (-1, expected)]))
    return assign(wrong, Name(f"!({flat(distance)} <= {flat(sheet.words.number(float(f'{limit:.2g}')))})"), "+")


# ------------------------------------------------------------------------------------------------------------ self-test


def tried(sheet: CSheet) -> Statement:
    """The gradients of five tokens, the same whenever it is called."""
    losses = compared_by_losses(sheet)
    samples = [Declare(f"static {sheet.kind}", sheet.names[s], (5 * prod(s.type.shape),)) for s in sheet.samples]
    filled = [line for s in sheet.samples for line in _samples(sheet, s, losses.get(s.owner, ("", "")))]
    first = sheet.names.fresh("first")
    once = [Declare("static int", first, (), Number("1")), Blank(), If(Name(first), (*filled, assign(first, ZERO)))] if samples else []
    arguments = [Number("5"), *(Name(sheet.names[s]) for s in sheet.samples), Name(sheet.w), Name(sheet.d)]
    parameters = (Parameter("const struct weights *", sheet.w), Parameter("struct weights *", sheet.d))
    doc = "The gradients of five drawn tokens, always the same."
    return TypedFunction(f"static {sheet.kind}", "tried", parameters, doc, (*samples, *once, Return(e.call("gradients", *arguments))))


def selftest(sheet: CSheet) -> Statement:
    """Central differences along drawn directions of all weights."""
    return quoted_template("selftest", sheet.words)


def _samples(sheet: CSheet, symbol: Symbol, loss: tuple[str, str]) -> list[Statement]:
    """Five tokens, of the kind that the loss wants of a target."""
    name, shape = Name(sheet.names[symbol]), symbol.type.shape
    form, size, k = form_of(*loss, shape), prod(shape), sheet.k
    noise = e.call("noise")
    one, zero = sheet.words.number(1.0), sheet.words.number(0.0)
    if form == "class":
        count = Number(str(shape[-1]))
        place = e.compare(Product((("", Name(k)), ("%", count))), "==", Product((("", Name(k)), ("/", count), ("%", count))))
        value: Expression = Conditional(place, one, zero)
    elif form in ("sign", "bit"):
        low = sheet.words.number(-1.0) if form == "sign" else zero
        value = Conditional(e.compare(noise, ">", zero), one, low)
    else:
        value = noise
    return [Count(k, ZERO, Number(str(5 * size)), (assign(Index(name, (Name(k),)), value),))]


# ----------------------------------------------------------------------------------------------------------------- main


def main(sheet: CSheet, has_table: bool) -> TypedFunction:
    if has_table and not sheet.learnt and table_returns(sheet):  # the verdict is the table's, however it is called
        return TypedFunction("int", "main", (), "", (Return(Name("table() != 0")),))
    shown = e.call("table") if has_table else e.call("printf", Text("%s\n"), Text(titled(sheet.network)))
    is_asked = e.compare(e.call("strcmp", Name("argv[1]"), Text("--selftest")), "==", ZERO)
    is_asked = Compare((("", Name("argc > 1")), ("and", is_asked)))
    untested = NO_FLOATS if sheet.learns else NOTHING_TO_TEST
    test = (Return(e.call("selftest")),) if is_tested(sheet) else (Do(e.call("printf", Text(f"{untested}\n"))), Return(ZERO))
    parameters = (Parameter("int", "argc"), Parameter("char **", "argv"))
    return TypedFunction("int", "main", parameters, "", (If(is_asked, test), Do(shown), Return(ZERO)))


def table_returns(sheet: CSheet) -> bool:
    table = table_of(sheet)
    return table is not None and any(s.owner in by_node(table) for s in sheet.program.outputs)
