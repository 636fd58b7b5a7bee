"""Calls of losses: what they compare, and that their sum is one number."""

from __future__ import annotations

from flowc.diagnostics.suggest import and_list
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.equation_reader import Reader
from flowc.graph.expression_values import Num, Operation, Value
from flowc.graph.network import Operand
from flowc.graph.parameters import parameters_of
from flowc.graph.problems import Abandon, times
from flowc.graph.sizes import sizes
from flowc.maths.function import Function
from flowc.maths.functions import FUNCTIONS
from flowc.source import Span
from flowc.syntax import tree as t
from flowc.syntax.chains import chain


def loss_call(reader: Reader, function: Function, e: t.Call) -> Value:
    """`mse(f, y)`: an operation of two nodes of one shape. Excitation losses take a bare node first."""
    draft = reader.draft
    if not reader.in_loss:
        raise draft.problems.fail(
            "loss-outside",
            f"`{function.name}` is a loss, and belongs into the `loss` statement",
            e.name_span,
            hint=f"write `loss {draft.text(e.span)}`",
        )
    if len(e.args) < 2 or not function.parameters and (len(e.args) > 2 or e.keywords):
        arguments = "the node and the target" if function.of_excitation else "two arguments"
        required = [name for name, default in function.parameters if default is None]
        raise draft.problems.fail(
            "wrong-arguments",
            f"`{function.name}` takes {arguments}, {len(e.args) + len(e.keywords)} given",
            e.span,
            hint=f"write `{function.name}({', '.join(['f', 'y', *required])})`",
        )
    if function.of_excitation:
        function = _check_excitation(draft, function, e)
    parameters = parameters_of(reader, function, e.args[2:], e.keywords, e.span)
    first, second = (reader.value(arg) for arg in e.args[:2])
    _same_shape(draft, function, first, second, e)
    operands = (_read_operand(reader, first, e.args[0].span), _read_operand(reader, second, e.args[1].span))
    return Operation(function.name, operands, (), parameters)


def _read_operand(reader: Reader, value: Value, span: Span) -> Operand:
    return reader.operand(value, span)


def _same_shape(draft: Draft, function: Function, first: Value, second: Value, e: t.Call) -> None:
    a, b = sizes(first.axes), sizes(second.axes)
    number = any(isinstance(v, Num) and not v.axes for v in (first, second))
    if a == b or (number and not function.of_excitation):
        return
    left, right = (draft.text(arg.span) for arg in e.args[:2])
    raise draft.problems.fail(
        "shape-mismatch",
        f"`{function.name}` compares `{left}`, which is {times(a)}, with `{right}`, which is {times(b)}",
        e.span,
        hint="both need one size",
    )


def _check_excitation(draft: Draft, function: Function, e: t.Call) -> Function:
    """The loss that fits the first argument's node: cross_entropy of a logistic scalar is the binary one."""
    fits = _fitting_functions(function)
    first, second = (_bare_node(draft, arg) for arg in e.args[:2])
    if first is not None and first.function in fits:
        if function.name == "cross_entropy" and first.function == "logistic":
            if first.axes:
                raise draft.problems.fail(
                    "loss-needs-excitation",
                    f"`cross_entropy` takes a softmax vector or one logistic scalar, and `{first.name}` is a logistic vector",
                    e.args[0].span,
                    hint=f"of one class among several: `: softmax`; of yes or no for each element: "
                    f"`binary_cross_entropy({draft.text(e.args[0].span)}, {draft.text(e.args[1].span)})`",
                )
            return FUNCTIONS["binary_cross_entropy"]
        return function
    if first is not None and first.broken:
        raise Abandon
    written = draft.text(e.args[0].span)
    if second is not None and second.function in fits and second.role not in ("input", "target"):
        raise draft.problems.fail(
            "swapped-arguments",
            f"the arguments of `{function.name}` are swapped: the {second.function} node comes first, the target second",
            e.span,
            hint=f"write `{function.name}({draft.text(e.args[1].span)}, {written})`",
        )
    raise draft.problems.fail(
        "loss-needs-excitation",
        _describe_found(draft, function, first, written, fits),
        e.args[0].span,
        hint=_declaration_hint(first, written, _best_fit(first, fits), function),
    )


def _fitting_functions(function: Function) -> tuple[str, ...]:
    return ("softmax", "logistic") if function.name == "cross_entropy" else function.of_excitation


def _best_fit(node: DraftNode | None, fits: tuple[str, ...]) -> str:
    """Of several functions that fit, the one for a node of this size."""
    scalar = node is not None and not node.axes
    return next((f for f in fits if (f in ("softmax", "argmax")) != scalar), fits[0])


def _bare_node(draft: Draft, argument: t.Expression) -> DraftNode | None:
    if isinstance(argument, t.Ref) and argument.index is None:
        return draft.nodes.get(argument.name)
    return None


def _describe_found(draft: Draft, function: Function, node: DraftNode | None, written: str, fits: tuple[str, ...]) -> str:
    requirement = f"`{function.name}` takes first the bare name of a node that is {and_list(fits, 'or')}"
    if node is None:
        return f"{requirement}, and `{written}` is an expression"
    what = f"an {node.role}" if node.role == "input" else "a target" if node.role == "target" else f"`{node.function}`"
    return f"{requirement}, and `{written}` is {what}"


def _declaration_hint(node: DraftNode | None, written: str, fit: str, function: Function) -> str:
    name = written.partition("[")[0]
    if node is None and written.endswith("]") and name.isidentifier():
        return f"it takes the whole of it: `loss {function.name}({name}, y)`"
    if node is None:
        call = written.split("(")[0].strip()
        if call in _fitting_functions(function) and "(" in written:
            return f"give it a name: `p = {written}`, and then `loss {function.name}(p, y)`"
        return f"give it a name: `p = {fit}(…)`, and then `loss {function.name}(p, y)`"
    if node.role in ("input", "target"):
        return f"put the node that predicts first: `loss {function.name}(p, {node.name})`"
    if node.equation is not None:
        return f"define it by one: `{node.name} = {fit}(…)`"
    size = "[…]" if node.axes else ""
    role = "node" if node.role == "hidden" else node.role
    return f"declare it so: `{role} {node.name}{size} : {fit}`"


def scalar_loss(reader: Reader, value: Value, expression: t.Expression) -> None:
    """A loss is one number. Of a sum, the term that is none is named: the others are not to be added up with it."""
    if not value.axes:
        return
    if isinstance(expression, t.Binary) and expression.op in "+-":
        first, operations = chain(expression)
        terms = [first, *(operation.right for operation in operations)]
        expression = next((term for term in terms if reader.value(term).axes), expression)
    written = reader.draft.text(expression.span)
    raise reader.fail(
        "loss-not-scalar",
        f"the loss is {times(sizes(value.axes))}, and must be one number",
        expression.span,
        hint=f"add it up, `sum({written})`, or average it: `mean(…)`",
    )
