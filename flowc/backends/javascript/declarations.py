"""Declarations of variables as JavaScript has them: what is assigned once is constant, an array begins with zeros."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flowc.backends.code import tree as t
from flowc.backends.code.javascript import Arrow, Lists
from flowc.backends.code.typed import Count, Declare
from flowc.backends.javascript.words import JavaScriptWords


def with_declarations(statements: Iterable[t.Statement], words: JavaScriptWords) -> tuple[t.Statement, ...]:
    """`double x[5];`, as loops have it, as `const x = zeros(5);`; lists that begin beside each other on one line."""
    body = tuple(statements)
    changed = set(_assigned(body))
    return tuple(_joined(_rewritten(code, changed, words) for code in body))


def _rewritten(code: t.Statement, changed: set[str], words: JavaScriptWords) -> t.Statement:
    match code:
        case Declare(_, name, sizes, None) if sizes:
            return Declare("const", name, (), zeros(sizes, words))
        case Declare(_, name, _, value):
            return Declare("let" if name in changed or value is None else "const", name, (), value)
        case t.Noted(statement, remark):
            return t.Noted(_rewritten(statement, changed, words), remark)
        case Count() | t.If():
            return replace(code, body=with_declarations(code.body, words))
    return code


def zeros(sizes: tuple[int, ...], words: JavaScriptWords) -> t.Expression:
    first, *rest = sizes
    if not rest:
        return words.helper("zeros", t.Number(str(first)))
    return rows_of(first, zeros(tuple(rest), words))


def rows_of(count: int, row: t.Expression) -> t.Expression:
    """So many rows, each made anew."""
    return array_from(count, Arrow((), row))


def array_from(count: int, item: t.Expression) -> t.Expression:
    """So many items, each of which a function makes: `Array.from({ length: 5 }, item)`."""
    length = t.Dict((t.Entry(t.Text("length"), t.Number(str(count))),))
    return t.Call(t.Attribute(t.Name("Array"), "from"), (length, item))


def _assigned(statements: Iterable[t.Statement]) -> Iterator[str]:
    """Names that are assigned after their declaration."""
    for code in statements:
        match code:
            case t.Assign(targets):
                yield from (target.name for target in targets if isinstance(target, t.Name))
            case t.Noted(statement):
                yield from _assigned([statement])
            case Count(body=body) | t.If(body=body):
                yield from _assigned(body)


def _joined(statements: Iterable[t.Statement]) -> Iterator[t.Statement]:
    lists: tuple[str, ...] = ()
    for code in statements:
        if isinstance(code, Lists):
            lists += code.names
            continue
        if lists:
            yield Lists(lists)
            lists = ()
        yield code
    if lists:
        yield Lists(lists)
