"""Columns of a table, bound to nodes by their names (rules 15, 42 and 43)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod

from flowc.graph.constants import reshaped
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.network import Axis, Numbers, Table, Values
from flowc.graph.problems import Abandon, and_list, did_you_mean
from flowc.graph.sizes import element_name, shown, sizes
from flowc.source import Span
from flowc.syntax import tree as t

MOST_CELLS = 10**7  # numbers that one table becomes, one-hot columns spread


@dataclass(frozen=True, slots=True)
class Reading:
    """What a column may be: an element of a node (its place from 0), the whole scalar, or `element` None: its class."""

    node: DraftNode
    element: tuple[int, ...] | None
    rank: int  # 0 the exact name, 1 `x[1]`, 2 `x1`, 3 the bare element


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head; a range `x[1..2]` is a head for each of its columns."""

    text: str
    span: Span


def bind(draft: Draft, table: t.DataTable) -> Table:
    """The table with its columns bound to inputs, targets and outputs."""
    heads, bar = _heads(draft, table)
    before = len(draft.problems.found)
    for row in table.rows:
        if len(row) != len(heads):
            found = f"{len(row)} cell{'s' if len(row) != 1 else ''}"
            draft.problems.report(
                "ragged-row", f"this row has {found}, the table has {len(heads)} columns", row[0].span.to(row[-1].span)
            )
    torn: list[DraftNode] = []  # nodes of a column with two readings; more need not be said of them
    bound: dict[str, dict[tuple[int, ...] | None, int]] = {}
    for place, head in enumerate(heads):
        readings = _reading(draft, head)
        if len(readings) != 1:
            torn += [r.node for r in readings]
            continue
        (reading,) = readings
        _check_side(draft, head, reading.node, place, bar)
        columns = bound.setdefault(reading.node.name, {})
        if reading.element in columns:
            first = heads[columns[reading.element]]
            draft.problems.report(
                "duplicate-column",
                f"the columns `{first.text}` and `{head.text}` are both {_what(reading)}",
                head.span,
                notes=(("the first is here", first.span),),
            )
        columns.setdefault(reading.element, place)
    nodes = [n for n in draft.nodes.values() if n.role in ("input", "target", "output") and n not in torn]
    values = [v for n in nodes if (v := _values(draft, table, n, bound.get(n.name, {}), heads))]
    if len(draft.problems.found) > before:
        raise Abandon
    cells = tuple(tuple(cell.text for cell in row) for row in table.rows)
    return Table(table.part, tuple(h.text for h in heads), cells, tuple(values), table.span)


def spelled(part: t.Expression | t.Range) -> str:
    """An index of a head as text: `1`, `-2`, `cat`, `1..2`."""
    match part:
        case t.Number():
            return part.text
        case t.Negative():
            return f"-{spelled(part.operand)}"
        case t.Range():
            return f"{spelled(part.low)}..{spelled(part.high)}"
        case t.Text():
            return part.value
        case t.Ref():
            return part.name
    return "?"


def _heads(draft: Draft, table: t.DataTable) -> tuple[list[Head], int | None]:
    """The heads, ranges spread; and the number of columns left of the bar."""
    heads: list[Head] = []
    bar = None
    for place, column in enumerate(table.columns):
        if place == table.bar:
            bar = len(heads)
        heads += _spread(draft, column)
    return heads, len(heads) if table.bar == len(table.columns) else bar


def _spread(draft: Draft, column: t.Column) -> list[Head]:
    ref = column.ref
    node = draft.nodes.get(ref.name) if ref else None
    if ref is None or ref.index is None or node is None or len(ref.index) != len(node.axes or ()):
        return [Head(column.text.replace(", ", ","), column.span)]
    if not any(isinstance(part, t.Range) for part in ref.index):
        return [Head(f"{ref.name}[{','.join(map(spelled, ref.index))}]", column.span)]
    from flowc.graph.sizes import picks_of

    picks = picks_of(draft, ref, node.axes or (), variables=False)
    places = [range(p, p + 1) if isinstance(p, int) else range(*p) for p in picks]  # type: ignore[misc]
    if prod(len(p) for p in places) > MOST_CELLS:
        raise draft.problems.fail("too-large", f"`{column.text}` stands for too many columns", column.span)
    return [Head(_element(node, element), column.span) for element in product(*places)]


