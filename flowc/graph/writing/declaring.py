"""Declarations: indices, nodes with their labels and activations, weights; neighbours of one kind in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from flowc.graph.network import Axis, Network, Node, Weight
from flowc.graph.writing.lines import start_of
from flowc.graph.writing.problem import NoText
from flowc.graph.writing.spelling import call, numbers_of, sizes_of
from flowc.syntax.expressions import quote, unparse
from flowc.syntax.names import is_name

WIDEST = 70  # letters of what one statement declares
WORDS = {"hidden": "node"}  # a role's word, where the language has another


def indices(network: Network) -> Iterator[str]:
    """The `index` statements: counts together, each other range by itself. Raises NoText."""
    axis_of: dict[str, Axis] = {}
    axes = [axis for node in network.nodes for axis in node.axes] + [axis for w in network.weights for axis in w.axes]
    for axis in axes:
        if axis.index is not None and axis_of.setdefault(axis.index, axis) != axis:
            raise NoText(f"the index `{axis.index}` has two ranges")
    for counted, group in groupby(axis_of.values(), key=lambda axis: axis.names is None and axis.low == 1):
        ranges = [f"{axis.index} = {_range_of_axis(axis)}" for axis in group]
        yield from _statements_of("index", ranges) if counted else (f"index {text}" for text in ranges)


def _range_of_axis(axis: Axis) -> str:
    if axis.names is not None:
        return ", ".join(name if is_name(name) else in_quotes(name) for name in axis.names)
    return str(axis.high) if axis.low == 1 else f"{axis.low}..{axis.high}"


def in_quotes(text: str) -> str:
    """The text in quotes. Raises NoText where none can hold it."""
    if "\n" in text or '"' in text and "'" in text:
        raise NoText(f"no quotes hold the text {text!r}")
    return quote(text)


def nodes(declared: Sequence[Node], activated: Callable[[Node], bool]) -> Iterator[str]:
    """Declarations in this order; neighbours of one role and activation together. `activated`: it has no equation."""

    def kind(node: Node) -> tuple[str, str, str | None]:
        activation = unparse(call(node.function, numbers_of(node))).removesuffix("()")
        differs = activated(node) and activation != "identity"
        comment = node.comment if node.role in ("input", "target") else None
        return WORDS.get(node.role, node.role), f" : {activation}" if differs else "", comment

    for (word, activation, comment), group in groupby(declared, key=kind):
        yield from _statements_of(word, [_node_item(node) for node in group], activation + comment_of(comment))


def comment_of(comment: str | None) -> str:
    """Behind a statement."""
    return "" if comment is None else f"  # {comment}".rstrip()


def _node_item(node: Node) -> str:
    size = sizes_of(node.axes)
    if size is None:
        raise NoText(f"no declaration gives `{node.name}` its size: a part of a named index")
    return node.name + size + _label_of(node)


def _label_of(item: Node | Weight) -> str:
    return "" if item.label is None else f" {in_quotes(item.label)}"


def weights(declared: Sequence[Weight]) -> Iterator[str]:
    """`weight` statements in this order; neighbours of one start say it once."""
    items = []
    for start, group in groupby(declared, key=start_of):
        items += [f"{', '.join(names)} {start}" for names in _line_by_line([_weight_item(weight) for weight in group])]
    yield from _statements_of("weight", items)


def _weight_item(weight: Weight) -> str:
    size = sizes_of(weight.axes)
    if size is None:
        raise NoText(f"no declaration gives the weight `{weight.name}` its size: a part of a named index")
    return weight.name + size + _label_of(weight)


def _width_of(items: Sequence[str]) -> int:
    return sum(len(item) + 2 for item in items)


def _statements_of(word: str, items: Sequence[str], behind: str = "") -> Iterator[str]:
    """Statements of no more items than fit on a line, with the same behind each."""
    for line in _line_by_line(items):
        yield f"{word} {', '.join(line)}{behind}"


def _line_by_line(items: Sequence[str]) -> Iterator[list[str]]:
    line: list[str] = []
    for item in items:
        if line and _width_of([*line, item]) > WIDEST:
            yield line
            line = []
        line.append(item)
    if line:
        yield line
