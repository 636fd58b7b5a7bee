"""The names that a tree uses."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.backends.code import tree as t


def names(code: object) -> Iterator[str]:
    """Every name in a tree, or in trees in a row, in the order of the text; those that it binds itself, too."""
    match code:
        case t.Name(name):
            yield name
        case t.Quoted(_, uses):
            yield from sorted(uses)
        case t.Node():
            for field in code.fields:
                yield from names(getattr(code, field))
        case tuple():
            for part in code:
                yield from names(part)


def variables(code: t.Expression) -> Iterator[str]:
    """The names of values that operators and functions take as they are: neither functions, nor parts of a value."""
    match code:
        case t.Name(name):
            yield name
        case t.Call(_, parts) | t.Tuple(parts) | t.List(parts):
            for part in parts:
                yield from variables(part)
        case t.Sum(pairs) | t.Product(pairs) | t.Compare(pairs):
            for _, part in pairs:
                yield from variables(part)
        case t.Negative(part) | t.Not(part):
            yield from variables(part)
        case t.Power(base, exponent):
            yield from variables(base)
            yield from variables(exponent)
