"""The namespace: every name of the diagram, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flowc.diagnostics.suggest import did_you_mean
from flowc.graph.draft import Draft, DraftNode, DraftWeight, InPlace
from flowc.graph.network import Axis, Role
from flowc.graph.problems import Abandon
from flowc.graph.sizes import MOST_ELEMENTS, axes_of
from flowc.source import NOWHERE, Span
from flowc.syntax import tree as t

ROLES: dict[t.Role, Role] = {"input": "input", "target": "target", "node": "hidden", "output": "output"}


def read_names(
    draft: Draft, tree: t.Tree, settings: Mapping[str, int], read_nodes: Callable[[Draft, t.NodesFile], None]
) -> None:
    """Fill the draft's indices, nodes, weights and equations from the statements, in the order of the text.

    `read_nodes` declares those that a file lists.
    """
    _declare_indices(draft, tree, settings)
    _one_header(draft, tree)
    for statement in tree.statements:
        match statement:
            case t.Declaration():
                for item in statement.items:
                    _declare_node(draft, statement.role, item)
            case t.NodesFile():
                read_nodes(draft, statement)
            case t.Weights():
                for weight in statement.items:
                    _declare_weight(draft, weight)
            case t.Arrows(carried=t.Carried(name=t.Ref(), start=t.Start())):
                _in_place(draft, statement)
            case t.Loss():
                _declare_loss(draft, statement)
    for statement in tree.statements:
        if isinstance(statement, t.Equation):
            _declare_equation(draft, statement)
    if draft.loss and not draft.loss_name:
        draft.loss_name = draft.free("loss")
        draft.places[draft.loss_name] = draft.loss.span


def claim(draft: Draft, name: str, span: Span) -> bool:
    """Take a name of the namespace; False, and a report, where it is taken."""
    if name not in draft.places:
        draft.places[name] = span
        return True
    here = kind_of(draft, name)
    draft.problems.report(
        "duplicate-name",
        f"`{name}` is declared twice",
        span,
        notes=((f"it is {here} already, declared here", draft.places[name]),),
        hint="nodes, weights, indices and the loss share one namespace: rename one of the two",
    )
    return False


def kind_of(draft: Draft, name: str) -> str:
    """What a name is, as messages say it."""
    if name in draft.indices:
        return "an index"
    if name in draft.weights or name in draft.in_place:
        return "a weight"
    if name == draft.loss_name:
        return "the loss"
    node = draft.nodes.get(name)
    return {"input": "an input", "target": "a target", "output": "an output"}.get(node.role if node else "", "a node")


def _declare_indices(draft: Draft, tree: t.Tree, settings: Mapping[str, int]) -> None:
    problems = draft.problems
    for statement in tree.statements:
        for item in statement.items if isinstance(statement, t.Indices) else ():
            axis = Axis(item.low, item.high, item.names, item.name)
            if item.name in settings:
                axis = _axis_of_setting(draft, item, settings[item.name])
            if len(axis) < 1:
                problems.report("empty-range", f"the index `{item.name}` has no elements", item.span)
            elif len(axis) > MOST_ELEMENTS:
                problems.report(
                    "too-large", f"{len(axis)} elements are more than the limit of {MOST_ELEMENTS}", item.span
                )
            if claim(draft, item.name, Span(item.span.start, item.span.start + len(item.name))):
                draft.indices[item.name] = (axis, item.span)
    for name in settings:
        if name not in draft.indices:
            hint = did_you_mean(name, draft.indices, "only an `index` of the diagram can be set")
            problems.report("unknown-index", f"`{name}` is set, but there is no index `{name}`", NOWHERE, hint=hint)


def _axis_of_setting(draft: Draft, item: t.IndexRange, value: int) -> Axis:
    if not item.counted:
        draft.problems.report(
            "unknown-index",
            f"`{item.name}` is set to {value}, but it is not a count",
            item.span,
            hint=f"only an index declared by a number, `index {item.name} = 4`, can be set",
        )
    elif value < 1:
        draft.problems.report("empty-range", f"`{item.name}` is set to {value}; the smallest size is 1", item.span)
    else:
        if value != item.high:
            draft.resized[item.name] = value
        return Axis(1, value, None, item.name)
    return Axis(item.low, item.high, item.names, item.name)


def _declare_node(draft: Draft, role: t.Role, item: t.DeclaredNode) -> None:
    if not claim(draft, item.name, item.span):
        return
    node = DraftNode(item.name, ROLES[role], None, item.span, declared=True, label=item.label)
    draft.nodes[item.name] = node
    if role in ("input", "target") and item.activation:
        draft.problems.report(
            "activated-input",
            f"the {role} `{item.name}` has an activation; its values come from the data as they are",
            item.activation.span,
            hint=f"apply it in a node: `h = {item.activation.name}({item.name})`",
        )
    else:
        node.activation = item.activation
    try:
        node.axes = axes_of(draft, item.size, item.span)
    except Abandon:
        node.broken = True


def _declare_weight(draft: Draft, item: t.DeclaredWeight) -> None:
    if not claim(draft, item.name, item.span):
        return
    weight = DraftWeight(item.name, None, item.start.kind == "learnt", None, True, item.span, label=item.label)
    draft.weights[item.name] = weight
    try:
        weight.axes = axes_of(draft, item.size, item.span)
    except Abandon:
        pass


def _in_place(draft: Draft, statement: t.Arrows) -> None:
    carried = statement.carried
    assert carried and carried.name and carried.start
    ref = carried.name
    name_span = Span(ref.span.start, ref.span.start + len(ref.name))
    if ref.name in draft.places and kind_of(draft, ref.name) == "a weight":
        draft.problems.report(
            "duplicate-name",
            f"the weight `{ref.name}` is declared twice",
            name_span,
            notes=(("it is declared here already", draft.places[ref.name]),),
            hint=f"declare it once, and use it elsewhere by its name alone: `: {ref.name}`",
        )
        return
    if not claim(draft, ref.name, name_span):
        return
    if len(statement.ends) > 2:
        draft.problems.report(
            "weight-in-chain",
            f"`{ref.name}` is named in a chain of {len(statement.ends) - 1} hops, and its size can come from one alone",
            carried.span,
            hint=f"declare it before, `weight {ref.name} …`, and write `: {ref.name}` here",
        )
        draft.weights[ref.name] = DraftWeight(ref.name, None, True, None, True, ref.span, used=True)
        return
    draft.in_place[ref.name] = InPlace(statement, carried, ref, carried.start)


def _declare_loss(draft: Draft, statement: t.Loss) -> None:
    if draft.loss:
        draft.problems.report(
            "second-loss",
            "a diagram has one loss, this is a second",
            statement.span,
            notes=(("the first is here", draft.loss.span),),
            hint="add them: `loss A + B`",
        )
        return
    draft.loss = statement
    if statement.name and claim(draft, statement.name, statement.name_span or statement.span):
        draft.loss_name = statement.name


def _declare_equation(draft: Draft, statement: t.Equation) -> None:
    name, left = statement.left.name, statement.left
    node = draft.nodes.get(name)
    if name in draft.places and node is None:
        if name == draft.loss_name:
            hint = "the loss has its expression already: give the node another name"
        else:
            hint = (
                f"a weight starts where it is declared: `weight {name} = …`"
                if kind_of(draft, name) == "a weight"
                else ""
            )
        draft.problems.report(
            "not-a-node",
            f"`{name}` is {kind_of(draft, name)} and has no equation",
            left.span,
            notes=(("it is declared here", draft.places[name]),),
            hint=hint,
        )
        return
    if name == "loss" and node is None:
        draft.problems.report(
            "loss-equation",
            "`loss = …` would be a node called `loss`; the loss is a statement without `=`",
            left.span,
            hint=f"write `loss {draft.text(statement.right.span)}`",
        )
        return
    if name in draft.equations:
        draft.problems.report(
            "two-equations",
            f"`{name}` has two equations",
            statement.span,
            notes=(("the first is here", draft.equations[name].span),),
            hint="an equation is the whole node: add the two up in one, or rename one",
        )
        return
    if node is not None and node.role in ("input", "target"):
        draft.problems.report(
            "equation-of-input",
            f"`{name}` is {kind_of(draft, name)}: its values come from the data, so it has no equation",
            left.span,
            notes=(("it is declared here", node.name_span),),
        )
        return
    if node is None:
        draft.equations[name] = statement
        draft.places[name] = left.span
        draft.nodes[name] = DraftNode(name, "hidden", None, left.span)
    elif left.index is None:
        draft.equations[name] = statement
    else:
        draft.problems.report(
            "indexed-equation",
            f"an equation is the whole node, and `{draft.text(left.span)}` is a part of one",
            left.span,
            hint=f"write `{name} = …` for all elements, or draw arrows into `{draft.text(left.span)}`",
        )
        node.broken = True


def _one_header(draft: Draft, tree: t.Tree) -> None:
    headers = [s for s in tree.statements if isinstance(s, t.Header)]
    for second in headers[1:]:
        draft.problems.report(
            "second-header",
            "a diagram has one `flow` line, this is a second",
            second.span,
            notes=(("the first is here", headers[0].span),),
            hint="a file holds one diagram: put the second into a file of its own",
        )
