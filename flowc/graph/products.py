"""Products while their factors are read: what leaves on an arrow, and what becomes a node."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from flowc.graph.constants import compute, finite, not_a_number
from flowc.graph.equation_reader import Reader
from flowc.graph.expression_values import (
    Num,
    Operation,
    Sum,
    Term,
    Value,
    as_array,
    bare,
    scaled,
)
from flowc.graph.network import Axis
from flowc.graph.problems import times
from flowc.graph.sizes import called, sizes
from flowc.source import Span

Axes = tuple[Axis, ...]

FACTORS = 16  # of one node: each has all the others in its derivative, so that more would be quadratic


class Product:
    """A product while its factors are read: numbers, weights and nodes apart."""

    def __init__(self, reader: Reader, span: Span) -> None:
        self.reader = reader
        self.span = span
        self.number: float | None = None
        self.arrays: list[Term] = []
        self.nodes: list[Value] = []
        self.order: list[tuple[str, int]] = []
        self.array_axes: list[Axes] = []

    def multiply(self, value: Value, span: Span) -> None:
        if isinstance(value, Num) and not isinstance(value.value, tuple):
            self._times(value.value)
            return
        array = as_array(value, span)
        if array:
            self.keep(array, value.axes)
            return
        if isinstance(value, Sum) and len(value.terms) == 1:
            letters = dict(zip(value.terms[0].into, value.axes))
            value, arrays = self.split(value)
            for factor in arrays:
                self.keep(factor, tuple(letters[x] for x in factor.into))
        self.add_node(value)

    def add_node(self, value: Value) -> None:
        self.nodes.append(value)
        self.order.append(("node", len(self.nodes) - 1))

    def _times(self, number: float) -> None:
        self.number = number if self.number is None else self.number * number

    def keep(self, array: Term, axes: Axes) -> None:
        if array.coefficient != 1:
            self._times(array.coefficient)
        self.arrays.append(replace(array, coefficient=1.0))
        self.array_axes.append(axes)
        self.order.append(("array", len(self.arrays) - 1))

    def split(self, value: Sum) -> tuple[Sum, list[Term]]:
        """A single term as its node alone and its weight; its number is multiplied into the product."""
        if len(value.terms) != 1 or value.terms[0].source == "1":
            return value, []
        term = value.terms[0]
        if term.has_array and not term.is_elementwise or len(term.into) != len(value.axes):
            return value, []
        if not set(term.into) <= set(term.source_letters) and term.source_letters:
            return value, []
        if term.coefficient != 1:
            self._times(term.coefficient)
        axes = tuple(axis for letter, axis in zip(term.into, value.axes) if letter in term.source_letters)
        alone = bare(term.source, axes, term.span, term.source_index)
        if not term.has_array:
            return alone, []
        into = "".join(letter for letter in term.into if letter in term.weight_letters)
        array = replace(term, coefficient=1.0, source="1", source_index=(), source_letters="", into=into)
        return alone, [array]

    def divide(self, value: Value, span: Span) -> None:
        reader = self.reader
        if isinstance(value, Num):
            if isinstance(value.value, tuple):
                inverse = compute(reader.draft, span, lambda x: 1 / x, value.value)
                self.multiply(Num(inverse), span)
                return
            if value.value == 0:
                raise reader.fail("division-by-zero", "this divides by 0", self.span)
            self.number = (1.0 if self.number is None else self.number) / value.value
            if self.number in (float("inf"), float("-inf")):
                raise not_a_number(reader.draft, self.span)
            return
        top: Value
        if self.nodes:
            self._join()
            (top,) = self.nodes
        else:
            top = Num(1.0 if self.number is None else self.number)
            self.number = None
            self.order.append(("node", 0))
        axes = reader.common(top.axes, value.axes, self.span)
        operands = (reader.operand(top, self.span), reader.operand(value, span))
        self.nodes = [Operation("quotient", operands, axes)]  # in the place of the node that is divided

    def _join(self) -> None:
        """Several factors that are nodes become one product; many of them a product that goes on another."""
        if len(self.nodes) > 1:
            first, *rest = self.nodes
            for i in range(0, len(rest), FACTORS - 1):
                first = self._product([first, *rest[i : i + FACTORS - 1]])
            self.nodes = [first]
            self.order = [o for o in self.order if o[0] == "array"] + [("node", 0)]

    def _product(self, factors: list[Value]) -> Operation:
        reader = self.reader
        axes: Axes = ()
        for value in factors:
            axes = reader.common(axes, value.axes, self.span)
        return Operation("product", tuple(reader.operand(value, self.span) for value in factors), axes)

    def _extra_arrays(self) -> None:
        """An arrow carries one weight: those after the first become nodes, in the place where they stand."""
        reader, factors = self.reader, []
        for what, k in self.order:
            if what == "node":
                factors.append(self.nodes[k])
            elif k > 0:
                factors.append(reader.node_of(Sum((self.arrays[k],), self.array_axes[k]), self.arrays[k].span))
        self.nodes, self.arrays, self.array_axes = factors, self.arrays[:1], self.array_axes[:1]
        self.order = [("array", 0), *(("node", k) for k in range(len(factors)))]

    def result(self) -> Value:
        reader, span = self.reader, self.span
        if self.number is not None:
            self.number = finite(reader.draft, self.number, span)
        if len(self.arrays) > 1:
            self._extra_arrays()
        factor = 1.0 if self.number is None else self.number
        axes = self._axes
        if not self.nodes:
            if not self.arrays:
                return Num(factor)
            array = self.arrays[0]
            if array.literal is not None and array.weight_letters == array.into:
                return Num(compute(reader.draft, span, lambda x: factor * x, array.literal))
            return scaled(Sum((array,), self.array_axes[0]), factor)
        self._join()
        (value,) = self.nodes
        if not self.arrays:
            return value if self.number is None else reader.times_number(value, factor, span)
        total = reader.as_sum(value, span)
        if any(term.has_array for term in total.terms):
            total = reader.node_of(total, span)
        _elementwise_sizes(reader, self.arrays[0], self.array_axes[0], total, span)
        return scaled(times_array(self.arrays[0], total, axes), factor)

    @property
    def _axes(self) -> Axes:
        """Of its factors, in their order."""
        factors = [self.array_axes[k] if what == "array" else self.nodes[k].axes for what, k in self.order]
        return reduce(called, factors, ())


def times_array(array: Term, value: Sum, axes: Axes) -> Sum:
    """A weight or literal times a sum whose terms have none, element by element; `axes` are those of the result."""
    terms = []
    for term in value.terms:
        weight_letters, into = array.weight_letters, term.into or array.into
        if term.into and array.into:
            renamed = dict(zip(array.into, term.into))
            weight_letters = "".join(renamed[letter] for letter in weight_letters)
        terms.append(
            replace(
                term,
                coefficient=array.coefficient * term.coefficient,
                into=into,
                weight=array.weight,
                literal=array.literal,
                weight_index=array.weight_index,
                weight_letters=weight_letters,
            )
        )
    return Sum(tuple(terms), axes)


def _elementwise_sizes(reader: Reader, array: Term, array_axes: Axes, value: Sum, span: Span) -> None:
    a, b = sizes(array_axes), sizes(value.axes)
    if a and b and a != b:
        name = array.weight or "the literal"
        hint = "sizes must be equal, or one of the two a scalar"
        if len(a) == 2 and len(b) == 1:
            written = f"{array.weight} @ x" if array.weight else "[[…]] @ x"
            hint = f"`*` works element by element; a matrix product is written `{written}`"
            name = array.weight or "the matrix"
        quoted = f"`{name}`" if array.weight else name
        raise reader.fail("shape-mismatch", f"{quoted} is {times(a)}, and is multiplied by {times(b)}", span, hint=hint)
