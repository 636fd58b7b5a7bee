"""The irregular network: nodes on levels, ten arrows into each from anywhere before, functions as they come.

Ten into each, no more and no less, is the best case of peers that gather a matrix of sources for every level. Only the
outputs may have more: they read what nobody else does, so that there is nothing to leave out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

INPUTS, OUTPUTS, INTO = 100, 10, 10
FUNCTIONS = ("identity", "logistic", "relu", "sin", "tanh")

LISTS = """\
flow dag "An irregular network"

nodes "nodes.csv"
edges "edges.csv"

loss mse([{outputs}], [{targets}])
"""


@dataclass(frozen=True)
class Level:
    """Nodes in a row of numbers; those of one function stand together, `functions` says how many of each."""

    first: int
    functions: dict[str, int]
    sources: list[list[int]]  # of each node
    weights: list[list[float]]
    biases: list[float]

    @property
    def last(self) -> int:
        """The number after the last."""
        return self.first + len(self.sources)

    @property
    def runs(self) -> Iterator[tuple[str, int, int]]:
        """The functions, each with its first node within the level and the one after its last."""
        start = 0
        for function, count in self.functions.items():
            yield function, start, start + count
            start += count


@dataclass(frozen=True)
class Dag:
    """Inputs are numbered from 0, then the levels one after the other; the last level are the outputs."""

    levels: tuple[Level, ...]

    @property
    def size(self) -> int:
        return self.levels[-1].last

    @property
    def names(self) -> list[str]:
        hidden = self.levels[-1].first - INPUTS
        return [
            f"{letter}{i + 1}" for letter, many in (("x", INPUTS), ("h", hidden), ("o", OUTPUTS)) for i in range(many)
        ]


def dag(hidden: int, depth: int = 50) -> Dag:
    """`hidden` is a multiple of `depth`. Every node is read: by one of the next level, or in the end by an output.

    No two weights are alike, so that one can be found by its value.
    """
    stream = random.Random(hidden)
    width = hidden // depth
    first = [0, *range(INPUTS, INPUTS + hidden + 1, width)]  # of the inputs, of each level, of the outputs
    unread = -(-width // OUTPUTS)  # nodes of the last level for each output to read
    weights = distinct(hidden * (INTO + 1) + OUTPUTS * (max(INTO, unread) + 1), stream)
    levels = [
        level(
            first[place],
            stream.choices(FUNCTIONS, k=width),
            sources(first[place - 1 : place + 1], width, 1, stream),
            weights,
        )
        for place in range(1, depth + 1)
    ]
    last = sources(first[-2:], OUTPUTS, unread, stream)
    return Dag((*levels, level(first[-1], ["identity"] * OUTPUTS, last, weights)))


def level(first: int, functions: list[str], sources: list[list[int]], weights: Iterator[float]) -> Level:
    counts = {function: functions.count(function) for function in FUNCTIONS if function in functions}
    values = [[next(weights) for _ in into] for into in sources]
    return Level(first, counts, sources, values, [next(weights) for _ in sources])


def sources(before: list[int], count: int, near: int, stream: random.Random) -> list[list[int]]:
    """For each of `count` nodes: `near` of the level before, in turn, then what it takes to ten, of all numbers before."""
    start, stop = before
    turn = [start + i % (stop - start) for i in range(count * near)]
    stream.shuffle(turn)
    return [filled(turn[i * near : (i + 1) * near], stop, stream) for i in range(count)]


def filled(chosen: list[int], stop: int, stream: random.Random) -> list[int]:
    """At least ten different numbers before `stop`, the chosen ones among them."""
    found, wanted = dict.fromkeys(chosen), max(INTO, len(chosen))
    while len(found) < wanted:
        found[stream.randrange(stop)] = None
    return [*found]


def distinct(count: int, stream: random.Random) -> Iterator[float]:
    """Numbers all over the interval in which what ten arrows bring stays as large as it was."""
    limit = (3 / INTO) ** 0.5
    numbers = [round(limit * (2 * (i + 0.5) / count - 1), 8) for i in range(count)]
    stream.shuffle(numbers)
    return iter(numbers)


def write(network: Dag, place: Path) -> None:
    """The diagram and its two lists."""
    outputs, targets = ([f"{letter}{i + 1}" for i in range(OUTPUTS)] for letter in "ot")
    diagram = LISTS.format(outputs=", ".join(outputs), targets=", ".join(targets))
    (place / "diagram.flow").write_text(diagram, encoding="utf-8")
    (place / "nodes.csv").write_text("name,role,activation\n" + "".join(nodes(network)), encoding="utf-8")
    (place / "edges.csv").write_text("source,target,weight,learnt\n" + "".join(edges(network)), encoding="utf-8")


def nodes(network: Dag) -> Iterator[str]:
    names = network.names
    yield from (f"{name},input,\n" for name in names[:INPUTS])
    for level in network.levels:
        role = "output" if level is network.levels[-1] else "hidden"
        for function, start, stop in level.runs:
            yield from (f"{names[level.first + i]},{role},{function}\n" for i in range(start, stop))
    yield from (f"t{i + 1},target,\n" for i in range(OUTPUTS))


def edges(network: Dag) -> Iterator[str]:
    names = network.names
    for level in network.levels:
        for node, (sources, weights, bias) in enumerate(zip(level.sources, level.weights, level.biases, strict=True)):
            target = names[level.first + node]
            yield f"1,{target},{bias:.8f},yes\n"
            yield from (f"{names[s]},{target},{w:.8f},yes\n" for s, w in zip(sources, weights, strict=True))