def _element(node: DraftNode, element: tuple[int, ...]) -> str:
    return f"{node.name}[{','.join(element_name(a, k) for a, k in zip(node.axes or (), element))}]"


def _what(reading: Reading) -> str:
    if reading.element is None or not reading.node.axes:
        return f"`{reading.node.name}`"
    return f"`{_element(reading.node, reading.element)}`"


# ------------------------------------------------------------------- readings


def _reading(draft: Draft, head: Head) -> list[Reading]:
    """What a column is. Inputs and targets claim it first; two readings of one rank are an error."""
    for roles in (("input", "target"), ("output",)):
        nodes = [n for n in draft.nodes.values() if n.role in roles and n.axes is not None]
        readings = [r for node in nodes for r in _readings(node, head.text)]
        if readings:
            best = min(r.rank for r in readings)
            closest = [r for r in readings if r.rank == best]
            if len(closest) > 1:
                draft.problems.report(
                    "ambiguous-column",
                    f"the column `{head.text}` may be {' or '.join(_what(r) for r in closest)}",
                    head.span,
                    hint=f"name it so: `{_element(closest[0].node, closest[0].element or ())}`",
                )
            return closest
    _unknown(draft, head)
    return []


def _readings(node: DraftNode, text: str) -> list[Reading]:
    axes = node.axes or ()
    if text == node.name:
        return [Reading(node, None if axes else (), 0)] if len(axes) < 2 else []
    if not axes:
        return []
    if text.startswith(f"{node.name}[") and text.endswith("]"):
        element = _places(axes, text[len(node.name) + 1 : -1].split(","))
        return [Reading(node, element, 1)] if element is not None else []
    found = []
    if len(axes) == 1:
        if text.startswith(node.name) and (place := _place(axes[0], text[len(node.name) :])) is not None:
            found.append(Reading(node, (place,), 2))
        elif axes[0].names and text in axes[0].names:
            found.append(Reading(node, (axes[0].names.index(text),), 3))
    return found


def _places(axes: tuple[Axis, ...], names: list[str]) -> tuple[int, ...] | None:
    places = [_place(axis, name.strip().strip("\"'")) for axis, name in zip(axes, names)]
    return tuple(p for p in places if p is not None) if len(names) == len(axes) and None not in places else None


def _place(axis: Axis, name: str) -> int | None:
    """The place of an element by its spelling; None if there is none."""
    if axis.names:
        return axis.names.index(name) if name in axis.names else None
    try:
        number = int(name)
    except ValueError:
        return None
    return number - axis.low if axis.low <= number <= axis.high and name == str(number) else None


def _unknown(draft: Draft, head: Head) -> None:
    node = draft.nodes.get(head.text.split("[")[0])
    if node is not None and node.axes is None:
        return  # what is wrong with it has been said
    wanted = [n.name for n in draft.nodes.values() if n.role in ("input", "target", "output")]
    if node is not None and node.role not in ("input", "target", "output"):
        message = f"the column `{head.text}` is a hidden node; data are given for inputs, targets and outputs"
        hint = f"declare it `output {node.name}` to have its value checked"
    elif node is not None and len(node.axes or ()) > 1:
        message = f"a grid's elements are columns of their own, not `{head.text}`"
        hint = f"name them `{_element(node, tuple(0 for _ in node.axes or ()))}`, …"
    elif node is not None and node.axes:
        message = f"`{node.name}` has no element for the column `{head.text}`: it runs over {shown(node.axes[0])}"
        hint = ""
    else:
        message = f"the column `{head.text}` belongs to no input, target or output"
        hint = did_you_mean(head.text, wanted, f"there are {and_list(wanted)}" if wanted else "declare `input …` first")
    draft.problems.report("unknown-column", message, head.span, hint=hint)


def _check_side(draft: Draft, head: Head, node: DraftNode, place: int, bar: int | None) -> None:
    if bar is None or (place < bar) == (node.role == "input"):
        return
    side = "left" if place < bar else "right"
    draft.problems.report(
        "wrong-side",
        f"the {node.role} `{head.text}` stands {side} of the bar",
        head.span,
        hint="inputs stand left of the bar, targets and outputs right",
    )


# --------------------------------------------------------------------- values


