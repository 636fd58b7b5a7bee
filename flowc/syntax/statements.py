"""The one spelling of a statement, as columns that the formatter may align."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.records import Record
from flowc.source import Source
from flowc.syntax import tree as t
from flowc.syntax.expressions import Spell, arguments, brackets, quote, unparse
from flowc.syntax.names import is_name


class Row(Record):
    """One line. `cells` stand in columns; `kind` says which separators stand between them."""

    kind: str
    cells: tuple[str, ...]


SEPARATORS = {"keyword": (" ", " : "), "arrow": (" -> ", " : "), "equation": (" = ",), "plain": ()}


def rows(statement: t.Statement, source: Source, spell: Spell) -> Iterator[Row]:
    """The lines of a statement that is no block; a run of plain arrows has many."""
    match statement:
        case t.PlainArrows():
            for origin, target, _, start, end in statement.arrows:
                number = source.text[start:end].rpartition(":")[2].strip().replace("−", "-")
                yield Row("arrow", (origin, target, number))
        case t.Arrows():
            yield _row_of_arrows(statement, spell)
        case t.Equation():
            yield Row("equation", (unparse(statement.left, spell), unparse(statement.right, spell)))
        case t.Declaration():
            yield _row_of_declaration(statement, spell)
        case _:
            word, body = _spell_statement(statement, spell)
            yield Row("keyword", (word, body, ""))


def _spell_statement(statement: t.Statement, spell: Spell) -> tuple[str, str]:
    match statement:
        case t.Header():
            title = "" if statement.title is None else f" {quote(statement.title)}"
            return "flow", statement.name + title
        case t.Indices():
            return "index", ", ".join(_index_range(item) for item in statement.items)
        case t.NodesFile():
            return "nodes", quote(statement.path)
        case t.EdgesFile():
            return "edges", quote(statement.path)
        case t.Weights():
            return "weight", ", ".join(_spell_weights(statement, spell))
        case t.Loss():
            return "loss", _spell_loss(statement, spell)
        case t.DataFile():
            return "data", f"{part(statement.part)}{quote(statement.path)}"
        case t.Train():
            method = statement.method
            bare = not method.args and not method.keywords
            return "train", spell(method.name) if bare else unparse(method, spell)
    raise TypeError(f"{type(statement).__name__} is a block")


def part(name: str | None) -> str:
    """`train `, `test `, or nothing."""
    return f"{name} " if name else ""


def _index_range(item: t.IndexRange) -> str:
    if item.names is not None:
        return f"{item.name} = {', '.join(n if is_name(n) else quote(n) for n in item.names)}"
    return f"{item.name} = {item.high}" if item.counted else f"{item.name} = {item.low}..{item.high}"


def _row_of_declaration(statement: t.Declaration, spell: Spell) -> Row:
    parts: list[str] = []
    tail = ""
    for place, item in enumerate(statement.items):
        name = _spell_item(item, spell)
        following = statement.items[place + 1] if place + 1 < len(statement.items) else None
        later = following.activation if following else None
        if item.activation and later and item.activation.span == later.span:
            parts.append(name)  # its activation stands after a later name
        elif item.activation and following is None:
            parts.append(name)
            tail = _spell_activation(item.activation, spell)
        else:
            parts.append(f"{name} : {_spell_activation(item.activation, spell)}" if item.activation else name)
    return Row("keyword", (statement.role, ", ".join(parts), tail))


def _spell_item(item: t.DeclaredNode | t.DeclaredWeight, spell: Spell) -> str:
    """`x[3] "the picture"`."""
    size = "" if item.size is None else brackets(item.size, spell)
    return item.name + size + ("" if item.label is None else f" {quote(item.label)}")


def _spell_activation(activation: t.Activation, spell: Spell) -> str:
    numbers = arguments(activation.args, activation.keywords, spell)
    return f"{spell(activation.name)}({numbers})" if numbers else spell(activation.name)


def _spell_weights(statement: t.Weights, spell: Spell) -> Iterator[str]:
    for place, item in enumerate(statement.items):
        name = _spell_item(item, spell)
        following = statement.items[place + 1] if place + 1 < len(statement.items) else None
        bare = item.start.span == item.span
        shared = following is not None and following.start.span == item.start.span
        yield name if bare or shared else f"{name} {_spell_start(item.start, spell)}"


def _spell_start(start: t.Start, spell: Spell) -> str:
    sign = "=" if start.kind == "fixed" else "~"
    return sign if start.value is None else f"{sign} {unparse(start.value, spell)}"


def _row_of_arrows(statement: t.Arrows, spell: Spell) -> Row:
    lists = [", ".join(unparse(end, spell) for end in ends) for ends in statement.ends]
    carried = "" if statement.carried is None else _spell_carried(statement.carried, spell)
    return Row("arrow", (lists[0], " -> ".join(lists[1:]), carried))


def _spell_carried(carried: t.Carried, spell: Spell) -> str:
    if carried.expression is not None:
        return unparse(carried.expression, spell)
    start = _spell_start(carried.start, spell) if carried.start else ""
    return f"{unparse(carried.name, spell)} {start}" if carried.name else start


def _spell_loss(statement: t.Loss, spell: Spell) -> str:
    text = unparse(statement.expression, spell)
    if statement.name is not None:
        return f"{statement.name} = {text}"
    return f"({text})" if text.startswith("[") else text  # a loss without a name cannot begin with a list
