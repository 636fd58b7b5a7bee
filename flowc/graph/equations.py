"""Every equation, in an order in which what it uses is known."""

from __future__ import annotations

from collections import Counter

from flowc.graph.calls import reader_of
from flowc.graph.draft import Draft, DraftNode, calls, references
from flowc.graph.expression_values import Num, Value, fill
from flowc.graph.expressions import Expressions
from flowc.graph.inline_weights import define_in_place
from flowc.graph.losses import scalar_loss
from flowc.graph.network import Axis
from flowc.graph.parameters import function_of
from flowc.graph.problems import Abandon, times
from flowc.graph.sizes import axes_of, sizes
from flowc.graph.unknown_names import report_unknown
from flowc.maths.functions import lookup
from flowc.syntax import tree as t


def read_equations(draft: Draft, tree: t.Tree) -> None:
    """Fill the nodes that have equations, and find the sizes of weights that arrows name."""
    find_merged(draft, tree)
    for name in _order_of_definitions(draft):
        if name in draft.in_place:
            define_in_place(draft, name)
        elif name not in draft.merged:
            _define_node(draft, name, draft.equations[name])


def find_merged(draft: Draft, tree: t.Tree) -> None:
    """The names of excitations: a sum, used once, as the whole argument of an activation that is a whole equation."""
    used: Counter[str] = Counter()
    for statement in tree.statements:
        match statement:
            case t.Equation():
                used.update(r.name for r in references(statement.right))
            case t.Loss():
                used.update(r.name for r in references(statement.expression))
            case t.Arrows():
                used.update(e.name for end in statement.ends for e in end if isinstance(e, t.Ref))
                if statement.carried and statement.carried.expression:
                    used.update(r.name for r in references(statement.carried.expression))
            case t.PlainArrows():
                used.update(source for source, *_ in statement.arrows)
            case t.EdgesFile() if statement in draft.tables:
                used.update(draft.tables[statement].edges.nodes)
    for name, equation in draft.equations.items():
        name_used = _excitation_of(equation)
        if name_used is None or used[name_used] != 1 or draft.nodes[name].activation:
            continue
        inner, node = draft.equations.get(name_used), draft.nodes.get(name_used)
        if inner is None or node is None or node.declared or name_used == name:
            continue
        if inner.left.index is None and is_sum(draft, inner):
            draft.merged[name_used] = inner


def _excitation_of(equation: t.Equation) -> str | None:
    """The name that is the whole argument of the activation that is the whole right side."""
    right = equation.right
    if isinstance(right, t.Call) and right.args:
        function, argument = lookup(right.name), right.args[0]
        if function and function.is_activation and isinstance(argument, t.Ref) and argument.index is None:
            return argument.name
    return None


def is_sum(draft: Draft, equation: t.Equation) -> bool:
    """Whether the outermost of an expression is a sum, by its form alone (nothing has a size yet)."""
    e = equation.right
    match e:
        case t.Binary(op="+" | "-") | t.Negative() | t.Number() | t.Ref():
            return True
        case t.Binary(op="*"):
            return _nodes_in(draft, e.left) == 0 or _nodes_in(draft, e.right) == 0
        case t.Binary(op="/"):
            return _nodes_in(draft, e.right) == 0 and not _weights_in(draft, e.right)
        case t.Binary(op="@"):
            return _nodes_in(draft, e.left) == 0 or _nodes_in(draft, e.right) == 0
    return False


def _nodes_in(draft: Draft, e: t.Expression) -> int:
    return sum(r.name in draft.nodes for r in references(e))


def _weights_in(draft: Draft, e: t.Expression) -> bool:
    return any(r.name in draft.weights or r.name in draft.in_place for r in references(e))


def _order_of_definitions(draft: Draft) -> list[str]:
    """Names of equations and of weights in place, each after those whose sizes it needs. Cycles are reported elsewhere."""
    needs = {name: _names_needed(draft, name) for name in (*draft.equations, *draft.in_place)}
    done: dict[str, None] = {}
    entered: set[str] = set()
    for start, first in needs.items():
        stack = [(start, iter(first))]
        if start in entered:
            continue
        entered.add(start)
        while stack:
            name, rest = stack[-1]
            following = next((n for n in rest if n not in entered), None)
            if following is None:
                done[name] = None
                stack.pop()
            else:
                entered.add(following)
                stack.append((following, iter(needs[following])))
    return list(done)


def _names_needed(draft: Draft, name: str) -> list[str]:
    if name in draft.in_place:
        ends = draft.in_place[name].statement.ends
        names = [e.name for end in ends for e in end if isinstance(e, t.Ref)]
    else:
        names = [r.name for r in references(draft.equations[name].right)]
    return [n for n in dict.fromkeys(names) if n in draft.equations or n in draft.in_place]


