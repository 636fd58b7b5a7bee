"""Data and training as statements: tables with a bar, files, formulas, and the method with its settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from flowc.graph.column_names import meaning
from flowc.graph.constants import canonical
from flowc.graph.network import Data, File, Network, Node, Table, Training
from flowc.graph.writing.declaring import in_quotes
from flowc.graph.writing.spelling import digits
from flowc.maths.optimisers import OPTIMISERS
from flowc.syntax.expressions import unparse
from flowc.syntax.names import is_name

_ELEMENT = re.compile(r"(?P<name>[^\[\]]+)\[(?P<inside>[^\[\]]+)\]")
_WHOLE = re.compile(r"-?(0|[1-9]\d*)")


def data(network: Network, found: Data) -> str:
    """One `data` statement. Raises NoText."""
    part = f"{found.part} " if found.part else ""
    match found:
        case File():
            return f"data {part}{in_quotes(found.path)}"
        case Table():
            lines = list(_table_lines(network, found))
        case _:
            nodes = {node.name: node for node in network.nodes}
            formulas = [(_left_side(nodes, name), unparse(e, canonical)) for name, e in found.formulas]
            lines = [f"{left} = {right}" for left, right in formulas]
    return "\n".join([f"data {part}{{", *(f"  {line}" for line in lines), "}"])


def _table_lines(network: Network, table: Table) -> Iterator[str]:
    """The head and the rows, with a bar between inputs and what belongs to them, where they stand so."""
    find = meaning(network.nodes)
    roles = ["".join(reading.node.role for reading in find(head)[:1]) for head in table.header]
    inputs = sum(role == "input" for role in roles)
    bar = inputs if 0 < inputs < len(roles) and set(roles[:inputs]) == {"input"} else None
    for cells in ([_column_head(text) for text in table.header], *table.cells):
        yield " ".join([*cells[:bar], "|", *cells[bar:]] if bar else cells)


def _column_head(text: str) -> str:
    """A column's name, in quotes where it is no name and no element that could stand without."""
    match = _ELEMENT.fullmatch(text)
    parts = match["inside"].split(",") if match else []
    bare = is_name(match["name"] if match else text) and all(is_name(p) or _WHOLE.fullmatch(p) for p in parts)
    return text if bare else in_quotes(text)


def _left_side(nodes: Mapping[str, Node], text: str) -> str:
    """The left side of a formula: `x[1]`, and `x["guinea pig"]` from the bare name of the element."""
    name, bracket, inside = text.removesuffix("]").partition("[")
    if not bracket or name not in nodes:
        return text
    return f"{name}[{', '.join(_element_words(nodes[name], inside))}]"


def _element_words(node: Node, inside: str) -> Sequence[str]:
    if len(node.axes) == 1:
        return [_element_word(inside)]
    return [_element_word(part) for part in inside.split(",")]


def _element_word(element: str) -> str:
    return element if is_name(element) or _WHOLE.fullmatch(element) else in_quotes(element)


def training(train: Training) -> str:
    """`train gd(rate=0.1)`"""
    words = {s.name: s.words for s in OPTIMISERS[train.method].settings}
    settings = [f"{name}={words[name][int(value)] if words[name] else digits(value)}" for name, value in train.settings]
    return f"train {train.method}({', '.join(settings)})" if settings else f"train {train.method}"
