"""Columns to a mesh: which nodes make a level, in which order they stand, and whether a level is dense or sparse.

The cost rule. On two cores of a shared x86-64 machine (one thread, float32, batch 128) a sparse level takes about
0.2 ns for each line and token, a dense one 0.02 ns for each number of its matrix and token; learning, the gathered
products of a sparse level cost about 1 ns for each line and token, a dense product again 0.02. So a matrix may be about
nine tenths zeros before sparse is faster; for one token, where both only read weights once, three quarters. DENSE is
between them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from flowc.graph.files.lazy_arrows import source_names
from flowc.graph.network import Network, Node
from flowc.maths.functions import lookup
from flowc.program.lowering import Matrices
from flowc.program.mesh.arrows import Columns
from flowc.program.mesh.mesh import Group, Level, Lines, Mesh
from flowc.records import Record

Array = np.ndarray

DENSE = 0.2  # the share of a level's matrix that must be lines


class Arranged(Record, eq=False):
    """A mesh, its weight vector, for each node of the columns its place, and for some that of the excitation."""

    mesh: Mesh
    lines: Lines
    places: Array  # of columns.nodes
    excitations: dict[int, int]  # place of the node -> place of its excitation


class Outside(Record, eq=False):
    """Where the values from outside stand: the place of each of columns.outside, and how many places they take."""

    places: Array
    count: int  # the constant among them


def arrange(columns: Columns, outside: Outside, ordered: Array, asked: Array, matrices: Matrices) -> Arranged:
    """`ordered`: the nodes whose sums must be added in the order written; `asked`: whose excitations are asked for."""
    depth = levels(len(columns.nodes), columns.targets, columns.sources)
    names = [(n.function, n.parameters, bool(a)) for n, a in zip(columns.nodes, asked, strict=True)]
    kinds = {name: k for k, name in enumerate(dict.fromkeys(names))}
    kind = np.array([kinds[name] for name in names])
    order = np.lexsort((np.arange(len(kind)), kind, ordered, depth))
    places = np.empty(len(order), np.int64)
    places[order] = outside.count + np.arange(len(order))

    rows = np.argsort(places[columns.targets], kind="stable")
    counts = np.bincount(places[columns.targets] - outside.count, minlength=len(order))
    starts = np.concatenate([[0], np.cumsum(counts)])
    sources = np.concatenate([places, outside.places])[columns.sources][rows]

    cuts = _level_cuts(depth[order], ordered[order])
    groups, excitations = _groups_of_levels(cuts, [names[k] for k in order], outside.count)
    levels_made = []
    for (first, last), inside in zip(cuts, groups, strict=True):
        level = Level(outside.count + first, outside.count + last, "sparse", inside, 0)
        levels_made.append(_choose_shape(level, starts, sources, outside.count, matrices, bool(ordered[order[first]])))
    levels_made, count = _number_levels(levels_made, starts, outside.count)
    weights = _weight_numbers(levels_made, starts, sources, outside.count)
    size = outside.count + len(order) + len(excitations)
    mesh = Mesh(outside.count, len(order), size, tuple(levels_made), starts, sources, weights, count)
    return Arranged(mesh, _lines_of_mesh(mesh, columns, rows), places, excitations)


def levels(count: int, targets: Array, sources: Array) -> Array:
    """For each of `count` nodes the most lines between it and what comes from outside. There is no cycle."""
    inner = sources < count
    sources, targets = sources[inner], targets[inner]
    waiting = np.bincount(targets, minlength=count)
    order = np.argsort(sources, kind="stable")
    readers = targets[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(sources, minlength=count))])
    level = np.zeros(count, np.int64)
    ready, here = np.flatnonzero(waiting == 0), 0
    while len(ready):
        level[ready] = here
        here += 1
        some = readers[_join_ranges(starts[ready], starts[ready + 1])]
        np.subtract.at(waiting, some, 1)
        some = np.unique(some)
        ready = some[waiting[some] == 0]
    return level


def _join_ranges(first: Array, last: Array) -> Array:
    """All numbers first[0] .. last[0] - 1, first[1] .. last[1] - 1, ..."""
    lengths = last - first
    ends = np.cumsum(lengths)
    numbers: Array = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + lengths, lengths)
    return numbers


def _level_cuts(depth: Array, ordered: Array) -> list[tuple[int, int]]:
    """Where a level, or the part of it whose order is kept, begins and ends."""
    changes = np.flatnonzero((np.diff(depth) != 0) | (np.diff(ordered.astype(int)) != 0)) + 1
    return list(pairwise([0, *changes.tolist(), len(depth)]))


def _groups_of_levels(
    cuts: list[tuple[int, int]], names: list[tuple[str, tuple[float, ...], bool]], outside: int
) -> tuple[list[tuple[Group, ...]], dict[int, int]]:
    """The groups of every level; for each node whose excitation is kept the place of that."""
    groups: list[tuple[Group, ...]] = []
    excitations: dict[int, int] = {}
    following = outside + len(names)
    for first, last in cuts:
        bounds = [first, *(j for j in range(first + 1, last) if names[j] != names[j - 1]), last]
        inside = []
        for a, b in pairwise(bounds):
            name, parameters, asked = names[a]
            place = following if asked or needs_excitation(name) else None
            inside.append(Group(name, parameters, outside + a, outside + b, place, asked))
            if place is not None:
                excitations |= {outside + j: place + j - a for j in range(a, b)}
                following += b - a
        groups.append(tuple(inside))
    return groups, excitations


def needs_excitation(name: str) -> bool:
    """Whether the slope of a function is written with its excitation; relu's sign is that of its value, too."""
    function = lookup(name)
    assert function is not None, name
    return name != "relu" and "xi" in function.rule.pullback[0]


