"""Equations: from expressions to nodes and arrows."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from math import pi

from flowc.graph.constants import compute, finite, shape_of, transposed
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.equation_reader import Reader
from flowc.graph.expression_values import (
    Num,
    Operation,
    Stack,
    Sum,
    Term,
    Value,
    as_array,
    as_node,
    bare,
    constant,
    fill,
    scaled,
)
from flowc.graph.matrices import matrix_chain
from flowc.graph.namespace import kind_of
from flowc.graph.network import Axis, Operand
from flowc.graph.problems import Abandon, times
from flowc.graph.products import Product
from flowc.graph.sizes import as_index, called, check_room, picked_axes, picks_of, sizes
from flowc.maths.index_map import AXIS_LETTERS
from flowc.source import Span
from flowc.syntax import tree as t
from flowc.syntax.chains import chain

Axes = tuple[Axis, ...]
Call = Callable[[Reader, t.Call], Value]


class Expressions:
    """The reader of one equation. Nodes without a name are called after `owner` and added to the draft. `call` is what a
    call of a function is worth; `calls.reader_of` knows it."""

    def __init__(self, draft: Draft, owner: str, call: Call, learning: bool = False) -> None:
        self.draft = draft
        self.owner = owner
        self.call = call
        self.in_loss = learning
        self.made: list[DraftNode] = []

    def numbers(self) -> Expressions:
        """A reader of what is no part of this equation: the numbers in a function's brackets."""
        return Expressions(self.draft, "", self.call)

    def fail(self, code: str, message: str, span: Span, hint: str = "") -> Abandon:
        return self.draft.problems.fail(code, message, span, hint=hint)

    def value(self, e: t.Expression) -> Value:
        """What an expression is worth."""
        match e:
            case t.Number():
                return Num(finite(self.draft, e.value, e.span))
            case t.Ref():
                return self._reference(e)
            case t.Negative():
                return self.times_number(self.value(e.operand), -1.0, e.span)
            case t.Binary(op="+" | "-"):
                return self._sum(e)
            case t.Binary(op="^"):
                return self.power(self.value(e.left), self.value(e.right), e.span)
            case t.Binary():
                return self._chain(e)
            case t.Transpose():
                return self._transpose(e)
            case t.Call():
                return self.call(self, e)
            case t.List():
                return self._list(e)
        raise self.fail(
            "unexpected-text", f"`{self.draft.text(e.span)}` is a text, where a number or a node is needed", e.span
        )

    # ------------------------------------------------------------------ names

    def _reference(self, ref: t.Ref) -> Value:
        draft = self.draft
        if ref.name in draft.weights:
            return self._weight(ref)
        node = draft.nodes.get(ref.name)
        if node is None:
            if ref.name == "pi" and ref.name not in draft.places and ref.index is None:
                return Num(pi)
            what = kind_of(draft, ref.name) if ref.name in draft.places else "unknown"
            raise self.fail(
                "not-a-value", f"`{ref.name}` is {what}, and has no value in an equation", ref.span, hint=_way_out(what)
            )
        if node.axes is None:
            raise Abandon
        picks = picks_of(draft, ref, node.axes, variables=False)
        return bare(ref.name, picked_axes(node.axes, picks), ref.span, as_index(picks, node.axes))

    def _weight(self, ref: t.Ref) -> Sum:
        weight = self.draft.weights[ref.name]
        weight.used = True
        if weight.axes is None:
            raise Abandon
        picks = picks_of(self.draft, ref, weight.axes, variables=False)
        axes = picked_axes(weight.axes, picks)
        letters = AXIS_LETTERS[: len(axes)]
        index = as_index(picks, weight.axes)
        term = Term(1.0, "1", (), "", letters, ref.span, ref.name, weight_index=index, weight_letters=letters)
        return Sum((term,), axes)

    # ------------------------------------------------------------------- sums

    def _sum(self, e: t.Binary) -> Value:
        first, operations = chain(e)
        total = self.value(first)
        span = e.span
        if not isinstance(total, Num):
            total = self.as_sum(total, first.span)
        terms: list[Term] = list(total.terms) if isinstance(total, Sum) else []
        axes: Axes = total.axes
        for operation in operations:
            op, right = operation.op, operation.right
            value = self.value(right)
            axes = self.common(axes, value.axes, span)
            if isinstance(total, Num) and isinstance(value, Num):
                total = Num(
                    compute(self.draft, span, operator.add if op == "+" else operator.sub, total.value, value.value)
                )
                continue
            if isinstance(total, Num):
                terms, total = list(constant(total.value, first.span).terms), Sum((), ())
            added = self.as_sum(value, right.span)
            terms += (added if op == "+" else scaled(added, -1.0)).terms
        return total if isinstance(total, Num) else Sum(tuple(terms), axes)

    def common(self, a: Axes, b: Axes, span: Span) -> Axes:
        """The axes of an elementwise operation: equal sizes, or one of them scalar."""
        if not a or not b:
            return a or b
        if sizes(a) != sizes(b):
            raise self.fail(
                "shape-mismatch",
                f"`{self.draft.text(span)}` puts {times(sizes(a))} and {times(sizes(b))} together element by element",
                span,
                hint="sizes must be equal, or one of the two a scalar",
            )
        return called(a, b)

    # --------------------------------------------------------------- products

    def _chain(self, e: t.Binary) -> Value:
        """A run of `*`, `/` and `@`, from the left."""
        first, operations = chain(e)
        product = Product(self, first.span)
        product.multiply(self.value(first), first.span)
        for op, group in groupby(operations, key=lambda operation: operation.op):
            run = list(group)
            if op == "@":
                value = matrix_chain(self, product.result(), run)
                product = Product(self, run[-1].span)
                product.multiply(value, run[-1].span)
                continue
            for here in run:
                product.span = here.span
                if op == "*":
                    product.multiply(self.value(here.right), here.right.span)
                else:
                    product.divide(self.value(here.right), here.right.span)
        return product.result()

    def times_number(self, value: Value, factor: float, span: Span) -> Value:
        if isinstance(value, Num):
            return Num(compute(self.draft, span, lambda x: factor * x, value.value))
        return scaled(self.as_sum(value, span), factor)

    def power(self, base: Value, exponent: Value, span: Span) -> Value:
        if isinstance(base, Num) and isinstance(exponent, Num):
            self.common(base.axes, exponent.axes, span)
            return Num(compute(self.draft, span, operator.pow, base.value, exponent.value))
        operands = (self.operand(base, span), self.operand(exponent, span))
        return Operation("power", operands, self.common(base.axes, exponent.axes, span))

    # ------------------------------------------------------- lists, transposes

    def _list(self, e: t.List) -> Value:
        values = [self.value(item) for item in e.items]
        if not values:
            raise self.fail("bad-list", "a list needs elements", e.span)
        shapes = {sizes(v.axes) for v in values}
        numbers = [v.value for v in values if isinstance(v, Num)]
        if len(numbers) == len(values):
            if len(shapes) > 1:
                raise self.fail("bad-list", "the rows of this list differ in length", e.span)
            return Num(tuple(numbers))
        for value, item in zip(values, e.items):
            if value.axes:
                raise self.fail(
                    "bad-list",
                    f"`{self.draft.text(item.span)}` is {times(sizes(value.axes))}; a list makes a vector from scalars",
                    item.span,
                    hint="name its elements: `[x[1], x[2]]`",
                )
        return Stack(tuple(self.as_sum(value, item.span) for value, item in zip(values, e.items)))

    def _transpose(self, e: t.Transpose) -> Value:
        value = self.value(e.operand)
        if isinstance(value, Num):
            if len(shape_of(value.value)) > 2:
                raise self.fail("transpose", "only vectors and matrices have a transpose", e.span)
            return Num(transposed(value.value))
        if len(value.axes) <= 1:
            return value
        array = as_array(value, e.span)
        if array is None or len(value.axes) > 2:
            raise self.fail(
                "transpose",
                f"`{self.draft.text(e.operand.span)}` has no transpose: only weights of two axes do",
                e.span,
                hint="draw the transposed grid by arrows: `x[i, j] -> h[j, i] : 1`",
            )
        return Sum((replace(array, into=array.into[::-1]),), value.axes[::-1])

    # --------------------------------------------------------- anonymous nodes

    def as_sum(self, value: Value, span: Span) -> Sum:
        """The value as terms; an operation becomes a node of its own."""
        if isinstance(value, Sum):
            return value
        if isinstance(value, Num):
            return constant(value.value, span)
        return self.node_of(value, span)

    def node_of(self, value: Value, span: Span) -> Sum:
        """A node without a name that holds the value."""
        name = f"{self.owner}_{len(self.made) + 1}"
        name = self.draft.free(f"_{name}" if _may_be_fresh(self.draft, name) else name)
        node = DraftNode(name, "hidden", value.axes, span, owner=self.owner, span=span)
        check_room(self.draft, value.axes, span)
        fill(node, value, span)
        self.draft.places[name] = span
        self.made.append(node)
        return bare(name, value.axes, span)

    def operand(self, value: Value, span: Span) -> Operand:
        """The value as an operand; what is more than a bare node becomes one."""
        operand = as_node(value)
        if operand is None:
            operand = as_node(self.node_of(value, span))
            assert operand is not None
        return operand

    def withdraw(self) -> None:
        """Forget the nodes made."""
        for node in self.made:
            self.draft.places.pop(node.name, None)
        self.made.clear()


def _way_out(what: str) -> str:
    if what == "an index":
        return "an index is a size; write the number itself"
    if what == "the loss":
        return "the loss is the end of the diagram; name the part that is used twice in an equation of its own"
    return ""


def _may_be_fresh(draft: Draft, name: str) -> bool:
    """Whether a fresh weight may want this name, as `b_h_1` that of a node `h_1`. Equations are read before arrows."""
    kind, *words = name.split("_")
    return kind in ("b", "w", "W") and any("_".join(words[:k]) in draft.nodes for k in range(1, len(words) + 1))
