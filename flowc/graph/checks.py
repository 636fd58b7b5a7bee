"""What must hold of a whole network, and what deserves a warning."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product
from math import prod

from flowc.diagnostics.suggest import and_list
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.evaluation_order import sources_of
from flowc.graph.files.lazy_arrows import weights_of, written
from flowc.graph.files.row_problems import MOST_REPORTED
from flowc.graph.scalar_lines import MOST_COMPARED, doubled, ranges
from flowc.graph.sizes import element_name

DEAD = "its gradient is always 0: use a smooth activation, `logistic`, or the loss `perceptron`, or fix it with `=`"
NO_SLOPE = ("step", "sign", "argmax")  # their derivative is 0 everywhere


def check_arrows(draft: Draft) -> None:
    """Every element of every declared node needs an arrow or an equation, and no line is drawn twice."""
    if not draft.problems.errors:
        _check_content(draft)
    doubled(draft)
    for node in draft.nodes.values():
        if node.broken or node.role in ("input", "target") or node.equation is not None or node.owner:
            continue
        if not node.arrows:
            if node.declared:
                draft.report(
                    node,
                    "no-arrow-in",
                    f"no arrow leads into `{node.name}`, and it has no equation",
                    hint=f"draw one, `x -> {node.name} : 1`, or write `{node.name} = …`",
                )
        elif node.axes:
            _check_elements(draft, node)


def _check_content(draft: Draft) -> None:
    """Something is computed."""
    if not draft.nodes:
        from flowc.source import Span

        start = Span(0, min(1, len(draft.source.text)))
        hint = "begin with `input x`, `output f` and `f = x`"
        draft.problems.report("empty-diagram", "there is nothing in this diagram", start, hint=hint)
    elif all(node.role in ("input", "target") for node in draft.nodes.values()):
        first = next(iter(draft.nodes.values()))
        hint = f"declare an output and draw an arrow to it: `output f` and `{first.name} -> f : 1`"
        draft.report(first, "empty-diagram", "nothing is computed from what is given here", hint=hint)


def _check_elements(draft: Draft, node: DraftNode) -> None:
    shape = tuple(len(a) for a in node.axes or ())
    blocks = [ranges(arrow.target_index, shape) for arrow in node.arrows]
    if any(arrow.target_index == () for arrow in node.arrows) or sum(prod(map(len, b)) for b in blocks) > MOST_COMPARED:
        return
    fed = {element for block in blocks for element in product(*block)}
    count = prod(shape) - len(fed)
    if count:
        missing = islice((e for e in product(*(range(n) for n in shape)) if e not in fed), 4)
        axes = node.axes or ()
        names = [f"{node.name}[{', '.join(element_name(a, k) for a, k in zip(axes, element))}]" for element in missing]
        shown = ", ".join(f"`{name}`" for name in names[:4]) + (f" and {count - 4} more" if count > 4 else "")
        draft.problems.report(
            "no-arrow-in",
            f"no arrow leads into {shown}",
            node.name_span,
            hint=f"every element of `{node.name}` needs one: `x -> {names[0]} : 1`",
        )


def check_targets(draft: Draft, nodes: Iterable[DraftNode]) -> set[str]:
    """The nodes of learning alone: those that depend on a target, and the loss with its parts. No output may."""
    via: dict[str, str] = {}
    for node in nodes:
        if node.role == "target":
            via[node.name] = ""
        if not via or node.role == "target":
            continue
        source = next((s for s in sources_of(node) if s in via), None)
        if source is not None:
            via[node.name] = source
            if node.role == "output":
                _report_target(draft, node, via)
    return set(via) | {
        n.name for n in draft.nodes.values() if n.role == "loss" or (n.owner and n.owner == draft.loss_name)
    }


def _report_target(draft: Draft, node: DraftNode, via: dict[str, str]) -> None:
    path = [node.name]
    while via[path[-1]]:
        path.append(via[path[-1]])
    way = " -> ".join(name for name in reversed(path) if not draft.nodes[name].owner)
    draft.report(
        node,
        "output-of-target",
        f"the output `{node.name}` depends on the target `{path[-1]}`: {way}",
        hint=f"targets are there while learning alone; declare `node {node.name}` if it is for the loss",
    )


def warn(draft: Draft, nodes: list[DraftNode]) -> None:
    """The warnings: what is unused, leads nowhere, depends on nothing, or cannot learn."""
    _unused(draft, nodes)
    _unreachable(draft, nodes)
    _constant_outputs(draft, nodes)
    _cannot_learn(draft, nodes)
    _loss_without_weights(draft, nodes)
    for weight in draft.weights.values():
        if not weight.used:
            draft.problems.warn("unused-weight", f"the weight `{weight.name}` is not used", weight.span)


def _unused(draft: Draft, nodes: list[DraftNode]) -> None:
    used: set[str] = set()
    for node in nodes:
        used.update(sources_of(node))
    for node in nodes:
        if node.role in ("input", "target") and node.name not in used:
            without_loss = node.role == "target" and draft.loss is None
            hint = "compare it with an output: `loss mse(f, y)`" if without_loss else ""
            message = f"the {node.role} `{node.name}` is not used"
            draft.report(node, "unused-input", message, hint=hint, severity="warning")


def _unreachable(draft: Draft, nodes: list[DraftNode]) -> None:
    ends = [n for n in nodes if n.role in ("output", "loss")]
    if not ends:
        draft.problems.warn(
            "no-output",
            "the diagram has no output",
            min((n.name_span for n in nodes), key=lambda s: s.start),
            hint="declare the node whose value is wanted: `output f`",
        )
        return
    reached = {n.name for n in ends}
    for node in reversed(nodes):
        if node.name in reached:
            reached.update(sources_of(node))
    for node in nodes:
        if node.role == "hidden" and not node.owner and node.name not in reached:
            message = f"`{node.name}` leads to no output and not to the loss"
            hint = f"declare it `output {node.name}` if its value is wanted"
            draft.report(node, "unreachable", message, hint=hint, severity="warning")


def _constant_outputs(draft: Draft, nodes: list[DraftNode]) -> None:
    fed: set[str] = set()
    for node in nodes:
        if node.role in ("input", "target") or not fed.isdisjoint(sources_of(node)):
            fed.add(node.name)
        elif node.role == "output":
            message = f"the output `{node.name}` depends on no input: it is constant"
            draft.report(node, "constant-output", message, severity="warning")


def _cannot_learn(draft: Draft, nodes: list[DraftNode]) -> None:
    """Learnt weights all of whose ways to the loss (without one, to the outputs) lead through a step."""
    if not any(weight.learnt for weight in draft.weights.values()):
        return
    ends = [n.name for n in nodes if n.role == "loss"] or [n.name for n in nodes if n.role == "output"]
    alive: set[str] = set(ends)  # a gradient arrives at the node
    open_: set[str] = set()  # ... and passes to its excitation
    wired: set[str] = set(ends)  # an end is reached, with or without a gradient
    for node in reversed(nodes):
        if node.name in wired:
            wired.update(sources_of(node))
        if node.function == "perceptron" and node.name in alive and node.operands[0].node:
            open_.add(node.operands[0].node)
            alive.update(o.node for o in node.operands[1:] if o.node)
        elif node.name in alive and node.function not in NO_SLOPE:
            open_.add(node.name)
        if node.name in open_ and node.function != "perceptron":
            alive.update(sources_of(node))
    learns = {a.weight for n in nodes if n.name in open_ for a in written(n.arrows)}
    blocked: dict[str, DraftNode] = {}
    for node in nodes:
        for arrow in written(node.arrows):
            if arrow.weight and arrow.weight not in learns and node.name in wired:
                blocked.setdefault(arrow.weight, node)
    for name, node in blocked.items():
        if draft.weights[name].learnt:
            step = _step_after(nodes, node)
            weight = draft.weights[name]
            draft.problems.warn(
                "cannot-learn",
                f"the learnt weight `{name}` is behind `{step.name}`, a {step.function}, whose slope is 0 everywhere",
                weight.span,
                hint=DEAD,
            )
    if draft.tables:
        _dead_rows(draft, nodes, open_, wired)


def _loss_without_weights(draft: Draft, nodes: list[DraftNode]) -> None:
    """A loss to which none of the learnt weights leads, although the diagram uses some."""
    if draft.loss is None:
        return
    learnt = [name for name in _weights_into(nodes) if draft.weights[name].learnt]
    leading = {n.name for n in nodes if n.role == "loss"}
    for node in reversed(nodes):
        if node.name in leading:
            leading.update(sources_of(node))
    if not learnt or not _weights_into(n for n in nodes if n.name in leading).keys().isdisjoint(learnt):
        return
    names = and_list(learnt) if len(learnt) < 4 else f"`{learnt[0]}` and {len(learnt) - 1} more"
    draft.problems.warn(
        "loss-without-weights",
        f"the loss depends on no weight that is learnt: {names} {'lead' if len(learnt) > 1 else 'leads'} elsewhere",
        draft.loss.span,
        hint="compare with the target an output that they feed, or fix them with `=`",
    )


def _weights_into(nodes: Iterable[DraftNode]) -> dict[str, None]:
    """The names of the weights on arrows into these nodes."""
    return dict.fromkeys(name for node in nodes for name in weights_of(node.arrows))


def _dead_rows(draft: Draft, nodes: list[DraftNode], open_: set[str], wired: set[str]) -> None:
    """The same of each row of a file: its weights are one vector, of which some may learn."""
    from flowc.graph.files.edge_checks import dead_rows

    for table in draft.tables.values():
        rows = dead_rows(table, open_, wired)
        for row in rows[:MOST_REPORTED]:
            source, target = table.ends(row)
            step = _step_after(nodes, draft.nodes[target])
            what = f"the learnt weight of `{source} -> {target}` is behind `{step.name}`"
            message = f"{what}, a {step.function}, whose slope is 0 everywhere"
            table.listing.report("cannot-learn", int(table.numbers[row]), message, hint=DEAD, severity="warning")
        table.listing.also("cannot-learn", len(rows[MOST_REPORTED:]), "warning")


def _step_after(nodes: list[DraftNode], start: DraftNode) -> DraftNode:
    """The first node on the way from `start` that stops the gradient."""
    reached = {start.name}
    for node in nodes:
        if node is start or reached.intersection(sources_of(node)):
            reached.add(node.name)
            if node.function in NO_SLOPE:
                return node
    return start
