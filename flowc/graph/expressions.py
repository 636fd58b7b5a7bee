"""Equations: from expressions to nodes and arrows (rules 18, 31 to 37)."""

from __future__ import annotations

import operator
from dataclasses import replace
from math import pi

from flowc.graph.constants import compute, finite, shape_of, transposed
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.names import kind_of
from flowc.graph.network import Axis, Operand
from flowc.graph.problems import Abandon, times
from flowc.graph.products import Product
from flowc.graph.sizes import as_index, check_room, picked_axes, picks_of, sizes
from flowc.graph.values import (
    LETTERS,
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
from flowc.source import Span
from flowc.syntax import tree as t

Axes = tuple[Axis, ...]


class Expressions:
    """The reader of one equation. Nodes without a name are called after `owner` and added to the draft."""

    def __init__(self, draft: Draft, owner: str, learning: bool = False) -> None:
        self.draft = draft
        self.owner = owner
        self.in_loss = learning
        self.made: list[DraftNode] = []

    def fail(self, code: str, message: str, span: Span, **more: object) -> Abandon:
        return self.draft.problems.fail(code, message, span, **more)  # type: ignore[arg-type]

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
                return self.power(e.left, e.right, e.span)
            case t.Binary():
                return self._chain(e)
            case t.Transpose():
                return self._transpose(e)
            case t.Call():
                from flowc.graph.calls import call

                return call(self, e)
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
        letters = LETTERS[: len(axes)]
        index = as_index(picks, weight.axes)
        term = Term(1.0, "1", (), "", letters, ref.span, ref.name, weight_index=index, weight_letters=letters)
        return Sum((term,), axes)

    # ------------------------------------------------------------------- sums

    def _sum(self, e: t.Binary) -> Value:
        first, operations = chain(e)
        total = self.value(first)
        whole = e.span
        if not isinstance(total, Num):
            total = self.as_sum(total, first.span)
        terms: list[Term] = list(total.terms) if isinstance(total, Sum) else []
        axes: Axes = total.axes
        for operation in operations:
            op, right = operation.op, operation.right
            value = self.value(right)
            axes = self.common(axes, value.axes, whole)
            if isinstance(total, Num) and isinstance(value, Num):
                total = Num(
                    compute(self.draft, whole, operator.add if op == "+" else operator.sub, total.value, value.value)
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
        return a

    # --------------------------------------------------------------- products

    def _chain(self, e: t.Binary) -> Value:
        """A run of `*`, `/` and `@`, from the left."""
        parts: list[tuple[str, t.Expression]] = []
        here: t.Expression = e
        while isinstance(here, t.Binary) and here.op in "*/@":
            parts.append((here.op, here.right))
            here = here.left
        parts.reverse()
        product = Product(self, here.span)
        product.multiply(self.value(here), here.span)
        k = 0
        while k < len(parts):
            op, right = parts[k]
            if op == "*":
                product.multiply(self.value(right), right.span)
            elif op == "/":
                product.divide(self.value(right), right.span)
            else:
                run = [(product.result(), product.span)]
                while k < len(parts) and parts[k][0] == "@":
                    run.append((self.value(parts[k][1]), parts[k][1].span))
                    k += 1
                k -= 1
                value, span = self._matrix_chain(run)
                product = Product(self, span)
                product.multiply(value, span)
            k += 1
        return product.result()

    def _matrix_chain(self, run: list[tuple[Value, Span]]) -> tuple[Value, Span]:
        """`A @ B @ x` is A @ (B @ x), which is the same and needs no product of weights."""
        if as_array(*run[0]) and not as_array(*run[-1]):
            value, span = run.pop()
            while run:
                left, left_span = run.pop()
                span = left_span.to(span)
                value = self.matrix_product(left, value, span)
            return value, span
        value, span = run[0]
        for right, right_span in run[1:]:
            span = span.to(right_span)
            value = self.matrix_product(value, right, span)
        return value, span

    def matrix_product(self, a: Value, b: Value, span: Span) -> Value:
        """`W @ x`, `x @ W`, `w @ x`, and `x @ h` of nodes (rule 35)."""
        left, right = as_array(a, span), as_array(b, span)
        for value in (a, b):
            if not 1 <= len(value.axes) <= 2:
                what = "a scalar" if not value.axes else f"{len(value.axes)} axes"
                way = "write `*` for a product of scalars" if not value.axes else "a product of grids needs arrows"
                raise self.fail("matrix-product", f"`@` takes one or two axes, and here is {what}", span, hint=way)
        if len(a.axes[-1]) != len(b.axes[0]):
            raise self._mismatch(a, b, left is not None, span)
        if left and right and len(b.axes) == 1:
            right = None
            b = self.node_of(self.as_sum(b, span), span)
        elif left and right and len(a.axes) == 1:
            left = None
            a = self.node_of(self.as_sum(a, span), span)
        nodes = b if left else a
        if (left is None) != (right is None):
            if len(nodes.axes) == 1:
                return self._contract(left or right, nodes, bool(left), a.axes[:-1] + b.axes[1:], span)  # type: ignore[arg-type]
        elif left is None and len(a.axes) == len(b.axes) == 1:
            return self._dot(a, b, span)
        raise self.fail(
            "matrix-product",
            f"`{self.draft.text(span)}` multiplies {times(sizes(a.axes))} by {times(sizes(b.axes))}, "
            "and no weight and vector are among them",
            span,
            hint="`@` takes a weight and a vector, or two vectors; products of grids go through arrows",
        )

    def _mismatch(self, a: Value, b: Value, weight_first: bool, span: Span) -> Abandon:
        hint = "in `a @ b` the last size of `a` and the first of `b` are equal"
        if weight_first and len(a.axes) == 2 and len(a.axes[0]) == len(b.axes[0]):
            hint = "rows are targets, columns sources: transpose it, `W^T @ x`"
        return self.fail(
            "shape-mismatch",
            f"`{self.draft.text(span)}` multiplies {times(sizes(a.axes))} by {times(sizes(b.axes))}",
            span,
            hint=hint,
        )

    def _contract(self, array: Term, nodes: Value, array_first: bool, axes: Axes, span: Span) -> Sum:
        """Weights @ nodes or nodes @ weights, spread over the terms of the nodes' sum."""
        total = self.as_sum(nodes, span)
        if any(term.has_array or not term.into for term in total.terms):
            total = self.node_of(total, span)
        summed = array.into[-1] if array_first else array.into[0]
        kept = array.into.replace(summed, "")
        terms = []
        for term in total.terms:
            # The term's one letter becomes that of the weight's summed axis; its source carries it or is it.
            letters = term.source_letters.replace(term.into, summed)
            terms.append(
                replace(
                    array,
                    coefficient=array.coefficient * term.coefficient,
                    source=term.source,
                    source_index=term.source_index,
                    source_letters=letters,
                    into=kept,
                    span=span,
                )
            )
        return Sum(tuple(terms), axes)

    def _dot(self, a: Value, b: Value, span: Span) -> Value:
        product = Product(self, span)
        operands = []
        for value in (a, b):
            total = self.as_sum(value, span)
            if not total.terms[0].weight_letters:
                total, factors = product.split(total)
                for factor in factors:
                    product.keep(factor, ())
            operands.append(self.operand(total, span))
        product.add_node(Operation("dot", tuple(operands), ()))
        return product.result()

    def times_number(self, value: Value, factor: float, span: Span) -> Value:
        if isinstance(value, Num):
            return Num(compute(self.draft, span, lambda x: factor * x, value.value))
        return scaled(self.as_sum(value, span), factor)

    def times_array(self, array: Term, array_axes: Axes, value: Sum, span: Span) -> Sum:
        """A weight or literal times a sum whose terms have none, element by element."""
        self._elementwise_sizes(array, array_axes, value, span)
        axes = value.axes or array_axes
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

    def _elementwise_sizes(self, array: Term, array_axes: Axes, value: Sum, span: Span) -> None:
        a, b = sizes(array_axes), sizes(value.axes)
        if a and b and a != b:
            name = array.weight or "the literal"
            hint = "sizes must be equal, or one of the two a scalar"
            if len(a) == 2 and len(b) == 1:
                written = f"{array.weight} @ x" if array.weight else "[[…]] @ x"
                hint = f"`*` works element by element; a matrix product is written `{written}`"
                name = array.weight or "the matrix"
            quoted = f"`{name}`" if array.weight else name
            raise self.fail(
                "shape-mismatch", f"{quoted} is {times(a)}, and is multiplied by {times(b)}", span, hint=hint
            )

    def power(self, left: t.Expression, right: t.Expression, span: Span) -> Value:
        base, exponent = self.value(left), self.value(right)
        if isinstance(base, Num) and isinstance(exponent, Num):
            self.common(base.axes, exponent.axes, span)
            return Num(compute(self.draft, span, operator.pow, base.value, exponent.value))
        operands = (self.operand(base, left.span), self.operand(exponent, right.span))
        return Operation("power", operands, self.common(base.axes, exponent.axes, span))

    # ------------------------------------------------------- lists, transposes

    def _list(self, e: t.List) -> Value:
        values = [self.value(item) for item in e.items]
        if not values:
            raise self.fail("bad-list", "a list needs elements", e.span)
        shapes = {sizes(v.axes) for v in values}
        if all(isinstance(v, Num) for v in values):
            if len(shapes) > 1:
                raise self.fail("bad-list", "the rows of this list differ in length", e.span)
            return Num(tuple(v.value for v in values))  # type: ignore[union-attr]
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
        number = len(self.made) + 1
        name = self.draft.free(f"{self.owner}_{number}")
        node = DraftNode(name, "hidden", value.axes, span, owner=self.owner, span=span)
        check_room(self.draft, value.axes, span)
        fill(node, value, span)
        self.draft.places[name] = span
        self.made.append(node)
        return bare(name, value.axes, span)

    def operand(self, value: Value, span: Span) -> Operand:
        """The value as an operand; what is more than a bare node becomes one."""
        found = as_node(value)
        if found is None:
            found = as_node(self.node_of(value, span))
            assert found is not None
        return found

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