def _define_node(draft: Draft, name: str, equation: t.Equation) -> None:
    node = draft.nodes[name]
    node.equation, node.span = equation, equation.span
    if node.activation is not None or node.cell:
        _two_activations(draft, node, equation)
    excitation = _excitation_of(equation)
    if excitation in draft.merged:
        node.excitation = draft.merged[excitation]
    define(reader_of(draft, name), node, equation.right)


def _two_activations(draft: Draft, node: DraftNode, equation: t.Equation) -> None:
    if node.activation is not None:
        activation, note = draft.text(node.activation.span), ("the activation is here", node.activation.span)
        drop = f"`: {activation}` from `{'node' if node.role == 'hidden' else node.role} {node.name}`"
    else:
        assert node.listing is not None
        activation, place = node.cell, node.listing.place(node.row)
        note, drop = (f"the activation is in {place}", node.listing.span), f"`{activation}` from {place}"
    function = activation.split("(")[0].strip()
    twice = isinstance(equation.right, t.Call) and _is_same_function(equation.right.name, function)
    draft.problems.report(
        "two-activations",
        f"`{node.name}` has an equation and the activation `{activation}`; an equation is the whole node",
        equation.span,
        notes=(note,),
        hint=f"drop {drop}" + ("" if twice else f"; to have it, write `{node.name} = {function}(…)`"),
    )
    node.broken = True


def _is_same_function(name: str, other: str) -> bool:
    """Whether two names are one function's: `sigmoid`, `logistic`."""
    return name == other or lookup(name) is not None and lookup(name) is lookup(other)


def define(reader: Expressions, node: DraftNode, expression: t.Expression) -> None:
    """Evaluate a node's expression into it; the nodes made on the way are added before it."""
    draft = reader.draft
    try:
        parts = [expression, node.excitation.right] if node.excitation else [expression]
        if [part for part in parts if not known(draft, part, loss=node.role == "loss")]:
            raise Abandon
        value = reader.value(expression)
        if node.role == "loss":
            scalar_loss(reader, value, expression)
        value = _fit_size(draft, node, value, expression)
        fill(node, value, expression.span)
    except Abandon:
        node.broken = True
        reader.withdraw()
        return
    for new_node in reader.made:
        draft.nodes[new_node.name] = new_node


def _fit_size(draft: Draft, node: DraftNode, value: Value, expression: t.Expression) -> Value:
    """Agree on the node's size: the declared one, the brackets of `h0[3] = 0`, or the expression's own."""
    equation = node.equation
    if node.axes is None and not node.declared:
        left = equation.left if isinstance(equation, t.Equation) else None
        if left is not None and left.index is not None:
            if not (isinstance(value, Num)):
                raise draft.problems.fail(
                    "indexed-equation",
                    f"the left side of an equation is a plain name, not `{draft.text(left.span)}`",
                    left.span,
                    hint=f"the size follows from the right side: write `{left.name} = …`",
                )
            node.axes = axes_of(draft, left.index, left.span)
        else:
            node.axes = value.axes
            return value
    if node.axes is None:
        raise Abandon
    if sizes(node.axes) == sizes(value.axes) or (isinstance(value, Num) and not value.axes):
        return value
    raise _fail_size(draft, node, value, expression)


def _fail_size(draft: Draft, node: DraftNode, value: Value, expression: t.Expression) -> Exception:
    assert node.axes is not None
    shape, role = sizes(value.axes), "node" if node.role == "hidden" else node.role
    size = ", ".join(_spell_axis(axis) for axis in value.axes)
    name = f"{node.name}[{size}]" if size else node.name
    return draft.problems.fail(
        "shape-mismatch",
        f"`{node.name}` is declared {times(sizes(node.axes))}, and its equation is {times(shape)}",
        expression.span,
        notes=(("it is declared here", node.name_span),),
        hint=f"declare it `{role} {name}`",
    )


def _spell_axis(axis: Axis) -> str:
    if axis.index:
        return axis.index
    return str(axis.high) if axis.low == 1 else f"{axis.low}..{axis.high}"


def known(draft: Draft, expression: t.Expression, loss: bool = False) -> bool:
    """Whether every name and function of an expression exists; all that do not are reported."""
    fine = True
    for ref in references(expression):
        if ref.name not in draft.places and not (ref.name == "pi" and ref.index is None):
            report_unknown(draft, ref, loss=loss)
            fine = False
    for call in calls(expression):
        try:
            function_of(draft, call.name, call.name_span)
        except Abandon:
            fine = False
    return fine
