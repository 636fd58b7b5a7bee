"""The scalar lines of a network as columns of numbers, one row a line: what levels and matrices are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from flowc.graph.network import Arrow, Edges, Index, Network, Node
from flowc.records import Record

Array = np.ndarray
End = tuple[str, Index]  # a scalar: a node, and the element of it; ("1", ()) is the constant

ONE: End = ("1", ())


class Columns(Record, eq=False):
    """Lines into `nodes`, target by target in the order written.

    A source below len(nodes) is that node, else one of `outside`. numbers: the fixed weight, or the factor of the
    learnt one, which is element elements[k] of weight arguments[k] in the order of Network.weights; -1: none.
    """

    nodes: tuple[Node, ...]
    outside: tuple[End, ...]
    targets: Array
    sources: Array
    numbers: Array
    arguments: Array
    elements: Array


@dataclass(slots=True)
class _Rows:
    """Lines that are still being written."""

    targets: list[int]
    sources: list[int]
    numbers: list[float]
    arguments: list[int]
    elements: list[int]


def columns(network: Network, nodes: Sequence[Node]) -> Columns:
    """The lines into these scalar nodes."""
    number: dict[End, int] = {(node.name, ()): k for k, node in enumerate(nodes)}
    weights = {w.name: k for k, w in enumerate(network.weights)}
    shapes = [w.shape for w in network.weights]
    rows = _Rows([], [], [], [], [])
    for target, node in enumerate(nodes):
        if not _from_file_alone(node):
            _add_rows(rows, node.arrows, target, number, weights, shapes)
    parts = [_arrays_of_rows(rows)]
    alone = np.array([_from_file_alone(node) for node in nodes], bool)
    for edges in network.edges:
        parts.append(_rows_of_file(edges, alone, number, weights))
    targets, sources, numbers, arguments, elements = (np.concatenate(some) for some in zip(*parts, strict=True))
    order = np.argsort(targets, kind="stable")
    outside = tuple(number)[len(nodes) :]
    return Columns(
        tuple(nodes), outside, targets[order], sources[order], numbers[order], arguments[order], elements[order]
    )


def _from_file_alone(node: Node) -> bool:
    """All arrows of the node come from files, so that they are read as columns."""
    return bool(getattr(node.arrows, "from_files_alone", False))


def _add_rows(
    rows: _Rows, arrows: Iterable[Arrow], target: int, number: dict[End, int], weights: dict[str, int],
    shapes: list[tuple[int, ...]],
) -> None:  # fmt: skip
    for arrow in arrows:
        argument = -1 if arrow.weight is None else weights[arrow.weight]
        rows.targets.append(target)
        rows.sources.append(number.setdefault((arrow.source, arrow.source_index), len(number)))
        rows.numbers.append(arrow.factor)
        rows.arguments.append(argument)
        rows.elements.append(flat(arrow.weight_index, shapes[argument]) if argument >= 0 else 0)


def flat(index: Index, shape: tuple[int, ...]) -> int:
    """The place of one element in its array, row by row."""
    place = 0
    for i, n in zip(index, shape, strict=True):
        assert isinstance(i, int)
        place = place * n + i
    return place


def _arrays_of_rows(rows: _Rows) -> tuple[Array, ...]:
    return (
        np.array(rows.targets, np.int64), np.array(rows.sources, np.int64), np.array(rows.numbers, float),
        np.array(rows.arguments, np.int64), np.array(rows.elements, np.int64),
    )  # fmt: skip


def _rows_of_file(edges: Edges, alone: Array, number: dict[End, int], weights: dict[str, int]) -> tuple[Array, ...]:
    """The rows of a file that lead into nodes fed by files alone."""
    numbers = np.array([number.get((name, ()), -1) for name in edges.nodes], np.int64)
    targets = numbers[edges.targets]
    inside = (targets >= 0) & (targets < len(alone))
    inside[inside] = alone[targets[inside]]
    used = np.zeros(len(edges.nodes), bool)
    used[edges.sources[inside]] = True
    for k in np.flatnonzero(used & (numbers < 0)):
        numbers[k] = number.setdefault((edges.nodes[k], ()), len(number))
    learnt = np.asarray(edges.learnt)
    place = np.cumsum(learnt) - 1
    argument = weights[edges.weight] if edges.weight is not None else -1
    return (
        targets[inside],
        numbers[edges.sources[inside]],
        np.where(learnt, 1.0, edges.weights)[inside],
        np.where(learnt, argument, -1)[inside],
        np.where(learnt, place, 0)[inside],
    )
