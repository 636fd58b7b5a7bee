"""Statements put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.backends.code import tree as t

Group = Sequence[t.Statement]


def assign(target: t.Expression | str, value: t.Expression, operator: str = "") -> t.Assign:
    """`target = value`; `operator`: that of `target += value`."""
    return t.Assign((t.Name(target) if isinstance(target, str) else target,), value, operator)


def assign_all(targets: Sequence[t.Expression], value: t.Expression) -> t.Statement:
    """`a, b = value`; without targets only what the value does."""
    return assign(in_row(targets), value) if targets else t.Do(value)


def in_row(items: Sequence[t.Expression]) -> t.Expression:
    """`a, b`; one item alone is no tuple."""
    return items[0] if len(items) == 1 else t.Tuple(tuple(items))


def headed(words: str, statements: Iterable[t.Statement]) -> Group:
    """Statements below a comment; nothing, where there are none."""
    group = tuple(statements)
    return (t.Comment(words), *group) if group else ()


def paragraphs(*groups: Group) -> tuple[t.Statement, ...]:
    """Groups of statements, with an empty line between them."""
    code: list[t.Statement] = []
    for group in groups:
        code += [t.Blank()] * (bool(code) and bool(group))
        code += group
    return tuple(code)
