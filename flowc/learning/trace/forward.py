"""Forward: each node's excitation and value as formulas, and the lines that say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isclose

import numpy as np

from flowc.graph.network import Arrow, Node, Operand
from flowc.learning.trace.arrow_terms import arrow_wires
from flowc.learning.trace.formula import Call, Formula, Number, Quantity, add, evaluate, negative, over, times
from flowc.learning.trace.model import Array, Block, Gap, Line
from flowc.learning.trace.quantities import Ledger, array_of_quantities, has_excitation, take_part
from flowc.learning.trace.rules import LETTERS, Known, Writer, array_of, each_of, names_of_rule, scalar_of
from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.program.scalar_arrows import Element

SAFE = 100.0  # exponents up to here need no shift


class Forward:
    """Writes the nodes of a network, in order of evaluation."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger
        self._operations: dict[str, Array] = {}
        self._single: dict[str, dict[int, list[int]]] = {}  # node -> element -> its arrows, where each has its own

    def write_block(self, node: Node) -> Block:
        if node.role in ("input", "target"):
            lines = self.ledger.lines_of_elements(node.shape, lambda e: [self._given_line(node, e)], whole=False)
            return Block(node.name, tuple(lines))
        if not has_excitation(node):
            formula_of = self._element_formula if node.operands else self._sum_arriving
            return Block(node.name, tuple(self._element_lines("value", node.name, node, lambda e: formula_of(node, e))))
        lines = self._element_lines("excitation", self.ledger.xi[node.name], node, lambda e: self._sum_arriving(node, e))
        between, values = self._activation_formulas(node)
        lines += [*between, *self._element_lines("value", node.name, node, lambda e: values[e])]
        return Block(node.name, tuple(lines))

    def _given_line(self, node: Node, element: Element) -> Line:
        return self.ledger.make_line("given", Quantity("", node.name, element))

    def _element_lines(self, what: str, name: str, node: Node, formula: Callable[[Element], Formula]) -> list[Line | Gap]:
        def lines_of(element: Element) -> list[Line]:
            return [self.ledger.make_line(what, Quantity("", name, element), formula(element))]

        return self.ledger.lines_of_elements(node.shape, lines_of, whole=not self.ledger.has_numbers("", name))

    # ------------------------------------------------------------------------------------------------------------- sums

    def _sum_arriving(self, node: Node, element: Element) -> Formula:
        """What arrives at one element, in the order written."""
        terms = []
        for arrow in self._arrows_into(node, element):
            for wire in arrow_wires(arrow, self.ledger.shapes, node.shape, "target", element):
                terms.append((1, times(wire.carried, *([wire.source] if wire.source else []))))
        return add(*terms)

    def _arrows_into(self, node: Node, element: Element) -> Sequence[Arrow]:
        """The arrows that may lead into an element: of a list of scalars it has one, and each of the others another."""
        if node.name not in self._single:
            single: dict[int, list[int]] = {}
            for k, arrow in enumerate(node.arrows if node.shape else ()):
                if arrow.target_index and isinstance(arrow.target_index[0], int):
                    single.setdefault(arrow.target_index[0], []).append(k)
            self._single[node.name] = single if sum(map(len, single.values())) == len(node.arrows) else {}
        arrow_of = self._single[node.name]
        return [node.arrows[k] for k in arrow_of.get(element[0], ())] if arrow_of else node.arrows

    # -------------------------------------------------------------------------------------------------------- functions

    def _activation_formulas(self, node: Node) -> tuple[list[Line | Gap], Array]:
        """The formulas of a node's values, and the lines of numbers on the way to them."""
        function = function_of(node)
        xi = self.ledger.excitations_of(node)
        if function.kind == "elementwise":
            values = [Call(function.name, (x,), node.parameters) for x in xi.flat]
            return [], array_of(values, node.shape)
        lines: list[Line | Gap] = []
        writer = on_the_way(self.ledger, node, lines)
        return lines, writer.write_formula(function.rule.value, names_of_rule(function, [xi], node.parameters))

    def _element_formula(self, node: Node, element: Element) -> Formula:
        formula: Formula = self.operation_formulas(node)[element]
        return formula

    def operation_formulas(self, node: Node) -> Array:
        """The formulas of a node that has operands."""
        if node.name not in self._operations:
            formulas = self._write_operation(node, function_of(node))
            self._operations[node.name] = np.broadcast_to(formulas, node.shape)
        return self._operations[node.name]

    def operand_formulas(self, node: Node) -> list[Array]:
        return [self._formulas_of_operand(o) for o in node.operands]

    def _formulas_of_operand(self, operand: Operand) -> Array:
        if operand.node is None:
            return scalar_of(Number(operand.number))
        return take_part(self.ledger.values_of(self.ledger.nodes[operand.node]), operand.index)

    def _write_operation(self, node: Node, function: Function) -> Array:
        args = self.operand_formulas(node)
        if function.of_excitation:
            return scalar_of(self._of_excitation(node, function, args))
        if function.name == "dot":
            return _dot_product(*args)
        if function.elements and len(args) == 1:
            if function.name in ("max", "min"):
                return scalar_of(Call(function.name, tuple(args[0].flat)))
            return self._formula_writer.write_formula(function.elements.value, {"xi": args[0]})
        if function.name in ("max", "min", "product"):
            combine = times if function.name == "product" else lambda *a: Call(function.name, a)
            return each_of(combine, *args)
        return self._formula_writer.write_formula(function.rule.value, names_of_rule(function, args, node.parameters))

    @property
    def _formula_writer(self) -> Writer:
        return Writer(self.ledger.number_of)

    # ----------------------------------------------------------------------------------------- losses of an excitation

    def of_excitation(self, node: Node) -> dict[str, Array]:
        """The names of the record's formulas: the excitation of the node, its value, the target."""
        function = function_of(node)
        first = self.ledger.nodes[node.operands[0].node or ""]
        xi = take_part(self.ledger.excitations_of(first), node.operands[0].index)
        return names_of_rule(function, [xi, *self.operand_formulas(node)], node.parameters)

    def _of_excitation(self, node: Node, function: Function, args: list[Array]) -> Formula:
        """As the textbook writes it, by the value; where that has lost the digits, by the excitation."""
        by_excitation: Formula = self._formula_writer.write_formula(function.rule.value, self.of_excitation(node)).item()
        if function.name in TEXTBOOK:
            numbers = self.ledger.number_of
            by_value = TEXTBOOK[function.name]([*args[0].flat], [*args[1].flat], numbers)
            if isclose(evaluate(by_value, numbers), evaluate(by_excitation, numbers), rel_tol=1e-9, abs_tol=1e-300):
                return by_value
        return by_excitation


