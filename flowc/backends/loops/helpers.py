"""Functions of single numbers that the printed text calls, written from the formulas of their records."""

from __future__ import annotations

from collections.abc import Callable

from flowc.backends.code.tree import Expression, Name
from flowc.backends.loops.words import Words
from flowc.maths.function import Function
from flowc.program.function_steps import line_by_line
from flowc.program.ir import Symbol, Type
from flowc.program.passes.inline import inlined
from flowc.program.passes.numbers import with_numbers
from flowc.records import Record

TextOf = Callable[[str, Function | None], str]  # of a function, by its name and its record, if it has one
NUMBER = Type(True, ())


class Formula(Record):
    """A function's arguments, the values on the way, each by its name, and the result."""

    arguments: tuple[str, ...]
    values: tuple[tuple[str, Expression], ...]
    result: Expression


def formula(function: Function, words: Words) -> Formula:
    """The formula of a record, spelled. What it calls is collected in `words.helpers`."""
    names = [*function.arguments, *(name for name, _ in function.parameters)]
    arguments = [Symbol("temporary", name, NUMBER, number=k) for k, name in enumerate(names)]
    steps, result = line_by_line(function, arguments)
    steps = with_numbers(steps)
    spelled: dict[Symbol, Expression] = {s: Name(s.owner) for s in arguments}
    hidden = inlined(steps, [s.symbol for s in steps if s.symbol.owner and s.symbol != result])
    values = []
    for step in steps:
        args = [spelled[a] if isinstance(a, Symbol) else words.number(a) for a in step.args]
        expression = words.spelled(step, args)
        if step.symbol not in hidden and step.symbol != result:
            name = step.symbol.owner or f"t{step.symbol.number}"
            values.append((name, expression))
            expression = Name(name)
        spelled[step.symbol] = expression
    return Formula(tuple(names), tuple(values), spelled[result] if isinstance(result, Symbol) else words.number(result))


def helpers_in_order(words: Words, text_of: TextOf) -> list[str]:
    """The functions that a text calls, each before those that call it. `text_of` collects in `words.helpers` what it calls."""
    printed: dict[str, str] = {}

    def visit(name: str, record: Function | None) -> None:
        if name in printed:
            return
        outer, words.helpers = words.helpers, {}
        text = text_of(name, record)
        called, words.helpers = words.helpers, outer
        for inner, of in called.items():
            visit(inner, of)
        printed[name] = text

    for name, record in list(words.helpers.items()):
        visit(name, record)
    return list(printed.values())
