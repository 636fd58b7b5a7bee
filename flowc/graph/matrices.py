"""The products written `@`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.graph.equation_reader import Reader
from flowc.graph.expression_values import Operation, Sum, Term, Value, as_array, as_node
from flowc.graph.network import Axis
from flowc.graph.problems import Abandon, times
from flowc.graph.products import Product
from flowc.graph.sizes import sizes
from flowc.source import Span
from flowc.syntax import tree as t

Axes = tuple[Axis, ...]


def matrix_chain(reader: Reader, first: Value, operations: Sequence[t.Binary]) -> Value:
    """`first @ … @ …`, from the left; but `A @ B @ x` is A @ (B @ x), which is the same and needs no product of weights."""
    values = [first, *(reader.value(operation.right) for operation in operations)]
    starts = [operations[0].left.span, *(operation.right.span for operation in operations)]
    k = 0  # the first that is no matrix of weights
    while k < len(operations) and as_array(values[k], starts[k]) and (k == 0 or len(values[k].axes) == 2):
        k += 1
    if len(values[0].axes) == 1 and len(values[k].axes) == 2:
        k = 0  # `w @ A @ B` is (w @ A) @ B
    value = values[k]
    for i in reversed(range(k)):
        value = matrix_product(reader, values[i], value, _written_span(reader, starts[i], operations[k - 1]))
    for i in range(k, len(operations)):
        value = matrix_product(reader, value, values[i + 1], operations[i].span)
    return value


def _written_span(reader: Reader, first: Span, last: t.Binary) -> Span:
    """From an operand to the end of an operation; the whole of it where a parenthesis stands between."""
    text = reader.draft.text(first.to(last.right.span))
    return first.to(last.right.span) if text.count("(") == text.count(")") else last.span


def matrix_product(reader: Reader, a: Value, b: Value, span: Span) -> Value:
    """`W @ x`, `x @ W`, `w @ x`, and `x @ h` of nodes."""
    left, right = as_array(a, span), as_array(b, span)
    for value in (a, b):
        if not 1 <= len(value.axes) <= 2:
            what = "a scalar" if not value.axes else f"{len(value.axes)} axes"
            way = "write `*` for a product of scalars" if not value.axes else "a product of grids needs arrows"
            raise reader.fail("matrix-product", f"`@` takes one or two axes, and here is {what}", span, hint=way)
    if len(a.axes[-1]) != len(b.axes[0]):
        raise _fail_mismatch(reader, a, b, left is not None, span)
    if left and right and len(b.axes) == 1:
        right = None
        b = reader.node_of(reader.as_sum(b, span), span)
    elif left and right and len(a.axes) == 1:
        left = None
        a = reader.node_of(reader.as_sum(a, span), span)
    array, nodes = (left, b) if left else (right, a)
    if array and not (left and right):
        if len(nodes.axes) == 1:
            return _contract_terms(reader, array, nodes, array is left, a.axes[:-1] + b.axes[1:], span)
    elif array is None and len(a.axes) == len(b.axes) == 1:
        return _dot_product(reader, a, b, span)
    raise reader.fail(
        "matrix-product",
        f"`{reader.draft.text(span)}` multiplies {times(sizes(a.axes))} by {times(sizes(b.axes))}, "
        "but not a weight and a vector",
        span,
        hint=_way_out(reader, a, b, span),
    )


def _way_out(reader: Reader, a: Value, b: Value, span: Span) -> str:
    """For a grid of nodes and a vector: its rows are vectors. Other products of grids have no short spelling."""
    hint = "`@` takes a weight and a vector, or two vectors"
    grid, vector = (a, b) if len(a.axes) == 2 else (b, a)
    node = as_node(grid)
    if grid is not a or len(vector.axes) != 1 or node is None or node.node is None or node.index:
        return hint
    other = as_node(vector)
    name = other.node if other and other.node and not other.index else "…"
    return f"{hint}; for each row of a grid write `[{node.node}[1] @ {name}, {node.node}[2] @ {name}, …]`"


def _fail_mismatch(reader: Reader, a: Value, b: Value, weight_first: bool, span: Span) -> Abandon:
    hint = "in `a @ b` the last size of `a` and the first of `b` are equal"
    if weight_first and len(a.axes) == 2 and len(a.axes[0]) == len(b.axes[0]):
        hint = "rows are targets, columns sources: transpose it, `W^T @ x`"
    return reader.fail(
        "shape-mismatch",
        f"`{reader.draft.text(span)}` multiplies {times(sizes(a.axes))} by {times(sizes(b.axes))}",
        span,
        hint=hint,
    )


def _contract_terms(reader: Reader, array: Term, nodes: Value, array_first: bool, axes: Axes, span: Span) -> Sum:
    """Weights @ nodes or nodes @ weights, spread over the terms of the nodes' sum."""
    total = reader.as_sum(nodes, span)
    if any(term.has_array or not term.into for term in total.terms):
        total = reader.node_of(total, span)
    summed = array.into[-1] if array_first else array.into[0]
    left_letters = array.into.replace(summed, "")
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
                into=left_letters,
                span=span,
            )
        )
    return Sum(tuple(terms), axes)


def _dot_product(reader: Reader, a: Value, b: Value, span: Span) -> Value:
    product = Product(reader, span)
    operands = []
    for value in (a, b):
        total = reader.as_sum(value, span)
        if not total.terms[0].weight_letters:
            total, factors = product.split(total)
            for factor in factors:
                product.keep(factor, ())
        operands.append(reader.operand(total, span))
    product.add_node(Operation("dot", tuple(operands), ()))
    return product.result()
