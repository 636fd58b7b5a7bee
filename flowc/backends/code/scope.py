"""The names that a tree uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowc.backends.code import tree as t


def names(*code: t.Node) -> set[str]:
    """Every name in trees; those that they bind themselves, too."""
    used: set[str] = set()
    _collect(code, used)
    return used


def _collect(parts: Iterable[object], into: set[str]) -> None:
    for part in parts:
        kind = type(part)
        if kind is t.Name:
            into.add(part.name)  # type: ignore[attr-defined]
        elif kind is tuple:
            _collect(part, into)  # type: ignore[arg-type]
        elif kind is t.Quoted:
            into |= part.uses  # type: ignore[attr-defined]
        elif isinstance(part, t.Node):
            _collect(part.__dict__.values(), into)


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
