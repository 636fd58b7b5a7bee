"""Columns bound to nodes by their names; position never does. Then their numbers, or classes, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from flowc.diagnostics.suggest import closest, did_you_mean
from flowc.graph.cells import element_of
from flowc.graph.columns import Reading, readings
from flowc.graph.network import Axis, Network, Node
from flowc.graph.sizes import shown
from flowc.learning.dataset import Array, BadData, Dataset, kept

MOST_NUMBERS = 2**28  # that one-hot classes may become: 2 GiB
Elements = dict[tuple[int, ...] | None, int]  # element of a node, None for its class -> column


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Columns by name: texts, or numbers. `rows` says which line of the file each row is; None: it has no lines."""

    name: str
    heads: tuple[str, ...]
    columns: tuple[Sequence[str] | Array, ...]
    rows: Sequence[int] | None
    tokens: int

    def place(self, row: int, column: int) -> str:
        """`iris.csv, row 4, column `petal_length``"""
        line = f", row {self.rows[row]}" if self.rows is not None else f", token {row + 1}"
        return f"{self.name}{line}, column `{self.heads[column]}`"


def bound(network: Network, sheet: Sheet, targets: bool) -> Dataset:
    """The dataset of a sheet. Columns for no node are left alone. `targets`: they are needed. Raises BadData."""
    nodes = [n for n in network.nodes if n.role in ("input", "target", "output")]
    elements, problems = _elements(nodes, sheet)
    taken = {column for own in elements.values() for column in own.values()}
    free = [head for column, head in enumerate(sheet.heads) if column not in taken]
    problems += [p for n in nodes if (p := _missing(n, elements[n.name], sheet.name, free, targets))]
    if problems:
        raise BadData(*problems)
    found: dict[str, Array] = {}
    for node in nodes:
        if elements[node.name]:
            values = _values(node, elements[node.name], sheet)
            if isinstance(values, list):
                problems += values
            else:
                found[node.name] = values
    if problems:
        raise BadData(*problems)
    return Dataset(**kept(found, network), tokens=sheet.tokens, name=sheet.name)


# ---------------------------------------------------------------------------------------------------------------- names


def _elements(nodes: Sequence[Node], sheet: Sheet) -> tuple[dict[str, Elements], list[str]]:
    """For each node the columns of its elements, or of its class."""
    elements: dict[str, Elements] = {n.name: {} for n in nodes}
    given, outputs = [n for n in nodes if n.role != "output"], [n for n in nodes if n.role == "output"]
    problems = []
    for column, head in enumerate(sheet.heads):
        found = readings(head, given, outputs)
        if len(found) > 1:
            names = " or ".join(f"`{_what(r)}`" for r in found)
            problems.append(f"{sheet.name}: the column `{head}` may be {names}; name it so")
        if len(found) != 1:
            continue
        node, element = found[0].node, found[0].element
        if element in elements[node.name]:
            first = sheet.heads[elements[node.name][element]]
            problems.append(f"{sheet.name}: the columns `{first}` and `{head}` are both `{_what(found[0])}`")
        elements[node.name].setdefault(element, column)
    return elements, problems


def _what(reading: Reading[Node]) -> str:
    plain = reading.element is None or not reading.node.axes
    return reading.node.name if plain else element_of(reading.node, reading.element or ())


def _missing(node: Node, elements: Elements, name: str, free: Sequence[str], targets: bool) -> str:
    """What is wrong with the columns that a node has, if something is. `free` are those of no node."""
    if None in elements:
        return f"{name}: `{node.name}` is given by its class and by its elements" if len(elements) > 1 else ""
    needed = node.role == "input" or (node.role == "target" and targets)
    if not elements and not needed or len(elements) == prod(node.shape):
        return ""
    first = next(e for e in _places(node) if e not in elements)
    if node.role == "output":
        return f"{name}: `{element_of(node, first)}` has no column, but other elements of `{node.name}` have"
    wanted = element_of(node, first) if node.shape else node.name
    way_out = _way_out(node, wanted, free, bool(elements))
    return f"{name}: the {node.role} `{wanted}` has no column" + (f"; {way_out}" if way_out else "")


def _places(node: Node) -> Iterator[tuple[int, ...]]:
    return product(*(range(n) for n in node.shape))


