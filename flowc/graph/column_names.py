"""Columns of a table, bound to nodes by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Generic, Protocol, TypeVar

from flowc.diagnostics.suggest import and_list, did_you_mean
from flowc.graph.distributions import distributions
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.network import Axis, Node, Table
from flowc.graph.problems import Abandon
from flowc.graph.sizes import shown
from flowc.graph.table_cells import MOST_CELLS, element_of, values_of
from flowc.source import Span
from flowc.syntax import tree as t
from flowc.syntax.names import folded


class Named(Protocol):
    """What a column is for: a node, of the draft or of the network."""

    @property
    def name(self) -> str: ...
    @property
    def axes(self) -> tuple[Axis, ...] | None: ...
    @property
    def role(self) -> str: ...


N = TypeVar("N", bound=Named)
CLAIM = ("input", "target", "output")  # what columns may be of


@dataclass(frozen=True, slots=True)
class Reading(Generic[N]):
    """What a column may be: an element of a node (its place from 0), the whole scalar, or `element` None: its class."""

    node: N
    element: tuple[int, ...] | None
    rank: int  # 0 the exact name, 1 `x[1]`, 2 `x1`, 3 the bare element, 4 the index of a target's classes


Meaning = Callable[[str], list[Reading[Node]]]  # what a column of some name may be


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head; a range `x[1..2]` is a head for each of its columns."""

    text: str
    span: Span


def bind(draft: Draft, table: t.DataTable) -> Table:
    """The table with its columns bound to inputs, targets and outputs."""
    heads, bar = _heads(draft, table)
    before = len(draft.problems.found)
    near = candidates(n for n in draft.nodes.values() if n.role in CLAIM and n.axes is not None)
    for row in table.rows:
        if len(row) != len(heads):
            count = f"{len(row)} cell{'s' if len(row) != 1 else ''}"
            draft.problems.report(
                "ragged-row", f"this row has {count}, the table has {len(heads)} columns", row[0].span.to(row[-1].span)
            )
    torn: list[DraftNode] = []  # nodes of a column with two readings; more need not be said of them
    bound: dict[str, dict[tuple[int, ...] | None, int]] = {}
    for place, head in enumerate(heads):
        meant = _reading(draft, head, near(head.text))
        if len(meant) != 1:
            torn += [r.node for r in meant]
            continue
        (reading,) = meant
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
    lost = {n.name for n in torn}
    nodes = [n for n in draft.nodes.values() if n.role in CLAIM and n.name not in lost]
    spans = [head.span for head in heads]
    losses = distributions(draft.nodes.values())
    read = (values_of(draft, table, n, bound.get(n.name, {}), spans, losses.get(n.name)) for n in nodes)
    values = [v for v in read if v]
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
    places = [range(p, p + 1) if isinstance(p, int) else range(*p) for p in picks]
    if prod(len(p) for p in places) > MOST_CELLS:
        raise draft.problems.fail("too-large", f"`{column.text}` stands for too many columns", column.span)
    return [Head(element_of(node, element), column.span) for element in product(*places)]


def _what(reading: Reading[DraftNode]) -> str:
    if reading.element is None or not reading.node.axes:
        return f"`{reading.node.name}`"
    return f"`{element_of(reading.node, reading.element)}`"


# ------------------------------------------------------------------- readings


def _reading(draft: Draft, head: Head, near: Sequence[DraftNode]) -> list[Reading[DraftNode]]:
    """What a column is, of the nodes near its name; two readings of one rank are an error."""
    closest = _closest(head.text, near)
    if not closest:
        _unknown(draft, head)
    if len(closest) > 1:
        draft.problems.report(
            "ambiguous-column",
            f"the column `{head.text}` may be {' or '.join(_what(r) for r in closest)}",
            head.span,
            hint=f"name it so: `{element_of(closest[0].node, closest[0].element or ())}`",
        )
    return closest


def readings(text: str, given: Iterable[N], outputs: Iterable[N]) -> list[Reading[N]]:
    """What a column of this name may be, the best readings alone. `given`, inputs and targets, claim it first."""
    for nodes in (given, outputs):
        candidates = [r for node in nodes for r in _readings(node, text)]
        if candidates:
            best = min(r.rank for r in candidates)
            return [r for r in candidates if r.rank == best]
    return []


def _closest(text: str, nodes: Sequence[N]) -> list[Reading[N]]:
    return readings(text, [n for n in nodes if n.role != "output"], [n for n in nodes if n.role == "output"])


def candidates(nodes: Iterable[N]) -> Callable[[str], list[N]]:
    """Of inputs, targets and outputs, those that a column of some name may be of, in their order.

    There may be thousands of columns and of nodes: all that a name could begin with or be is looked up.
    """
    ordered = list(nodes)
    places: dict[str, list[int]] = {}
    for place, node in enumerate(ordered):
        axis = node.axes[0] if node.axes else None
        words = {node.name, *(axis.names or ()), axis.index or node.name} if axis else {node.name}
        for word in words:
            places.setdefault(word, []).append(place)
    longest = max((len(n.name) for n in ordered if n.axes), default=0)

    def near(text: str) -> list[N]:
        beginnings = (text[:end] for end in range(1, min(longest, len(text) - 1) + 1))
        numbers = {place for word in (text, *beginnings) for place in places.get(word, ())}
        return [ordered[place] for place in sorted(numbers)]

    return near


