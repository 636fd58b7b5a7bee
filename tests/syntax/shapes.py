"""Trees without their spans, to compare what two texts say."""

from dataclasses import fields, is_dataclass
from typing import Any

from flowc.source import Source, Span
from flowc.syntax import tree as t
from flowc.syntax.parser import parse


def shape(item: Any) -> Any:
    """Nested tuples of class names and values. Runs of plain arrows are single arrows, however they were cut."""
    if isinstance(item, t.Tree):
        return tuple(part for statement in item.statements for part in _statement(statement))
    if isinstance(item, tuple):
        return tuple(shape(part) for part in item if not isinstance(part, Span))
    if is_dataclass(item):
        values = (getattr(item, field.name) for field in fields(item))
        return (type(item).__name__, *(shape(value) for value in values if not isinstance(value, Span)))
    return item


def _statement(statement: t.Statement) -> list[Any]:
    if isinstance(statement, t.PlainArrows):
        return [("arrow", source, target, number) for source, target, number, _, _ in statement.arrows]
    match shape(statement):
        case ("Arrows", ((source,), (("Ref", target, None),)), ("Carried", carried, None, None)):
            name, number = _name_of_source(source), _number_of(carried)
            if name is not None and number is not None:
                return [("arrow", name, target, number)]  # written otherwise than in a run, as `: + 0` or `: -+1.5`
    return [shape(statement)]


def _name_of_source(end: Any) -> str | None:
    match end:
        case ("Ref", name, None):
            return name
        case ("Number", 1, "1"):
            return "1"
    return None


def _number_of(carried: Any) -> float | None:
    match carried:
        case ("Number", number, _):
            return number
        case ("Negative", inner) if (number := _number_of(inner)) is not None:
            return -number
    return None


def parsed(text: str) -> tuple[t.Statement, ...]:
    return parse(Source("test.flow", text)).statements


def statement(text: str) -> t.Statement:
    (only,) = parsed(text)
    return only


def expression(text: str) -> t.Expression:
    """The right side of an equation."""
    equation = statement(f"f = {text}")
    assert isinstance(equation, t.Equation)
    return equation.right
