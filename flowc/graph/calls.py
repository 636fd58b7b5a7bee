"""Functions in equations, and the activations of declarations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial, reduce
from os.path import commonprefix

from flowc.graph.constants import compute, finite, flat
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.equation_reader import Reader
from flowc.graph.expression_values import Apply, Num, Operation, Value
from flowc.graph.expressions import Expressions
from flowc.graph.losses import loss_call
from flowc.graph.matrices import matrix_product
from flowc.graph.parameters import function_of, no_keyword, parameters_of
from flowc.graph.problems import Abandon
from flowc.graph.products import Product
from flowc.maths.function import Function
from flowc.maths.scalar import of_numbers
from flowc.source import Span
from flowc.syntax import tree as t


def reader_of(draft: Draft, owner: str = "", learning: bool = False) -> Expressions:
    """The reader of an equation of `owner`, which is "" for what makes no nodes. `learning`: losses may be called."""
    return Expressions(draft, owner, call, learning)


def call(reader: Reader, e: t.Call) -> Value:
    """The value of a function's call."""
    function = function_of(reader.draft, e.name, e.name_span)
    if function.kind == "loss":
        return loss_call(reader, function, e)
    if function.is_activation:
        return _apply_activation(reader, function, e)
    if e.keywords:
        raise no_keyword(reader.draft, function, e.keywords[0])
    values = [(reader.value(arg), arg.span) for arg in e.args]
    if function.kind == "reduction":
        return _apply_reduction(reader, function, e, values)
    return _apply_operation(reader, function, e, values)


def _apply_activation(reader: Reader, function: Function, e: t.Call) -> Value:
    if not e.args:
        raise _fail_count(reader.draft, function, e, "one argument")
    parameters = parameters_of(reader, function, e.args[1:], e.keywords, e.span)
    argument = merged_excitation(reader, e.args[0]) or reader.value(e.args[0])
    return apply(reader, function, parameters, argument, e)


def merged_excitation(reader: Reader, argument: t.Expression) -> Value | None:
    """The sum that an excitation's name stands for, where the name belongs to this circle."""
    if isinstance(argument, t.Ref) and argument.index is None:
        equation = reader.draft.merged.get(argument.name)
        if equation is not None:
            return reader.value(equation.right)
    return None


def apply(reader: Reader, function: Function, parameters: tuple[float, ...], argument: Value, e: t.Call) -> Value:
    """A function of one argument: folded where that is a number, else the activation of its sum."""
    if isinstance(argument, Num) and function.kind == "elementwise":
        return Num(compute(reader.draft, e.span, lambda x: of_numbers(function, x, *parameters), argument.value))
    if function.kind == "vector" and not argument.axes:
        raise scalar_softmax(reader.draft, function, e.span, f"list scalars: `{function.name}([s1, s2])`")
    return Apply(function.name, parameters, reader.as_sum(argument, e.args[0].span), argument.axes)


def scalar_softmax(draft: Draft, function: Function, span: Span, hint: str) -> Abandon:
    constant = "1" if function.name != "log_softmax" else "0"
    message = f"`{function.name}` needs a vector: of a scalar it is constantly {constant}"
    return draft.problems.fail("needs-a-vector", message, span, hint=hint)


def _apply_reduction(reader: Reader, function: Function, e: t.Call, values: list[tuple[Value, Span]]) -> Value:
    if len(values) != 1:
        way = "of several nodes, write `a + b`" if function.name == "sum" else "of several nodes, write `(a + b)/2`"
        raise _fail_count(reader.draft, function, e, "one vector", way)
    (value, span) = values[0]
    if not value.axes:
        raise _needs_vector(reader.draft, function, e, span)
    if isinstance(value, Num) and function.name in OVER_ELEMENTS:
        return Num(finite(reader.draft, OVER_ELEMENTS[function.name](flat(value.value)), e.span))
    return Operation(function.name, (reader.operand(value, span),), ())


