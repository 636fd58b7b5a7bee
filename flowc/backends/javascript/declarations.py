"""Declarations of variables as JavaScript has them: what is assigned once is constant, an array begins with zeros, or is what a
function makes of each element of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from flowc.backends.code import tree as t
from flowc.backends.code.javascript import Arrow, Lists
from flowc.backends.code.typed import Count, Declare
from flowc.backends.javascript.words import JavaScriptWords

Sizes = Mapping[str, tuple[int, ...]]


def with_declarations(statements: Sequence[t.Statement], words: JavaScriptWords) -> tuple[t.Statement, ...]:
    """`double x[5];`, as loops have it, as `const x = zeros(5);`; lists that begin beside each other on one line."""
    return _declared(statements, dict(_arrays(statements)), words)


def _declared(statements: Iterable[t.Statement], sizes: Sizes, words: JavaScriptWords) -> tuple[t.Statement, ...]:
    body = tuple(_mapped(statements, sizes))
    changed = set(_assigned(body))
    return tuple(_joined(_rewritten(code, changed, sizes, words) for code in body))


def _arrays(statements: Iterable[t.Statement]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The arrays of a function, and their sizes."""
    for code in statements:
        match code:
            case Declare(_, name, sizes):
                yield name, sizes
            case t.Noted(statement):
                yield from _arrays([statement])
            case Count(body=body) | t.If(body=body):
                yield from _arrays(body)


def _mapped(statements: Iterable[t.Statement], sizes: Sizes) -> Iterator[t.Statement]:
    """`const h = xi.map(tanh);`, where a loop over all of an array does nothing else."""
    waiting: list[t.Statement] = []
    for code in statements:
        value = _map_of(waiting[-1], code, sizes) if waiting else None
        if value is None:
            yield from waiting
            waiting = [code]
        else:
            waiting = [_with_value(waiting[-1], value)]
    yield from waiting


def _map_of(declared: t.Statement, loop: t.Statement, sizes: Sizes) -> t.Expression | None:
    array = declared.statement if isinstance(declared, t.Noted) else declared
    match array, loop:
        case (
            Declare(_, name, (size,), None),
            Count(i, _, t.Number(last), (t.Assign((t.Index(t.Name(target), (t.Name(place),)),), t.Call(function, (argument,)), ""),)),
        ):
            match argument:
                case t.Index(t.Name(source), (t.Name(at),)) if (
                    (name, i, i, str(size)) == (target, place, at, last) and sizes.get(source) == (size,)
                ):
                    return t.Call(t.Attribute(t.Name(source), "map"), (function,))
    return None


def _with_value(declared: t.Statement, value: t.Expression) -> t.Statement:
    if isinstance(declared, t.Noted):
        return t.Noted(_with_value(declared.statement, value), declared.words)
    assert isinstance(declared, Declare)
    return Declare(declared.kind, declared.name, (), value)


def _rewritten(code: t.Statement, changed: set[str], sizes: Sizes, words: JavaScriptWords) -> t.Statement:
    match code:
        case Declare(_, name, shape, None) if shape:
            return Declare("const", name, (), zeros(shape, words))
        case Declare(_, name, _, value):
            return Declare("let" if name in changed or value is None else "const", name, (), value)
        case t.Noted(statement, remark):
            return t.Noted(_rewritten(statement, changed, sizes, words), remark)
        case Count() | t.If():
            return replace(code, body=_declared(code.body, sizes, words))
    return code


def zeros(sizes: tuple[int, ...], words: JavaScriptWords) -> t.Expression:
    first, *rest = sizes
    if not rest:
        return words.helper("zeros", t.Number(str(first)))
    return rows_of(first, zeros(tuple(rest), words))


def numbers(sizes: tuple[int, ...]) -> t.Expression:
    """Of an array that never is anything but numbers, which engines are told."""
    first, *rest = sizes
    if not rest:
        return t.Call(t.Name("new Float64Array"), (t.Number(str(first)),))
    return rows_of(first, numbers(tuple(rest)))


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
