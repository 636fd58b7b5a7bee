"""The names that a tree uses."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from flowc.backends.code import tree as t

_NAMES = {t.Name: "name", ast.Name: "id"}
_NAMES_OF_NODES: WeakKeyDictionary[ast.AST, frozenset[str]] = WeakKeyDictionary()


def names(*code: t.Node | ast.AST) -> set[str]:
    """Every name in trees, of ours or Python's own; those that they bind themselves, too."""
    used: set[str] = set()
    _collect_names(code, used)
    return used


def names_of_node(node: ast.AST) -> frozenset[str]:
    """The same of a tree of Python's own, which is looked through once: a template is printed from many times, in part."""
    if (used := _NAMES_OF_NODES.get(node)) is None:
        used = _NAMES_OF_NODES[node] = frozenset(names(node))
    return used


def _collect_names(parts: Iterable[Any], into: set[str]) -> None:
    for part in parts:
        kind = type(part)
        if kind in _NAMES:
            into.add(getattr(part, _NAMES[kind]))
        elif kind is tuple or kind is list:
            _collect_names(part, into)
        elif kind is t.Quoted:
            into |= part.uses
        elif isinstance(part, t.Node):
            _collect_names(part.field_values, into)
        elif isinstance(part, ast.AST):
            _collect_names(vars(part).values(), into)


def variables(code: Any) -> Iterator[str]:
    """The names of values that operators and functions take as they are: neither functions, nor parts of a value."""
    match code:
        case t.Name(name):
            yield name
        case t.Call(_, parts):
            yield from variables(parts)
        case tuple():
            for part in code:
                yield from variables(part)
        case t.Node() if not isinstance(code, t.Attribute | t.Index):
            yield from variables(code.field_values)
