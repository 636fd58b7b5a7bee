"""The end of a file of plain Python: the diagram's table, the self-test, and what running the file does."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.code.tree import Starred
from flowc.backends.code.words import text_lines
from flowc.backends.plain.scalar_helpers import HELPERS
from flowc.backends.plain.scalar_sheet import ScalarSheet
from flowc.backends.plain.scalar_text import assigned_to
from flowc.backends.python import expression as e
from flowc.backends.python.ending import by_node, input_columns, rows_section, table_of, written
from flowc.backends.python.naming import local
from flowc.backends.python.printer import statement_lines
from flowc.backends.python.selftest import compared
from flowc.backends.python.sheet import assigned, definition, output_words, returned, several
from flowc.backends.python.spelling import rows
from flowc.backends.python.terminal import main_section
from flowc.graph.network import Table
from flowc.program.ir import Symbol


def ending(sheet: ScalarSheet) -> dict[str, str]:
    """What follows the diagram's own functions."""
    table = table_of(sheet)
    run = "table()" if table else "print(__doc__)"
    shown = {} if table is None else {
        ":rows": rows_section(sheet, table), "data": data_section(sheet, table), "table": table_section(sheet, table),
    }  # fmt: skip
    if not sheet.learns:
        return {**shown, ":main": main_section(sheet.network, f"    {run}")}
    main = main_section(sheet.network, '    if "--selftest" in sys.argv:', "        selftest()", "    else:", f"        {run}")
    drawing = {name: HELPERS[name].text for name in ("noise", "inner") if sheet.lists}
    return {**shown, **drawing, "selftest": selftest_section(sheet), ":main": main}


# ----------------------------------------------------------------------- table


def _columns(sheet: ScalarSheet, table: Table) -> list[Symbol]:
    """What the table has: inputs, targets, and what should come out."""
    program, values = sheet.program, by_node(table)
    symbols = dict.fromkeys([*program.inputs, *program.targets, *program.outputs])
    return [s for s in symbols if s.owner in values]


def data_section(sheet: ScalarSheet, table: Table) -> str:
    """`data()`: a list for each."""
    body: list[str] = []
    symbols, values = _columns(sheet, table), by_node(table)
    for symbol in symbols:
        body += laid_out(rows(values[symbol.owner].rows), f"    {sheet.names[symbol]} = ")
    doc = "The diagram's table: inputs, then what should come out."
    return definition("data", [], doc, [*body, *returned([sheet.names[s] for s in symbols])])


def table_section(sheet: ScalarSheet, table: Table) -> str:
    """`table()`: every row as written, and what `forward` gives for it; without weights it must be what is expected."""
    program = sheet.program
    symbols = _columns(sheet, table)
    names = [sheet.names[s] for s in symbols]
    wanted = [] if sheet.learnt else [s for s in dict.fromkeys(program.outputs) if s in symbols]
    taken = [*names, *sheet.outputs]
    row, value = local("row", taken), local("value", taken)
    expected = {s: local(f"expected_{sheet.names[s]}" if len(wanted) > 1 else "expected", taken) for s in wanted}
    given = [*sheet.inputs, *expected.values()]
    more = len(names) > len(given)
    skipped = [name if name in sheet.inputs else "_" for name in names if name not in sheet.outputs]
    unpacked = [*sheet.inputs, "*_"] if more and not expected else [*skipped, *expected.values()]
    body = several(unpacked, "    ", after=" = data()") if given else []
    heading = written(table, input_columns(sheet, table))[0]
    shown = ", ".join(sheet.outputs)
    shown = shown if len(heading) + len(shown) < 55 else f"{len(sheet.outputs)} outputs"
    body += text_lines(f"{heading} | forward: {shown}", "    print(", ")")
    body += _row_loop(sheet, row, list(expected.values()))
    body += _printed(sheet, row, value)
    for symbol, name in expected.items():
        body += _assertion(sheet, table, symbol, name)
    doc = f"Print the diagram's table, and {output_words(sheet.outputs)} beside every row."
    return definition("table", [], doc, body)


def _row_loop(sheet: ScalarSheet, row: str, expected: list[str]) -> list[str]:
    """For every row the outputs, by their names."""
    weights = ["**initial_weights()"] if sheet.learnt else []
    call = e.call("forward", *sheet.inputs, *weights)
    outputs = sheet.outputs
    if sheet.each:
        return [*_rows(row, [*sheet.inputs, *expected]), *assigned(outputs, call, "        ")]
    if not sheet.inputs:  # one token, the same beside every row
        single = [e.bracketed("(", [e.atom(name)], ",)") for name in outputs]
        return [*assigned_to(single, "    ", f" = {e.flat(call)}"), *_rows(row, expected)]
    several_lists = Starred(call)
    source = e.call("zip", "ROWS", several_lists if len(outputs) > 1 else call, *expected)
    return _for([row, *outputs, *expected], source)


def _rows(row: str, lists: list[str]) -> list[str]:
    """The loop over the rows, and the values in lists beside them."""
    return _for([row, *lists], e.call("zip", "ROWS", *lists)) if lists else [f"    for {row} in ROWS:"]


def _for(names: list[str], source: e.Expression) -> list[str]:
    whole = f"    for {', '.join(names)} in {e.flat(source)}:"
    if len(whole) <= 79:
        return [whole]
    return [*laid_out(source, "    rows = "), *assigned_to([e.atom(n) for n in names], "    for ", " in rows:")]