def _values(
    draft: Draft, table: t.DataTable, node: DraftNode, columns: dict[tuple[int, ...] | None, int], heads: list[Head]
) -> Values | None:
    """A node's numbers, row by row; None where the table has none and needs none."""
    axes = node.axes
    if axes is None:
        return None
    if None in columns:
        if len(columns) > 1:
            second = heads[next(p for e, p in columns.items() if e is not None)]
            draft.problems.report(
                "duplicate-column", f"`{node.name}` is given by its class and by its elements", second.span
            )
            return None
        if len(axes[0]) * len(table.rows) > MOST_CELLS:
            message = (
                f"`{node.name}` has too many classes for a table: {len(table.rows)} rows of {len(axes[0])} numbers"
            )
            draft.problems.report("too-large", message, heads[columns[None]].span, hint="put the data into a file")
            return None
        return Values(node.name, tuple(_one_hot(draft, node, axes[0], row, columns[None]) for row in table.rows))
    optional = node.role == "output" or (node.role == "target" and table.part == "test")
    if not columns and optional:
        return None
    count = prod(sizes(axes))
    if len(columns) < count:
        elements = product(*(range(n) for n in sizes(axes)))
        _missing(draft, table, node, next(e for e in elements if e not in columns), bool(columns))
        return None
    order = [columns[element] for element in product(*(range(n) for n in sizes(axes)))]
    rows = []
    for row in table.rows:
        if len(row) != len(heads):
            continue
        numbers = [_number(draft, node, row[place]) for place in order]
        rows.append(reshaped(numbers, sizes(axes)))
    return Values(node.name, tuple(rows))


def _missing(draft: Draft, table: t.DataTable, node: DraftNode, element: tuple[int, ...], partly: bool) -> None:
    name = _element(node, element) if node.axes else node.name
    hint = f"add a column `{name}`"
    if node.axes and len(node.axes) == 1 and not partly:
        axis = node.axes[0]
        last = f", …, `{node.name}[{element_name(axis, len(axis) - 1)}]`" if len(axis) > 1 else ""
        hint = f"name columns `{name}`{last}, or one column `{node.name}` of classes"
    head = table.columns[0].span.to(table.columns[-1].span)
    draft.problems.report("missing-column", f"the {node.role} `{name}` has no column", head, hint=hint)


def _number(draft: Draft, node: DraftNode, cell: t.Cell) -> float:
    if isinstance(cell.value, str) and cell.value.lower() in ("nan", "inf", "infinity"):
        what = f"`{cell.text}` is not a number that a diagram can compute with"
        draft.problems.report("not-finite", what, cell.span, hint="leave the row out, or write a number")
        return 0.0
    if isinstance(cell.value, str):
        hint = f"a class needs a node with a size: `{node.role} {node.name}[class]`" if not node.axes else ""
        draft.problems.report(
            "not-a-number", f"`{cell.text}` is not a number, and `{node.name}` holds numbers", cell.span, hint=hint
        )
        return 0.0
    return float(cell.value)


def _one_hot(draft: Draft, node: DraftNode, axis: Axis, row: tuple[t.Cell, ...], place: int) -> Numbers:
    if place >= len(row):
        return ()
    cell = row[place]
    found = _class(axis, cell)
    if found is None:
        _no_class(draft, node, axis, cell)
        return ()
    return tuple(1.0 if k == found else 0.0 for k in range(len(axis)))


def _class(axis: Axis, cell: t.Cell) -> int | None:
    if axis.names:
        name = cell.value if isinstance(cell.value, str) else cell.text
        return axis.names.index(name) if name in axis.names else None
    if isinstance(cell.value, str) or cell.value != int(cell.value):
        return None
    return int(cell.value) - axis.low if axis.low <= cell.value <= axis.high else None


def _no_class(draft: Draft, node: DraftNode, axis: Axis, cell: t.Cell) -> None:
    if axis.names:
        hint = did_you_mean(str(cell.value), axis.names)
    elif cell.value == axis.low - 1 == 0:
        hint = f"do the classes start at 0? declare `{node.role} {node.name}[0..{axis.high - 1}]`"
    elif isinstance(cell.value, str):
        hint = f"name the classes: `index class = {cell.text}, …` and `{node.role} {node.name}[class]`"
    else:
        hint = f"numbers for each element are columns of their own: `{_element(node, (0,))}`, …"
    draft.problems.report(
        "not-a-class", f"`{cell.text}` is no class of `{node.name}`: it runs over {shown(axis)}", cell.span, hint=hint
    )
