"""The numbers of a trace while it is made: those of the net, and those on the way that only a formula gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from flowc.graph.network import Index, Network, Node, Shape
from flowc.learning.trace.formula import ONE, Formula, Number, Quantity, evaluate, leaves
from flowc.learning.trace.model import Array, Found, Gap, Line
from flowc.learning.trace.rules import array_of
from flowc.learning.trace.shorten import every_other, few_others, fill_gaps, shorten_formula
from flowc.program.scalar_arrows import Element
from flowc.syntax.names import free

MANY = 16  # elements of a node or weight: of more some are left out


class Ledger:
    """Quantities and their numbers. Nodes that have no name in the text are computed here, all others by the net.

    `whole`: nothing is left out; else elements of more than `many`, and terms of long sums.
    """

    def __init__(self, network: Network, found: Found, whole: bool = False, many: int = MANY):
        self.network, self.found, self.whole, self.many = network, found, whole, many
        self.nodes = {node.name: node for node in network.nodes}
        self.shapes: dict[str, Shape] = {n.name: n.shape for n in network.nodes}
        self.shapes |= {w.name: w.shape for w in network.weights}
        self.numbers: dict[Quantity, float] = {}
        self._arrays: dict[tuple[str, str], Array] = {}
        self._letters: dict[tuple[str, str], Sequence[Formula]] = {}
        self._classes = self._one_hot()
        names = {*self.shapes, *found.values, *found.xi.values()}
        self.xi = dict(found.xi)
        for node in network.nodes:
            if has_excitation(node) and node.name not in self.xi:
                self.xi[node.name] = fresh_name(f"xi_{node.name}", names)

    def number_of(self, leaf: Quantity | Number) -> float:
        if isinstance(leaf, Number):
            return leaf.value
        if leaf not in self.numbers:
            self.numbers[leaf] = self._number_of_net(leaf)
        return self.numbers[leaf]

    def _number_of_net(self, q: Quantity) -> float:
        numbers = self.found
        if q.kind == "d":
            return float(numbers.gradients[q.name][q.index])
        if q.kind == "'":
            with np.errstate(over="ignore", invalid="ignore"):
                return float(numbers.weights[q.name][q.index] - numbers.rate * numbers.gradients[q.name][q.index])
        return float((numbers.values if q.name in numbers.values else numbers.weights)[q.name][q.index])

    def has_numbers(self, kind: str, name: str) -> bool:
        """Whether the net has found it."""
        return name in (self.found.gradients if kind == "d" else self.found.values)

    def define_quantity(self, left: Quantity, formula: Formula) -> None:
        """The number of a quantity that the net has not found."""
        net = left.kind == "'" or left.kind in ("", "d") and self.has_numbers(left.kind, left.name)
        if left not in self.numbers and not net:
            self.numbers[left] = evaluate(formula, self.number_of)

    # ------------------------------------------------------------------------------------------------------- quantities

    def values_of(self, node: Node, kind: str = "") -> Array:
        """The elements of a node's value, or with "d" of the gradients that arrive at it."""
        return self._quantities_of(kind, node.name, node.shape)

    def excitations_of(self, node: Node) -> Array:
        """Those of its excitation; of its value, where that is its own excitation."""
        return self._quantities_of("", self.xi.get(node.name, node.name), node.shape)

    def _quantities_of(self, kind: str, name: str, shape: Shape) -> Array:
        """The same array whenever it is asked for, which may be for each of its elements."""
        if (kind, name) not in self._arrays:
            self._arrays[kind, name] = array_of_quantities(kind, name, shape)
        return self._arrays[kind, name]

    def delta_of(self, node: Node, element: Element) -> Formula:
        """The loss's derivative by an excitation: what every arrow into it hands on."""
        if node.role == "loss" and node.name not in self.xi:
            return ONE
        return Quantity("d", self.xi.get(node.name, node.name), element)

    def choose_letter(self, wanted: str, node: Node, formulas: Sequence[Formula]) -> str:
        """A letter for these numbers on the way to a node, which no other numbers of it have."""
        kind, count = wanted, 2
        while self._letters.setdefault((kind, node.name), formulas) != formulas:
            kind, count = f"{wanted}{count}", count + 1
        return kind

    # ------------------------------------------------------------------------------------------------------------ lines

    def make_line(self, what: str, left: Quantity, formula: Formula | None = None) -> Line:
        """A line; without a formula the number is given. What is long is shortened."""
        if formula is not None:
            self.define_quantity(left, formula)
            formula = formula if self.whole else shorten_formula(formula, self.number_of, self.numbers)
        for leaf in (left, *(leaves(formula) if formula is not None else ())):
            self.number_of(leaf)
        return Line(what, left, formula)

    def other_factors(self, factors: Sequence[Formula]) -> Sequence[Sequence[Formula]]:
        """For each factor of a product all the others; of many those that a line shows, and the rest of them in one."""
        return every_other(factors) if self.whole else few_others(factors, self.number_of, self.numbers)

    def lines_of_elements(
        self, shape: Shape, made: Callable[[Element], Sequence[Line]], whole: bool = True
    ) -> list[Line | Gap]:  # fmt: skip
        """The lines of every element; of many elements those of the first two, the last and the classes in question.
        `whole`: all of them are made, since they define numbers."""
        every = all_elements(shape)
        shown = self._shown_places(every)
        lines = {k: made(element) for k, element in enumerate(every) if whole or k in shown}
        shown_lines: list[Line | Gap] = [*lines[0]] if every else []
        for before, k in pairwise(shown):
            shown_lines += [Gap(k - before - 1)] if k - before > 1 else []
            shown_lines += lines[k]
        return shown_lines

    def _shown_places(self, every: list[Element]) -> list[int]:
        """The places of the elements that are written; never one alone is left out."""
        count = len(every)
        if self.whole or count <= self.many:
            return [*range(count)]
        return fill_gaps({0, 1, count - 1, *self._classes.get(every[-1], ())})

    def _one_hot(self) -> dict[Element, set[int]]:
        """By the last element of a vector: where vectors of that length, of which one element is 1 and all others 0,
        have the 1."""
        classes: dict[Element, set[int]] = {}
        for node in self.network.nodes:
            value = self.found.values.get(node.name)
            if value is not None and value.ndim == 1 and (np.sort(value) == [*[0.0] * (len(value) - 1), 1.0]).all():
                classes.setdefault((len(value) - 1,), set()).add(int(value.argmax()))
        return classes


def all_elements(shape: Shape) -> list[Element]:
    return list(np.ndindex(*shape))


def array_of_quantities(kind: str, name: str, shape: Shape) -> Array:
    return array_of([Quantity(kind, name, element) for element in all_elements(shape)], shape)


def take_part(whole: Array, index: Index) -> Array:
    """What an index takes of an array of formulas."""
    selected = whole[tuple(i if isinstance(i, int) else slice(*i) for i in index)]
    return selected if isinstance(selected, np.ndarray) else array_of([selected], ())


def has_excitation(node: Node) -> bool:
    """Whether it has an excitation of its own, before its function."""
    return bool(node.arrows) and not node.operands and node.function != "identity"


def fresh_name(wanted: str, taken: set[str]) -> str:
    name = free(wanted, taken)
    taken.add(name)
    return name