def _readings(node: N, text: str) -> list[Reading[N]]:
    axes = node.axes or ()
    if text == node.name:
        return [Reading(node, None if axes else (), 0)] if len(axes) < 2 else []
    if not axes:
        return []
    if text.startswith(f"{node.name}[") and text.endswith("]"):
        element = _places(axes, text[len(node.name) + 1 : -1])
        return [Reading(node, element, 1)] if element is not None else []
    readings_of_node: list[Reading[N]] = []
    if len(axes) == 1:
        if text.startswith(node.name) and (place := _place(axes[0], text[len(node.name) :])) is not None:
            readings_of_node.append(Reading(node, (place,), 2))
        elif axes[0].names and text in axes[0].names:
            readings_of_node.append(Reading(node, (axes[0].names.index(text),), 3))
        elif node.role == "target" and text == axes[0].index:
            readings_of_node.append(Reading(node, None, 4))
    return readings_of_node


def meaning(nodes: Sequence[Node]) -> Meaning:
    """What names of columns may be; a name need not be spelled as the diagram does, `ξ₁` is `ξ1`."""
    near = candidates(nodes)

    def found(head: str) -> list[Reading[Node]]:
        return _closest(head, near(head))

    return lambda head: found(head) or found(folded(head))


def called(nodes: Mapping[str, Node], name: str) -> Node | None:
    """The node of a name, in whatever spelling."""
    return nodes.get(name) or nodes.get(folded(name))


def spread(text: str, nodes: Mapping[str, Node]) -> list[str]:
    """The name of a column, or of all those that its range stands for: `x[1..3]` is `x[1]`, `x[2]`, `x[3]`."""
    name, _, inside = text.removesuffix("]").partition("[")
    node, parts = called(nodes, name), inside.split(",")
    if node is None or ".." not in inside or len(parts) != len(node.axes) or _places(node.axes, inside) is not None:
        return [text]
    ranges = [_range(axis, part) for axis, part in zip(node.axes, parts)]
    return [element_of(node, element) for element in product(*ranges)] if all(ranges) else [text]


def _range(axis: Axis, text: str) -> range:
    """The places of `1..3`, or of one element; none where there are no such elements."""
    low, _, high = text.partition("..")
    first, last = _written(axis, low), _written(axis, high or low)
    return range(first, last + 1) if first is not None and last is not None else range(0)


def _places(axes: tuple[Axis, ...], inside: str) -> tuple[int, ...] | None:
    """The element that stands between brackets; None if there is none, or if commas within names leave two."""
    elements = list(islice(_cuts(axes, inside.split(",")), 2))
    return elements[0] if len(elements) == 1 else None


def _cuts(axes: tuple[Axis, ...], parts: list[str]) -> Iterator[tuple[int, ...]]:
    """The elements that the parts between commas are, as far as these are joined to names."""
    if not axes:
        yield from () if parts else ((),)
        return
    most = len(parts) - len(axes) + 1
    if most > 1:
        most = min(most, 1 + max((name.count(",") for name in axes[0].names or ()), default=0))
    for count in range(1, most + 1):
        if (place := _written(axes[0], ",".join(parts[:count]))) is not None:
            yield from ((place, *rest) for rest in _cuts(axes[1:], parts[count:]))


def _written(axis: Axis, text: str) -> int | None:
    """The place of an element as it is written: by its name, with blanks around it, in quotes."""
    bare = text.strip()
    inside = bare[1:-1] if bare[:1] in ("'", '"') and bare[:1] == bare[-1:] else bare
    ways = dict.fromkeys((text, bare, inside, bare.strip("\"'")))
    return next((place for way in ways if (place := _place(axis, way)) is not None), None)


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
    names = [n.name for n in draft.nodes.values() if n.role in CLAIM]
    if node is not None and node.role not in CLAIM:
        message = f"the column `{head.text}` is a hidden node; data are given for inputs, targets and outputs"
        hint = f"declare it `output {node.name}` to have its value checked"
    elif node is not None and len(node.axes or ()) > 1:
        message = f"a grid's elements are columns of their own, not `{head.text}`"
        hint = f"name them `{element_of(node, tuple(0 for _ in node.axes or ()))}`, …"
    elif node is not None and node.axes:
        message = f"`{node.name}` has no element for the column `{head.text}`: it runs over {shown(node.axes[0])}"
        hint = ""
    else:
        message = f"the column `{head.text}` belongs to no input, target or output"
        hint = did_you_mean(head.text, names, f"there are {and_list(names)}" if names else "declare `input …` first")
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
