"""Trees put in the place of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flowc.backends.code import tree as t

# What stands in the place of a name: a tree, several in a row, or for the condition of an `if` whether it holds. A call of a
# name that a lambda stands for is that lambda's value.
Tree = t.Node | tuple[t.Node, ...] | bool


def fill(code: t.Expression, holes: Mapping[str, Tree]) -> t.Expression:
    """The expression with trees where these names are. Several are elements of a row, or in brackets of their own."""
    filled: t.Expression | tuple[t.Expression, ...] = _fill_field(code, holes)
    return t.Tuple(filled) if isinstance(filled, tuple) else filled


def fill_in(code: t.Statement, holes: Mapping[str, Tree]) -> tuple[t.Statement, ...]:
    """The same for a statement: one that is a name alone is what stands for it, and an `if` whose condition is decided is what
    then is done."""
    return tuple(_splice_parts((code,), holes))


def _fill_field(code: Any, holes: Mapping[str, Tree]) -> Any:
    """What a field of a tree holds, filled: a tree, a tuple of them, or a text, which stays."""
    match code:
        case t.Name(name):
            value = holes.get(name, code)
            return value[0] if isinstance(value, tuple) and len(value) == 1 else value
        case t.Call(t.Name(name), arguments) if isinstance(function := holes.get(name), t.Lambda):
            return _fill_field(function.value, dict(zip(function.arguments, _fill_field(arguments, holes))))
        case t.Quoted() | t.Number() | t.Text():
            return code
        case t.Node():
            return type(code)(*[_fill_field(value, holes) for value in code.field_values])
        case tuple():
            return tuple(_splice_parts(code, holes))
    return code


def _splice_parts(parts: tuple[Any, ...], holes: Mapping[str, Tree]) -> Iterator[Any]:
    dropped = False  # an `if` of which nothing is done: nor is there a line between it and what follows
    for part in parts:
        if dropped and (part == t.Blank() or isinstance(part, t.Quoted) and not any(part.lines)):
            continue
        dropped = False
        match part:
            case t.Name(name) | t.Starred(t.Name(name)) | t.Do(t.Name(name)) if isinstance(several := holes.get(name), tuple):
                yield from several
            case t.If(t.Name(name), body, otherwise) if isinstance(holds := holes.get(name), bool):
                dropped = not (chosen := body if holds else otherwise)
                yield from _splice_parts(chosen, holes)
            case _:
                yield _fill_field(part, holes)
