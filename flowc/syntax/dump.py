"""The tree as text, an item a line: what `flowc compile --emit tree` prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from flowc.source import Source, Span
from flowc.syntax.chains import chain
from flowc.syntax.tree import Binary, PlainArrows, Tree


def dump(tree: Tree, source: Source) -> str:
    """Every statement and what is in it, with line and column, then the comments."""
    lines: list[str] = []
    for statement in tree.statements:
        lines += _plain(statement, source) if isinstance(statement, PlainArrows) else _item(statement, source, "")
    lines += [f"Comment {c.text!r} {_place(source, c.span)}" for c in tree.comments]
    return "".join(f"{line}\n" for line in lines)


def _plain(run: PlainArrows, source: Source) -> Iterator[str]:
    yield f"PlainArrows {_place(source, run.span)}"
    for origin, target, number, start, end in run.arrows:
        yield f"  {origin} -> {target} : {number!r} {_place(source, Span(start, end))}"


def _item(item: Any, source: Source, indent: str, label: str = "") -> Iterator[str]:
    """`label: Kind simple=fields LINE:COLUMN`, and its parts below it."""
    if isinstance(item, Binary) and item.op != "^":
        yield from _chain(item, source, indent, label)
        return
    simple: list[str] = []
    parts: list[tuple[str, Any]] = []
    for field in fields(item):
        value = getattr(item, field.name)
        if isinstance(value, Span):
            continue
        if _is_simple(value):
            simple.append(f"{field.name}={value!r}")
        else:
            parts.append((field.name, value))
    yield f"{indent}{label}{' '.join([type(item).__name__, *simple])} {_place(source, item.span)}"
    for name, value in parts:
        yield from _value(value, source, indent + "  ", f"{name}: ")


def _chain(item: Binary, source: Source, indent: str, label: str) -> Iterator[str]:
    """A sum or product written flat, an operand a line: its tree leans to the left, and may be thousands deep."""
    first, operations = chain(item)
    kind = "Sum" if item.op in "+-" else "Product"
    yield f"{indent}{label}{kind} {_place(source, item.span)}"
    yield from _value(first, source, indent + "  ", "")
    for operation in operations:
        yield from _value(operation.right, source, indent + "  ", f"{operation.op} ")


def _value(value: Any, source: Source, indent: str, label: str) -> Iterator[str]:
    if hasattr(value, "span"):
        yield from _item(value, source, indent, label)
    elif isinstance(value, tuple):
        yield indent + (label.rstrip() or "-")
        for part in value:
            yield from _value(part, source, indent + "  ", "")
    elif not isinstance(value, Span):
        yield f"{indent}{label}{value!r}"


def _is_simple(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool)) or value == ()


def _place(source: Source, span: Span) -> str:
    line, column = source.position(span.start)
    return f"{line}:{column}"
