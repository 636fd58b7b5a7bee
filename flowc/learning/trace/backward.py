"""Backward: what arrives at each node, its slope there, and their product, the loss's derivative by its excitation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from flowc.graph.network import Arrow, Node
from flowc.learning.trace.arrow_terms import arrow_wires
from flowc.learning.trace.derive import derivatives, slope_of
from flowc.learning.trace.formula import ONE, Formula, Quantity, add, times
from flowc.learning.trace.forward import Forward, function_of, on_the_way
from flowc.learning.trace.model import Block, Gap, Line
from flowc.learning.trace.quantities import Ledger, all_elements, has_excitation
from flowc.learning.trace.rules import Writer, names_in, names_of_rule, scalar_of
from flowc.program.scalar_arrows import Element

Terms = dict[Quantity, list[Formula]]  # what is handed back to each number


class Backward:
    """Writes the gradients of the nodes that the loss depends on, in reverse order of evaluation."""

    def __init__(self, ledger: Ledger, forward: Forward):
        self.ledger, self.forward = ledger, forward
        self._arrows: dict[str, list[tuple[Node, Arrow]]] = defaultdict(list)  # source -> arrows out
        self._operations: dict[str, list[Node]] = defaultdict(list)  # node -> the operations that take it
        self._handed: dict[str, Terms] = {}
        self.leading = self._find_leading()

    def _find_leading(self) -> set[str]:
        """The nodes from which a way leads to the loss; what leads out of each is kept, the last first."""
        names = {self.ledger.network.loss}
        for node in reversed(self.ledger.network.nodes):
            if node.name not in names:
                continue
            for arrow in node.arrows:
                self._arrows[arrow.source].append((node, arrow))
            for name in dict.fromkeys(o.node for o in node.operands if o.node):
                self._operations[name].append(node)
            names |= {a.source for a in node.arrows} | {o.node for o in node.operands}
        return {name for name in names if name}

    def write_blocks(self) -> Iterator[Block]:
        for node in reversed(self.ledger.network.nodes):
            if node.name in self.leading and node.role != "target":
                lines = self._node_lines(node)
                if lines:
                    yield Block(node.name, tuple(lines))

    def _node_lines(self, node: Node) -> list[Line | Gap]:
        if not has_excitation(node):
            return [] if node.role == "loss" else self._each_element(node, lambda e: [self._arriving_line(node, e)])
        if not self._leads_on(node):
            return self._each_element(node, lambda e: [self._delta_line(node, e)])
        if function_of(node).kind == "elementwise":
            return self._each_element(node, lambda e: self._elementwise_lines(node, e))
        return self._vector_lines(node)

    def _each_element(self, node: Node, made: Callable[[Element], list[Line]]) -> list[Line | Gap]:
        return self.ledger.lines_of_elements(node.shape, made, whole=not self.ledger.has_numbers("d", node.name))

    # --------------------------------------------------------------------------------------------------- what arrives

    def _arriving_line(self, node: Node, element: Element) -> Line:
        left = Quantity("d", node.name, element)
        return self.ledger.make_line("arrives", left, self._sum_arriving(Quantity("", node.name, element)))

    def _sum_arriving(self, q: Quantity) -> Formula:
        """Over all arrows out and all operations: weight times what is known of the arrow's other end."""
        terms = []
        for node, arrow in self._arrows[q.name][::-1]:
            for wire in arrow_wires(arrow, self.ledger.shapes, node.shape, "source", q.index):
                terms.append(times(wire.carried, self.ledger.delta_of(node, wire.target)))
        for node in self._operations[q.name][::-1]:
            terms += self.hand_back(node).get(q, [])
        return add(*((1, term) for term in terms))

    def _leads_on(self, node: Node) -> bool:
        """Whether something leads on from its value; a loss of its excitation does not."""
        if node.role == "loss" or self._arrows[node.name]:
            return True
        name = node.name
        return any(
            not function_of(after).of_excitation or any(o.node == name for o in after.operands[1:])
            for after in self._operations[name]
        )

    def _gradient_of(self, node: Node, element: Element = ()) -> Formula:
        return ONE if node.role == "loss" else Quantity("d", node.name, element)

    def hand_back(self, node: Node) -> Terms:
        """What an operation hands back to each of its numbers."""
        if node.name not in self._handed:
            terms: Terms = defaultdict(list)
            of_excitation = function_of(node).of_excitation
            for q, formula in self._of_record(node) if of_excitation else self._of_formula(node):
                terms[q].append(formula)
            self._handed[node.name] = dict(terms)
        return self._handed[node.name]

    def _of_formula(self, node: Node) -> Iterator[tuple[Quantity, Formula]]:
        formulas = self.forward.operation_formulas(node)
        ledger = self.ledger
        for element in all_elements(node.shape):
            yield from derivatives(formulas[element], ledger.number_of, ledger.other_factors, self._gradient_of(node, element))

    def _of_record(self, node: Node) -> Iterator[tuple[Quantity, Formula]]:
        """A loss of an excitation has gradients that its record says."""
        names = {**self.forward.of_excitation(node), "d": scalar_of(self._gradient_of(node))}
        function = function_of(node)
        for argument, text in zip(function.arguments, function.rule.pullback, strict=True):
            if text:
                formulas = np.broadcast_to(Writer(self.ledger.number_of).write_formula(text, names), names[argument].shape)
                yield from ((q, f) for q, f in zip(names[argument].flat, formulas.flat) if isinstance(q, Quantity))

    # ------------------------------------------------------------------------------------------------ through functions

    def _elementwise_lines(self, node: Node, element: Element) -> list[Line]:
        """A function of one number: what arrives, what was saved, the slope, their product."""
        ledger = self.ledger
        xi, h = ledger.excitations_of(node)[element], ledger.values_of(node)[element]
        formula = slope_of(function_of(node), node.parameters, xi, h, ledger.number_of)
        slope = Quantity(f"{node.function}'", xi.name, element)
        ledger.define_quantity(slope, formula)
        arrives = [self._arriving_line(node, element)] if node.role != "loss" else []
        delta = self._delta_line(node, element, times(self._gradient_of(node, element), slope))
        return [*arrives, *self._saved_lines(node, element), ledger.make_line("slope", slope, formula), delta]

    def _delta_line(self, node: Node, element: Element, *before: Formula) -> Line:
        """The loss's derivative by the excitation; losses of the excitation add to it."""
        xi = self.ledger.excitations_of(node)[element]
        terms = [*before, *(t for after in self._operations[node.name] for t in self.hand_back(after).get(xi, []))]
        return self.ledger.make_line("delta", Quantity("d", xi.name, element), add(*((1, t) for t in terms)))

    def _vector_lines(self, node: Node) -> list[Line | Gap]:
        """A function of a vector, as softmax: every value depends on every excitation."""
        lines = self._each_element(node, lambda e: [self._arriving_line(node, e)])
        function, ledger = function_of(node), self.ledger
        names = names_of_rule(function, [ledger.excitations_of(node)], node.parameters)
        names |= {"h": ledger.values_of(node), "d": ledger.values_of(node, "d")}
        writer = on_the_way(ledger, node, lines, change="t")
        formulas = writer.write_formula(function.rule.pullback[0], names)
        lines += self._each_element(node, lambda e: self._saved_lines(node, e))
        lines += self._each_element(node, lambda e: [self._delta_line(node, e, formulas[e])])
        return lines

    def _saved_lines(self, node: Node, element: Element) -> list[Line]:
        """The excitation or the value, whichever the function's slope is known by."""
        needed = names_in(function_of(node).rule.pullback[0])
        formulas = {"xi": self.ledger.excitations_of(node)[element], "h": self.ledger.values_of(node)[element]}
        return [self.ledger.make_line("saved", q) for name, q in formulas.items() if name in needed]