def function_of(node: Node) -> Function:
    function = lookup(node.function)
    assert function is not None, node.function
    return function


def _dot_product(a: Array, b: Array) -> Array:
    """Over the last axis of a and the first but one of b, as numpy."""
    left, right = np.atleast_2d(a), b if b.ndim == 2 else b[:, None]
    rows = [[add(*((1, times(x, y)) for x, y in zip(row, column))) for column in right.T] for row in left]
    return array_of([f for row in rows for f in row], (*a.shape[:-1], *b.shape[1:]))


def on_the_way(ledger: Ledger, node: Node, lines: list[Line | Gap], change: str = "") -> Writer:
    """Writes a function of a vector. Numbers on the way become quantities, `e_p[1]`, with lines of their own; `change` is
    the letter of sums."""

    def name_results(letter: str, formulas: Array) -> Array:
        one_each = letter in LETTERS.values()  # one for a whole last axis
        kind = ledger.choose_letter(change if change and letter == "s" else letter, node, tuple(formulas.flat))
        shape = formulas.shape[:-1] if one_each else formulas.shape
        quantities_there = array_of_quantities(kind, node.name, shape)
        by_element = formulas.reshape(shape)
        for q in quantities_there.flat:
            ledger.define_quantity(q, by_element[q.index])
        lines.extend(
            ledger.lines_of_elements(
                shape, lambda e: [ledger.make_line("on the way", quantities_there[e], by_element[e])], whole=False
            )
        )
        return quantities_there.reshape(formulas.shape)

    safe = max(abs(ledger.number_of(x)) for x in ledger.excitations_of(node).flat) <= SAFE
    return Writer(ledger.number_of, name_results, shifted=not safe)


def _cross_entropy(p: list[Formula], y: list[Formula], known: Known) -> Formula:
    """Without the classes that are not true."""
    return negative(add(*((1, times(b, Call("log", (a,)))) for a, b in zip(p, y) if evaluate(b, known) != 0)))


def _binary_cross_entropy(p: list[Formula], y: list[Formula], known: Known) -> Formula:
    one = Number(1.0)
    terms = []
    for a, b in zip(p, y):
        terms.append((-1, times(b, Call("log", (a,)))))
        terms.append((-1, times(add((1, one), (-1, b)), Call("log", (add((1, one), (-1, a)),)))))
    return over(add(*terms), Number(float(len(p))))


TEXTBOOK = {"cross_entropy": _cross_entropy, "binary_cross_entropy": _binary_cross_entropy}