def _printed(sheet: ScalarSheet, row: str, value: str) -> list[str]:
    outputs = sheet.program.outputs
    if all(not s.type.shape for s in outputs) and len(outputs) == 1:
        return statement_lines(f'print({row}, "|", f"{{{sheet.outputs[0]}:.4g}}")', "        ")
    items = [e.atom(x) for s in outputs for x in _flattened(sheet, s)]
    flat = e.bracketed("(", items, ",)" if len(items) == 1 else ")")
    one = outputs[0].type.shape and len(outputs) == 1 and len(outputs[0].type.shape) == 1
    text = [] if one else laid_out(flat, "        values = ")
    source = sheet.outputs[0] if one else "values"
    return [*text, *statement_lines(f'print({row}, "|", *(f"{{{value}:.4g}}" for {value} in {source}))', "        ")]


def _flattened(sheet: ScalarSheet, symbol: Symbol) -> list[str]:
    name = sheet.names[symbol]
    if len(symbol.type.shape) < 2:
        return [("*" if symbol.type.shape else "") + name]
    rows_of = [f"*{name}[{i}]" for i in range(symbol.type.shape[0])]
    return rows_of if len(symbol.type.shape) == 2 else [f"len({name})"]


def _assertion(sheet: ScalarSheet, table: Table, symbol: Symbol, expected: str) -> list[str]:
    """Equal but for the digits that the table leaves away."""
    limit = f"{tolerance(table, symbol):.2g}"
    name = sheet.names[symbol]
    if not symbol.type.shape:
        return [f"        assert abs({name} - {expected}) <= {limit}"]
    taken = (name, expected)
    a, b = local("a", taken), local("b", taken)
    return [f"        for {a}, {b} in zip({name}, {expected}):", f"            assert abs({a} - {b}) <= {limit}"]


def tolerance(table: Table, symbol: Symbol) -> float:
    """Half a unit of the last digit that the table gives."""
    name = symbol.owner
    places = [i for i, head in enumerate(table.header) if head == name or head.startswith(f"{name}[")]
    cells = [row[i] for row in table.cells for i in places if "." in row[i]]
    digits = min((len(cell.lower().split("e")[0].split(".")[1]) for cell in cells), default=8)
    return float(0.5 * 10**-digits)


# -------------------------------------------------------------------- self-test


def selftest_section(sheet: ScalarSheet) -> str:
    """Central differences along a drawn direction of each weight."""
    names = ("name", "w", "v", "up", "down", "slope", "found", "L", "d")
    name, w, v, up, down, slope, found, L, d = (local(n, sheet.samples) for n in names)
    call = [*sheet.samples, "**weights"]
    start = f"moved({w}, noise({w}, rng), 0.1)" if sheet.lists else f"{w} + rng.gauss(0, 0.1)"
    lines = [
        "    rng = random.Random(0)",
        *_samples(sheet),
        "    weights = {",
        f"        {name}: {start}",
        f"        for {name}, {w} in initial_weights().items()",
        "    }",
        *laid_out(e.call("gradients", *call), f"    {L}, {d} = "),
        f"    for {name}, {w} in weights.items():",
        *([f"        {v} = noise({w}, rng)"] if sheet.lists else []),
    ]
    for side, sign in ((up, ""), (down, "-")):
        moved = f"moved({w}, {v}, {sign}eps)" if sheet.lists else f"{w} {sign or '+'} eps"
        arguments = [*sheet.samples, f"**{{**weights, {name}: {moved}}}"]
        lines += laid_out(e.call("gradients", *arguments), f"        {side}, _ = ")
    lines += [
        f"        {slope} = ({up} - {down}) / (2 * eps)",
        f"        {found} = " + (f"inner({d}[{name}], {v})" if sheet.lists else f"{d}[{name}]"),
        f"        if not abs({found} - {slope}) <= 1e-4 * abs({slope}) + 1e-7 * (1 + abs({L})):",
        f'            sys.exit(f"the gradient of {{{name}}} is {{{found}}}, not {{{slope}}}")',
        '    print("ok")',
    ]
    return definition("selftest", ["eps=1e-6"], "The gradients against finite differences, at drawn numbers.", lines)


def _samples(sheet: ScalarSheet) -> list[str]:
    """Five tokens, of the kind that the loss wants of a target."""
    known = compared(sheet)
    lines: list[str] = []
    for symbol in sheet.given:
        loss, activation = known.get(symbol.owner, ("", ""))
        lines += laid_out(_sample(symbol, loss, activation), f"    {sheet.names[symbol]} = ")
    return lines


def _sample(symbol: Symbol, loss: str, activation: str) -> e.Expression:
    shape = symbol.type.shape
    if loss in ("cross_entropy", "perceptron") and activation in ("softmax", "argmax") and shape:
        text, shape = f"rng.sample([1.0] + [0.0] * {shape[-1] - 1}, {shape[-1]})", shape[:-1]
    elif loss == "hinge" or activation == "sign":
        text = "rng.choice([-1.0, 1.0])"
    elif loss in ("cross_entropy", "binary_cross_entropy", "perceptron"):
        text = "rng.choice([0.0, 1.0])"
    else:
        text = "rng.gauss(0, 1)"
    whole = e.atom(text)
    for n in reversed((5, *shape)):
        whole = e.repeated(whole, "_", e.atom(f"range({n})"))
    return whole