def _choose_shape(level: Level, starts: Array, sources: Array, outside: int, matrices: Matrices, ordered: bool) -> Level:
    """The level as ordered, dense or sparse."""
    if ordered:
        return Level(level.first, level.last, "ordered", level.groups, level.start)
    a, b = starts[level.first - outside], starts[level.last - outside]
    line_sources = sources[a:b]
    inner = line_sources[line_sources > 0]
    low, high = (int(inner.min()), int(inner.max()) + 1) if len(inner) else (0, 0)
    bias = len(inner) < len(line_sources)
    dense = Level(level.first, level.last, "dense", level.groups, level.start, low, high, bias)
    is_dense = matrices == "dense" or matrices == "auto" and len(line_sources) >= DENSE * dense.weights
    return dense if is_dense and not _has_like_terms(starts[level.first - outside : level.last - outside + 1], line_sources) else level


def _has_like_terms(starts: Array, sources: Array) -> bool:
    """Like terms, as `a*x + b*x`, are two lines; a matrix has one number for them."""
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return len(np.unique(row * (int(sources.max(initial=0)) + 1) + sources)) < len(sources)


def _number_levels(found: list[Level], starts: Array, outside: int) -> tuple[list[Level], int]:
    """The levels with the places of their numbers in the weight vector, and how many numbers there are."""
    begun = list(found)
    count = 0
    for dense in (False, True):
        for k, level in enumerate(found):
            if (level.how == "dense") == dense:
                begun[k] = replace(level, start=count)
                lines = int(starts[level.last - outside] - starts[level.first - outside])
                count += level.weights if dense else lines
    return begun, count


def _weight_numbers(found: list[Level], starts: Array, sources: Array, outside: int) -> Array:
    """The number of the weight vector that each line has."""
    weights = np.empty(len(sources), np.int64)
    for level in found:
        first, last = level.first - outside, level.last - outside
        a, b = starts[first], starts[last]
        if level.how != "dense":
            weights[a:b] = level.start + np.arange(b - a)
            continue
        row = np.repeat(np.arange(level.rows), np.diff(starts[first : last + 1]))
        line_sources, width = sources[a:b], level.high - level.low
        inside = level.start + row * width + line_sources - level.low
        weights[a:b] = np.where(line_sources > 0, inside, level.start + level.rows * width + row)
    return weights


def _lines_of_mesh(mesh: Mesh, columns: Columns, rows: Array) -> Lines:
    """The weight vector: lines that a dense level lacks are 0."""
    numbers = np.zeros(mesh.count)
    arguments = np.full(mesh.count, -1, np.int64)
    elements = np.zeros(mesh.count, np.int64)
    numbers[mesh.weights] = columns.numbers[rows]
    arguments[mesh.weights] = columns.arguments[rows]
    elements[mesh.weights] = columns.elements[rows]
    return Lines(numbers, arguments, elements)


# ------------------------------------------------------------------ thresholds


def before_thresholds(network: Network, columns: Columns) -> Array:
    """Which nodes of the columns a threshold follows, near or far: there the order of a sum may decide."""
    followed = np.zeros(len(columns.nodes), bool)
    number = {node.name: k for k, node in enumerate(columns.nodes)}
    if not any(is_threshold(node) for node in network.nodes):
        return followed
    waiting = [node for node in network.nodes if is_threshold(node)]
    nodes = {node.name: node for node in network.nodes}
    seen = {node.name for node in waiting}
    while waiting:
        node = waiting.pop()
        if node.name in number:
            followed[number[node.name]] = True
        for source in set(source_names(node.arrows)) | {o.node for o in node.operands if o.node}:
            if source not in seen and source in nodes:
                seen.add(source)
                waiting.append(nodes[source])
    return followed


def is_threshold(node: Node) -> bool:
    """A node whose value, or the part that gets the gradient, jumps: step, sign, argmax, max, min."""
    function = lookup(node.function)
    assert function is not None, node.function
    return function.jumps
