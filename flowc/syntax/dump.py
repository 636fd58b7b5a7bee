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
        if isinstance(statement, PlainArrows):
            lines += _dump_plain_arrows(statement, source)
        else:
            lines += _dump_item(statement, source, "")
    lines += [f"Comment {c.text!r} {_spell_place(source, c.span)}" for c in tree.comments]
    return "".join(f"{line}\n" for line in lines)


def _dump_plain_arrows(run: PlainArrows, source: Source) -> Iterator[str]:
    yield f"PlainArrows {_spell_place(source, run.span)}"
    for origin, target, number, start, end in run.arrows:
        yield f"  {origin} -> {target} : {number!r} {_spell_place(source, Span(start, end))}"


def _dump_item(item: Any, source: Source, indent: str, label: str = "") -> Iterator[str]:
    """`label: Kind simple=fields LINE:COLUMN`, and its parts below it."""
    if isinstance(item, Binary) and item.op != "^":
        yield from _dump_chain(item, source, indent, label)
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
    yield f"{indent}{label}{' '.join([type(item).__name__, *simple])} {_spell_place(source, item.span)}"
    for name, value in parts:
        yield from _dump_value(value, source, indent + "  ", f"{name}: ")


def _dump_chain(item: Binary, source: Source, indent: str, label: str) -> Iterator[str]:
    """A sum or product written flat, an operand a line: its tree leans to the left, and may be thousands deep."""
    first, operations = chain(item)
    kind = "Sum" if item.op in "+-" else "Product"
    yield f"{indent}{label}{kind} {_spell_place(source, item.span)}"
    yield from _dump_value(first, source, indent + "  ", "")
    for operation in operations:
        yield from _dump_value(operation.right, source, indent + "  ", f"{operation.op} ")


def _dump_value(value: Any, source: Source, indent: str, label: str) -> Iterator[str]:
    if hasattr(value, "span"):
        yield from _dump_item(value, source, indent, label)
    elif isinstance(value, tuple):
        yield indent + (label.rstrip() or "-")
        for part in value:
            yield from _dump_value(part, source, indent + "  ", "")
    elif not isinstance(value, Span):
        yield f"{indent}{label}{value!r}"


def _is_simple(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool)) or value == ()


def _spell_place(source: Source, span: Span) -> str:
    line, column = source.position(span.start)
    return f"{line}:{column}"
