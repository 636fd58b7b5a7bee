"""Statements of plain Python: elements out of lists and into them, loops over tokens, sums that grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.backends.code.layout import WIDTH
from flowc.backends.code.python import laid_out, row
from flowc.backends.code.tree import List, Negative, Tuple
from flowc.backends.plain.scalar_sheet import ScalarSheet
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.printer import Line, statement
from flowc.backends.python.text import decimal
from flowc.program.ir import Arg, Shape, Symbol
from flowc.program.ops import Reduce


def elements(sheet: ScalarSheet, symbol: Symbol) -> list[Expression]:
    return [element(sheet, a) for a in sheet.elements[symbol]]


def element(sheet: ScalarSheet, arg: Arg) -> Expression:
    return e.atom(sheet.names[arg] if isinstance(arg, Symbol) else decimal(arg))


def nested(items: Sequence[Expression], shape: Shape, brackets: str = "[]") -> Expression:
    """Elements, row by row, as a list of lists, or with other brackets as a tuple of tuples."""
    if not shape:
        return items[0]
    size = len(items) // shape[0]
    rows = [nested(items[i * size : (i + 1) * size], shape[1:], brackets) for i in range(shape[0])]
    return (List if brackets == "[]" else Tuple)(tuple(rows))


def listed(sheet: ScalarSheet, symbol: Symbol) -> Expression:
    """A value as it is returned: a number, or a list."""
    return nested(elements(sheet, symbol), symbol.type.shape)


def target(sheet: ScalarSheet, symbol: Symbol) -> Expression:
    """What a value is assigned to: a name, or the names of its elements in parentheses."""
    return nested(elements(sheet, symbol), symbol.type.shape, "()")


def entries(sheet: ScalarSheet, values: Iterable[tuple[Symbol, Expression]]) -> Expression:
    """`{"W": value, ...}`, by the names of weights."""
    return e.bracketed("{", [e.entry(sheet.names[symbol], value) for symbol, value in values], "}")


def assigned_to(targets: Sequence[Expression], before: str, after: str) -> list[str]:
    """`before a, b after`: names without parentheses where they fit on a line."""
    whole = f"{before}{row(targets)}{after}"
    if len(whole) <= WIDTH:
        return [whole]
    return laid_out(targets[0] if len(targets) == 1 else Tuple(tuple(targets)), before, after)


def unpacked(sheet: ScalarSheet, symbols: Iterable[Symbol], used: set[Symbol], indent: str = "    ") -> list[str]:
    """The elements of arrays, out of the arguments; of those that are used."""
    lines: list[str] = []
    for symbol in symbols:
        if symbol.type.shape and used.intersection(sheet.scalars([symbol])):
            lines += assigned_to([target(sheet, symbol)], indent, f" = {sheet.names[symbol]}")
    return lines


def loop(targets: Sequence[Expression], lists: Sequence[Expression], called: str = "tokens") -> list[str]:
    """`for x1, x2 in zip(x1, x2, strict=True):` the names of one token stand for its lists. All tokens are `called` so
    where that is too long for a line."""
    indent = "    "
    if len(lists) > 1:
        source = e.call("zip", *lists, strict="True")
    else:
        source = e.call("list", lists[0]) if lists[0] == targets[0] else lists[0]
    if len(f"{indent}) in {e.flat(source)}:") <= WIDTH:
        return assigned_to(targets, f"{indent}for ", f" in {e.flat(source)}:")
    return [*laid_out(source, f"{indent}{called} = "), *assigned_to(targets, f"{indent}for ", f" in {called}:")]


def zeros(names: Sequence[str], indent: str = "    ") -> list[str]:
    """`a = b = 0.0`, as many names on a line as fit."""
    lines: list[str] = []
    current = indent
    for name in names:
        if len(current) + len(name) + len(" = 0.0") > WIDTH and current.strip():
            lines += laid_out(e.atom("0.0"), current)
            current = indent
        current += f"{name} = "
    return [*lines, *laid_out(e.atom("0.0"), current)] if current.strip() else lines


def spoken(line: Line, grows: bool, indent: str, comment: str = "") -> list[str]:
    """A line as text. A sum over the tokens `grows`."""
    if not grows or not isinstance(line.step.op, Reduce):
        return statement(line, indent, comment)
    if isinstance(line.expression, Negative):
        return laid_out(line.expression.operand, f"{indent}{line.name} -= ")
    return laid_out(line.expression, f"{indent}{line.name} += ")