def _way_out(node: Node, wanted: str, free: Sequence[str], partly: bool) -> str:
    spellings = (wanted, wanted.replace("[", "").replace("]", ""), node.name)
    if near := next(filter(None, (closest(name, free) for name in spellings)), ""):
        return f"is it the column `{near}`?"
    if len(node.axes) == 1 and not partly and node.role == "target":
        return f"name one column `{node.name}` for its class, or one for each element"
    heads = ", ".join(f"`{head}`" for head in free[:10])
    return f"columns that belong to no node: {heads}{', …' if len(free) > 10 else ''}" if free else ""


# -------------------------------------------------------------------------------------------------------------- numbers


def _values(node: Node, elements: Elements, sheet: Sheet) -> Array | list[str]:
    """The array of a node, or what is wrong with its cells."""
    if None in elements:
        return _one_hot(node, elements[None], sheet)
    columns = [_numbers(sheet, elements[place]) for place in _places(node)]
    problems = [p for c in columns if isinstance(c, list) for p in c]
    return problems or np.stack(columns, axis=-1).reshape(sheet.tokens, *node.shape)  # type: ignore[arg-type]


def _numbers(sheet: Sheet, column: int) -> Array | list[str]:
    """The numbers of a column, all at once where nothing is wrong."""
    cells = sheet.columns[column]
    if isinstance(cells, np.ndarray):
        wrong = np.flatnonzero(~np.isfinite(cells))
        return [_not_finite(sheet, row, column, str(cells[row])) for row in wrong[:3].tolist()] or cells
    try:
        found = np.array(cells, float)
        if np.isfinite(found).all() and not any("_" in cell for cell in cells):
            return found
    except ValueError:
        pass
    return [p for row, cell in enumerate(cells) if (p := _complaint(sheet, row, column, cell))]


def _complaint(sheet: Sheet, row: int, column: int, cell: str) -> str:
    try:
        number = float(cell) if "_" not in cell else None
    except ValueError:
        number = None
    if number is None:
        hint = "; write a point in place of the comma" if cell.count(",") == 1 else ""
        said = f"`{cell}` is not a number{hint}" if cell else "the cell is empty"
        return f"{sheet.place(row, column)}: {said}"
    return "" if np.isfinite(number) else _not_finite(sheet, row, column, cell)


def _not_finite(sheet: Sheet, row: int, column: int, cell: str) -> str:
    return f"{sheet.place(row, column)}: `{cell}` is no number that a diagram can compute with"


# -------------------------------------------------------------------------------------------------------------- classes


def _one_hot(node: Node, column: int, sheet: Sheet) -> Array | list[str]:
    axis, cells = node.axes[0], sheet.columns[column]
    if len(axis) * sheet.tokens > MOST_NUMBERS:
        return [f"{sheet.name}: `{node.name}` becomes too many numbers, {sheet.tokens} tokens of {len(axis)} classes"]
    known = {cell: _class(axis, cell) for cell in dict.fromkeys(cells)}
    if None in known.values():
        wrong = [(row, cell) for row, cell in enumerate(cells) if known[cell] is None]
        return [f"{sheet.place(row, column)}: {_no_class(node, axis, str(cell))}" for row, cell in wrong]
    return np.eye(len(axis))[np.array([known[cell] for cell in cells], int)]


def _class(axis: Axis, cell: str | float) -> int | None:
    """The place of a class, by its name or its number."""
    if axis.names:
        return axis.names.index(cell) if cell in axis.names else None
    try:
        number = float(cell)
    except ValueError:
        return None
    whole = number == np.floor(number) and axis.low <= number <= axis.high
    return int(number) - axis.low if whole else None


def _no_class(node: Node, axis: Axis, cell: str) -> str:
    hint = did_you_mean(cell, axis.names) if axis.names else ""
    if not axis.names and axis.low == 1 and cell in ("0", "0.0"):
        hint = f"do the classes start at 0? declare `{node.role} {node.name}[0..{axis.high - 1}]`"
    said = f"`{cell}` is no class of `{node.name}`" if cell else f"the cell is empty, and `{node.name}` needs a class"
    return f"{said}: it runs over {shown(axis)}" + (f"; {hint}" if hint else "")
