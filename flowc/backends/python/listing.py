"""A function as lines, each with the value that it computes: so that slides can mark what belongs to a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flowc.backends.code.python_statements import INDENT, lines
from flowc.backends.code.tree import Assign, Function, Name, Noted, Statement
from flowc.program.ir import Symbol
from flowc.records import Record


class CodeLine(Record):
    """`symbol`: what the statement of this line computes, if it is one value."""

    text: str
    symbol: Symbol | None = None


def list_function(function: Function, symbols: Mapping[str, Symbol]) -> tuple[CodeLine, ...]:
    """`symbols`: by their names in the function."""
    head = [CodeLine(text) for text in lines(replace(function, body=()))]
    body = [CodeLine(text, _symbol_of(code, symbols)) for code in function.body for text in lines(code, INDENT)]
    return (*head, *body)


def _symbol_of(code: Statement, symbols: Mapping[str, Symbol]) -> Symbol | None:
    if isinstance(code, Noted):
        return _symbol_of(code.statement, symbols)
    if isinstance(code, Assign) and len(code.targets) == 1 and isinstance(code.targets[0], Name):
        return symbols.get(code.targets[0].name)
    return None
