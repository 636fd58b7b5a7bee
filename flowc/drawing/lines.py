"""The arrows of a picture: from which circle to which, and what each carries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Literal

from flowc.drawing.diagram import Key
from flowc.drawing.label import Label, mathematics, number, of_author, of_symbol, words
from flowc.drawing.operation import letters
from flowc.graph.network import Arrow as Drawn
from flowc.graph.network import Index, Network, Node, Shape
from flowc.graph.scalar_lines import count_lines
from flowc.maths.functions import lookup
from flowc.program.notation import Element, Notation
from flowc.program.scalar_arrows import Element as Numbered
from flowc.program.scalar_arrows import End, wires
from flowc.records import Record

Spread = Literal["all", "elements", "part"]


class Line(Record):
    """`source` None is the constant 1; without `weight` the factor is all. `plain`: an operand, which nothing multiplies."""

    source: Key | None
    target: Key
    factor: float = 1.0
    weight: End | None = None
    plain: bool = False
    letter: str = ""  # of an operand, where the order counts
    spread: Spread = "all"  # of an arrow between vectors: each to each, each to its own, or some to some
    count: int = 1  # the scalar arrows that it is


class Lines:
    """Finds what leads into a circle. `whole` are the nodes that one circle stands for."""

    def __init__(self, network: Network, whole: frozenset[str]):
        self.whole = whole
        self.nodes = {node.name: node for node in network.nodes}
        self.shapes: dict[str, Shape] = {n.name: n.shape for n in network.nodes} | {w.name: w.shape for w in network.weights}

    def into(self, key: Key) -> Iterator[Line]:
        node = self.nodes[key[0]]
        for arrow in node.arrows:
            as_one = node.name in self.whole or arrow.source in self.whole
            yield from self._whole(arrow, key) if as_one else self._single(arrow, node, key)
        named = letters(node)
        for k, operand in enumerate(node.operands):
            if operand.node is not None:
                for source in self._operands(node, operand.node, operand.index, key[1]):
                    yield Line(source, key, plain=True, letter=named.get(k, ""))

    def count(self, name: str, index: Index) -> int:
        """The elements that an index takes of a node."""
        return len(_elements_of_index(self.shapes[name], index))

    def _single(self, arrow: Drawn, node: Node, key: Key) -> Iterator[Line]:
        for wire in wires(arrow, self.shapes, node.shape, "target", key[1]):
            yield Line(wire.source, key, wire.factor, wire.weight)

    def _whole(self, arrow: Drawn, key: Key) -> Iterator[Line]:
        """One arrow for a whole matrix."""
        if key[1] and key[1] not in _elements_of_index(self.shapes[key[0]], arrow.target_index):
            return
        weight = (arrow.weight, ()) if arrow.weight is not None else None
        plain = weight is None and arrow.literal is not None
        spread, count = self._spread(arrow, key) if arrow.source != "1" else ("all", 1)
        for source in self._keys(arrow.source, arrow.source_index) if arrow.source != "1" else [None]:
            yield Line(source, key, arrow.coefficient, weight, plain, spread=spread, count=count)

    def _spread(self, arrow: Drawn, key: Key) -> tuple[Spread, int]:
        """How the scalar arrows of an arrow run, and how many they are."""
        source, target = self.shapes[arrow.source], self.shapes[key[0]]
        count = math.prod(count_lines(arrow, self.nodes[arrow.source], self.nodes[key[0]]))
        if count == math.prod(source) * math.prod(target) and count > 1 or not source or not target:
            return "all", count
        return "elements" if count == math.prod(source) == math.prod(target) else "part", count

    def _keys(self, name: str, index: Index) -> list[Key]:
        if name in self.whole:
            return [(name, ())]
        return [(name, element) for element in _elements_of_index(self.shapes[name], index)]

    def _operands(self, node: Node, name: str, index: Index, element: Numbered) -> Iterable[Key]:
        """The elements of an operand that one element of an operation takes."""
        keys = self._keys(name, index)
        function = lookup(node.function)
        apart = node.shape and len(keys) > 1 and function is not None and function.kind in ("elementwise", "operation")
        if not apart or node.name in self.whole or name in self.whole or node.function == "dot":
            return keys
        every = _elements_of_index(node.shape, ())
        return [keys[every.index(element)]] if len(keys) == len(every) else keys


def _elements_of_index(shape: Shape, index: Index) -> list[Numbered]:
    full = (*index, *((0, n) for n in shape[len(index) :]))
    return list(product(*((i,) if isinstance(i, int) else range(*i) for i in full)))


def of_whole(label: Label | None, lines: Sequence[Line], added: bool) -> Label | None:
    """What stands on an arrow between vectors: `⊙ w` where it goes element by element; how many arrows, where they go here
    and there; nothing where a sum is taken. `label`: what they carry."""
    if label is None or added and label.text == "1":
        return None
    if any(line.spread == "part" for line in lines) or len({line.spread for line in lines}) > 1:
        return words(f"{sum(line.count for line in lines)} arrows")
    if lines[0].spread == "all" or all(line.weight is None for line in lines):
        return label
    bracketed = len(lines) > 1
    text, latex = (f"({label.text})", f"({label.latex})") if bracketed else (label.text, label.latex)
    return Label(f"⊙ {text}", rf"\odot {latex}" if label.latex else None)


def label_of(line: Line, element: Element, notation: Notation, worded: Mapping[str, str], numbered: bool = False) -> Label | None:
    """What multiplies: `−1`, `w₁₂`, `−w`, `2w`; None of an operand, or of a 1 within an equation. `element`: of its weight.
    `worded`: what authors say of weights, by name. `numbered`: elements by their places."""
    if line.plain:
        return None
    if line.weight is None:
        return number(line.factor)
    name = line.weight[0]
    symbol = of_author(worded[name]) if name in worded and not element else of_symbol(notation.weight(name, element, numbered))
    if line.factor == 1:
        return symbol
    factor = Label("−", "-") if line.factor == -1 else number(line.factor)
    latex = f"{factor.latex}\\,{symbol.latex}" if symbol.latex is not None and line.factor != -1 else None
    latex = f"-{symbol.latex}" if symbol.latex is not None and line.factor == -1 else latex
    return Label(factor.text + symbol.text, latex)


def joined(lines: Sequence[Line]) -> list[Line]:
    """The lines of a bias: its numbers added up, then its weights."""
    numbers = [line for line in lines if line.weight is None]
    if len(numbers) > 1:
        numbers = [replace(numbers[0], factor=math.fsum(line.factor for line in numbers))]
    return [*numbers, *(line for line in lines if line.weight is not None)]


def together(labels: Iterable[Label | None]) -> Label | None:
    """The label of several arrows between the same circles: what they carry, added up."""
    several = [label for label in labels if label is not None]
    if len(several) < 2:
        return several[0] if several else None
    latex = [label.latex for label in several]
    text = " + ".join(label.text for label in several).replace("+ −", "− ")
    if not all(latex):
        return Label(text)
    return mathematics(text, " + ".join(t for t in latex if t is not None).replace("+ -", "- "))


def value_of(lines: Iterable[Line], numbers: Mapping[End, float]) -> float | None:
    """The number that lines multiply by, where it is known."""
    total = 0.0
    for line in lines:
        if line.weight is not None and line.weight not in numbers:
            return None
        total += line.factor * (numbers[line.weight] if line.weight is not None else 1.0)
    return total
