"""What a column of data is by its name: an element of a node, or its class. Position never says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Generic, Protocol, TypeVar

from flowc.graph.network import Axis, Network, Node
from flowc.graph.sizes import element_name
from flowc.records import Record
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


class Reading(Record, Generic[N]):
    """What a column may be: an element of a node (its place from 0), the whole scalar, or `element` None: its class."""

    node: N
    element: tuple[int, ...] | None
    rank: int  # 0 the exact name, 1 `x[1]`, 2 `x1`, 3 the bare element, 4 the index of a target's classes


Meaning = Callable[[str], list[Reading[Node]]]  # what a column of some name may be
Columns = dict[tuple[int, ...] | None, int]  # element of a node, None for its class -> column


class Claim(Record, Generic[N]):
    """What a column may be of; `first` is the column before it that is of the same."""

    column: int
    readings: list[Reading[N]]
    first: int | None = None


def element_of(node: Named, element: tuple[int, ...]) -> str:
    """`x[1]`, as the text writes the element at these places from 0; `x`, where it is the whole of a scalar."""
    if not element:
        return node.name
    return f"{node.name}[{','.join(element_name(a, k) for a, k in zip(node.axes or (), element))}]"


def claims(columns: Iterable[list[Reading[N]]]) -> Iterator[Claim[N]]:
    """One for each column, in their order."""
    first: dict[tuple[str, tuple[int, ...] | None], int] = {}
    for column, meant in enumerate(columns):
        keys = [(r.node.name, r.element) for r in meant]
        yield Claim(column, meant, first.get(keys[0]) if len(keys) == 1 else None)
        if len(keys) == 1:
            first.setdefault(keys[0], column)


def by_node(claimed: Iterable[Claim[N]]) -> dict[str, Columns]:
    """The columns of each node that has some; where two are of the same, the first."""
    columns: dict[str, Columns] = {}
    for claim in claimed:
        if len(claim.readings) == 1 and claim.first is None:
            (reading,) = claim.readings
            columns.setdefault(reading.node.name, {})[reading.element] = claim.column
    return columns


def what_it_is(reading: Reading[N]) -> str:
    """`x[1]`; of a class `x`."""
    return element_of(reading.node, reading.element or ())


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


def column_of(ref: t.Ref) -> str:
    """The column that a formula names: `x`, `x[1,2]`."""
    return ref.name if ref.index is None else f"{ref.name}[{','.join(map(spelled, ref.index))}]"


def readings(text: str, given: Iterable[N], outputs: Iterable[N]) -> list[Reading[N]]:
    """What a column of this name may be, the best readings alone. `given`, inputs and targets, claim it first."""
    for nodes in (given, outputs):
        candidates = [r for node in nodes for r in _readings(node, text)]
        if candidates:
            best = min(r.rank for r in candidates)
            return [r for r in candidates if r.rank == best]
    return []


def closest_readings(text: str, nodes: Sequence[N]) -> list[Reading[N]]:
    """Of nodes of all kinds the best readings alone."""
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


def columned_nodes(network: Network) -> list[Node]:
    """The nodes that data may have columns for."""
    return [n for n in network.nodes if n.role in CLAIM]


def meaning(nodes: Sequence[Node]) -> Meaning:
    """What names of columns may be; a name need not be spelled as the diagram does, `ξ₁` is `ξ1`."""
    near = candidates(nodes)

    def found(head: str) -> list[Reading[Node]]:
        return closest_readings(head, near(head))

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
