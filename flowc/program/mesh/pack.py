"""What the function of a file takes instead of very many numbers: one array for scalar inputs, targets, weights."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from flowc.graph.files.arrow_names import arrow_names
from flowc.graph.network import Draw, Network, Weight
from flowc.graph.sizes import element_name
from flowc.program.mesh.mesh import Lines, Pack
from flowc.records import Record

Array = np.ndarray

NAMED = 1000  # weights: beyond, their names are not listed


class Packed(Record, eq=False):
    """The weights of lines in one vector: `lines` with their places in it, and for each of its elements the weight,
    the place in that, and whether that is drawn."""

    lines: Lines
    arguments: Array  # (k,), in the order of Network.weights
    elements: Array  # (k,)


def pack_weights(network: Network, lines: Lines, elsewhere: Collection[str]) -> Packed:
    """Fixed weights as numbers, learnt ones that nothing else uses in the order of their first lines; others stay."""
    numbers, arguments = lines.numbers.copy(), lines.arguments.copy()
    elements = lines.elements.copy()
    for k, places in places_by_weight(lines.arguments):
        weight = network.weights[k]
        if not weight.learnt:
            numbers[places] *= values(weight)[elements[places]]
            arguments[places] = -1
    free = np.array([w.learnt and w.name not in elsewhere for w in network.weights] + [False])
    moved = np.flatnonzero(free[arguments])
    key = arguments[moved] * (int(elements.max(initial=0)) + 1) + elements[moved]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(first), np.int64)
    place[order] = np.arange(len(first))
    chosen = moved[first[order]]
    packing = Packed(lines, arguments[chosen], elements[chosen])
    elements[moved] = place[inverse]
    arguments[moved] = len(network.weights)
    return replace(packing, lines=Lines(numbers, arguments, elements))


def places_by_weight(arguments: Array) -> Iterator[tuple[int, Array]]:
    """Each weight that lines have, as a place in Network.weights, and where; one sorting, however many they are. A line without has -1."""
    ordered = np.argsort(arguments, kind="stable")
    groups = np.split(ordered, np.flatnonzero(np.diff(arguments[ordered])) + 1)
    yield from ((int(arguments[places[0]]), places) for places in groups if len(places) and arguments[places[0]] >= 0)


def values(weight: Weight) -> Array:
    """The numbers that a weight starts from, row by row."""
    assert not isinstance(weight.start, Draw)
    return np.broadcast_to(np.asarray(weight.start, float), weight.shape).reshape(-1)


def record(name: str, network: Network, packing: Packed) -> Weight:
    """The vector as a weight of its own, which starts where its elements do."""
    numbers = np.zeros(len(packing.arguments))
    drawn: list[tuple[int, Weight, int]] = []
    for k, places in places_by_weight(packing.arguments):
        weight = network.weights[k]
        if isinstance(weight.start, Draw):
            drawn += [(int(place), weight, int(packing.elements[place])) for place in places]
        else:
            numbers[places] = values(weight)[packing.elements[places]]
    names = element_names(network, packing) if len(numbers) <= NAMED else ()
    start = Pack(numbers, tuple(sorted(drawn, key=lambda d: d[0])), tuple(names), order(network, packing))
    span = network.weights[int(packing.arguments[0])].span
    return Weight(name, (len(numbers),), True, start, False, span)  # type: ignore[arg-type]


def order(network: Network, packing: Packed) -> Array:
    """Which of the numbers that the diagram learns each element is: weight after weight, each row by row."""
    sizes = [prod(w.shape) * w.learnt for w in network.weights]
    first = np.concatenate([[0], np.cumsum(sizes)])
    places: Array = first[packing.arguments] + packing.elements
    return places


def element_names(network: Network, packing: Packed) -> list[str]:
    """What the diagram calls each element: `w_h_x`, and `W[1,2]` of an array."""
    arrows = {edges.weight: arrow_names(edges) for edges in network.edges}
    names = []
    for k, element in zip(packing.arguments.tolist(), packing.elements.tolist(), strict=True):
        weight = network.weights[k]
        names.append(arrows[weight.name][element] if weight.name in arrows else _element_name(weight, element))
    return names


def _element_name(weight: Weight, element: int) -> str:
    if not weight.shape:
        return weight.name
    places = np.unravel_index(element, weight.shape)
    return f"{weight.name}[{','.join(element_name(a, int(k)) for a, k in zip(weight.axes, places, strict=True))}]"


def free_name(name: str, network: Network) -> str:
    """`name`, or that with an underscore where a node or weight has it that is not packed itself."""
    packs = ("input", "target", "output")
    names = {n.name for n in network.nodes if n.shape or n.role not in packs} | {w.name for w in network.weights}
    while name in names:
        name += "_"
    return name


def scalars(network: Network, role: str) -> Sequence[str]:
    return [n.name for n in network.nodes if n.role == role and not n.shape]