def _apply_operation(reader: Reader, function: Function, e: t.Call, values: list[tuple[Value, Span]]) -> Value:
    if len(values) == 1 and function.elements:
        value, span = values[0]
        if not value.axes:
            raise _needs_vector(reader.draft, function, e, span)
        if isinstance(value, Num) and function.name in OVER_ELEMENTS:
            return Num(finite(reader.draft, OVER_ELEMENTS[function.name](flat(value.value)), e.span))
        return Operation(function.name, (reader.operand(value, span),), ())
    if len(values) < 2 or (len(values) > 2 and not function.many):
        needed = "two arguments or more, or one vector" if function.many else "two arguments"
        raise _fail_count(reader.draft, function, e, needed)
    if function.name == "power":
        return reader.power(values[0][0], values[1][0], e.span)
    if function.name == "dot":
        return matrix_product(reader, values[0][0], values[1][0], e.span)
    if function.name in ("product", "quotient"):
        product = Product(reader, e.span)
        product.multiply(*values[0])
        for value, span in values[1:]:
            (product.multiply if function.name == "product" else product.divide)(value, span)
        return product.result()
    axes = values[0][0].axes
    for value, _ in values[1:]:
        axes = reader.common(axes, value.axes, e.span)
    if all(isinstance(value, Num) for value, _ in values):
        numbers = [value.value for value, _ in values if isinstance(value, Num)]
        return Num(compute(reader.draft, e.span, lambda *each: reduce(partial(of_numbers, function), each), *numbers))
    return Operation(function.name, tuple(reader.operand(value, span) for value, span in values), axes)


def _mean_of(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


# Of a literal vector; what is not here is computed where the diagram is.
OVER_ELEMENTS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum, "mean": _mean_of, "max": max, "min": min, "product": math.prod,
}  # fmt: skip


def _fail_count(draft: Draft, function: Function, e: t.Call, needed: str, hint: str = "") -> Abandon:
    count = "none is given" if not e.args else "1 is given" if len(e.args) == 1 else f"{len(e.args)} are given"
    return draft.problems.fail("wrong-arguments", f"`{function.name}` takes {needed}, {count}", e.span, hint=hint)


def _needs_vector(draft: Draft, function: Function, e: t.Call, span: Span) -> Abandon:
    way = {
        "sum": "a sum of scalars is written `a + b`",
        "mean": "of scalars write `(a + b)/2`",
        "product": "a product of scalars is written `a*b`",
    }.get(function.name, f"of scalars write `{function.name}(a, b)`")
    return draft.problems.fail(
        "needs-a-vector",
        f"`{draft.text(e.span)}` runs over the elements of a vector, and `{draft.text(span)}` is a scalar",
        e.span,
        hint=way,
    )


# ---------------------------------------------------------------- activations


def declare_activation(draft: Draft, node: DraftNode) -> None:
    """Give a declared node the function that follows its `:`."""
    activation = node.activation
    assert activation is not None
    try:
        function = function_of(draft, activation.name, activation.span)
        if not function.is_activation:
            use = f"loss {function.name}(f, y)" if function.kind == "loss" else f"{node.name} = {function.name}(…)"
            raise draft.problems.fail(
                "not-an-activation",
                f"`{function.name}` is no activation: it is {KINDS[function.kind]}",
                activation.span,
                hint=f"write `{use}`",
            )
        node.parameters = parameters_of(reader_of(draft), function, activation.args, activation.keywords, activation.span)
        node.function = function.name
        if function.kind == "vector" and node.axes == ():
            _scalar_activation(draft, function, node)
    except Abandon:
        pass


KINDS = {"reduction": "a function of a whole vector", "operation": "a function of several nodes", "loss": "a loss"}


def _scalar_activation(draft: Draft, function: Function, node: DraftNode) -> None:
    """Reported once for all the scalars that one activation follows: they are meant as one vector."""
    assert node.activation is not None
    span = node.activation.span
    if any(p.code == "needs-a-vector" and p.span == span for p in draft.problems.found):
        return
    names = [n.name for n in draft.nodes.values() if n.activation and n.activation.span == span]
    stem = commonprefix(names).rstrip("_") or node.name
    role = "node" if node.role == "hidden" else node.role
    hint = f"make it one node with a size: `{role} {stem}[{max(2, len(names))}] : {function.name}`"
    raise scalar_softmax(draft, function, span, hint)
