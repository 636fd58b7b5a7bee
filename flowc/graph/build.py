"""The network of a tree: names, then sizes, then nodes and arrows, then everything that must hold."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.error import FlowError
from flowc.graph import checks
from flowc.graph.arrows import read_arrows
from flowc.graph.calls import declare_activation
from flowc.graph.comments import Comments
from flowc.graph.data_statement import read_data
from flowc.graph.draft import Draft, DraftNode, DraftWeight
from flowc.graph.equations import read_equations
from flowc.graph.evaluation_order import ordered, report_cycles, span_of, written_edges
from flowc.graph.fan_in import count_fans
from flowc.graph.files.access import Files
from flowc.graph.files.lazy_arrows import weights_of
from flowc.graph.loss_statement import read_loss
from flowc.graph.namespace import read_names
from flowc.graph.network import Draw, Network, Node, Weight
from flowc.graph.train_statement import read_training
from flowc.graph.weight_starts import declared_starts
from flowc.source import NOWHERE, Source, Span
from flowc.syntax import tree as t


def build(
    tree: t.Tree, source: Source, settings: Mapping[str, int] | None = None, files: Files | None = None
) -> tuple[Network, tuple[Diagnostic, ...]]:
    """The network that a tree means, and the warnings.

    `settings` change counted indices: `{"D": 5}` for `index D = 4`. `files` gives the bytes of a file that the text
    names. Raises FlowError with every problem of the diagram, warnings among them, in the order of the text.
    """
    draft = Draft(source, files)
    read_names(draft, tree, settings or {}, _read_nodes)
    _read_edges(draft, tree)
    for node in list(draft.nodes.values()):
        if node.activation is not None:
            declare_activation(draft, node)
    declared_starts(draft, tree)
    cyclic = report_cycles(draft, written_edges(draft, tree))
    read_equations(draft, tree)
    read_arrows(draft, tree)
    read_loss(draft)
    for name in draft.merged:
        draft.nodes.pop(name, None)
    checks.check_arrows(draft)
    nodes = ordered(draft) if not cyclic else list(draft.nodes.values())
    learning = checks.check_targets(draft, nodes)
    data = read_data(draft, tree, lambda place: _fits_unset(tree, source, files, place))
    train = read_training(draft, tree)
    if not draft.problems.errors:
        checks.warn(draft, nodes)
        count_fans(draft)
    problems = _sorted_problems(draft)
    if draft.problems.errors:
        raise FlowError(source, problems)
    header = _find_header(draft, tree)
    comments = Comments(tree, source)
    lists = {listing.span for listing in draft.listings}
    name, title = (header.name, header.title) if header else (source.file_name.removesuffix(".flow") or "flow", None)
    network = Network(
        name,
        title,
        source,
        tuple(_finished_node(node, learning, comments, lists) for node in nodes),
        tuple(_finished_weight(weight) for weight in _in_order(draft, nodes)),
        draft.loss_name,
        data,
        train,
        comments.header(),
        tuple(table.edges for table in draft.tables.values()),
    )
    return network, problems


def _fits_unset(tree: t.Tree, source: Source, files: Files | None, place: Span) -> bool:
    """Whether nothing is wrong within a place where no index is set."""
    try:
        build(tree, source, None, files)
    except FlowError as error:
        return not any(place.start <= d.span.start < place.end for d in error.diagnostics if d.severity == "error")
    return True


def _read_nodes(draft: Draft, statement: t.NodesFile) -> None:
    """Declare those of a file."""
    from flowc.graph.files.nodes import read_nodes

    read_nodes(draft, statement)


def _read_edges(draft: Draft, tree: t.Tree) -> None:
    """Read the columns of files of edges. Raises FlowError where a part of a file is hidden: what follows would mislead."""
    for statement in tree.statements:
        if isinstance(statement, t.EdgesFile):
            from flowc.graph.files.edges import read_edges

            read_edges(draft, statement)
    if any(listing.malformed for listing in draft.listings):
        raise FlowError(draft.source, _sorted_problems(draft))


def _sorted_problems(draft: Draft) -> tuple[Diagnostic, ...]:
    for listing in draft.listings:
        listing.close()
    return tuple(sorted(draft.problems.found, key=lambda p: (p.span.start, p.severity == "warning")))


def _find_header(draft: Draft, tree: t.Tree) -> t.Header | None:
    return next((s for s in tree.statements if isinstance(s, t.Header)), None)


def _finished_node(node: DraftNode, learning: set[str], comments: Comments, lists: set[Span]) -> Node:
    span = span_of(node)
    excitation = node.excitation
    alone = not node.owner and span not in lists  # the comment of a file is not that of each of its nodes
    return Node(
        node.name,
        node.role,
        node.axes or (),
        node.function,
        node.parameters,
        tuple(node.arrows) if isinstance(node.arrows, list) else node.arrows,
        node.operands,
        excitation.left.name if excitation else None,
        node.owner is not None,
        node.owner,
        node.label,
        node.name in learning,
        span,
        comments.after(span) if alone else None,
        excitation.span if excitation else NOWHERE,
        comments.after(excitation.span) if excitation else None,
    )


def _in_order(draft: Draft, nodes: list[DraftNode]) -> list[DraftWeight]:
    """The weights as evaluation meets them, node by node; at the end those without use, by place in the text."""
    used = dict.fromkeys(name for node in nodes for name in weights_of(node.arrows))
    by_place = sorted(draft.weights.values(), key=lambda w: w.span.start)
    return [draft.weights[name] for name in dict.fromkeys([*used, *(w.name for w in by_place)])]


def _finished_weight(weight: DraftWeight) -> Weight:
    start = weight.start
    if start is None:
        start = Draw("default")
    if isinstance(start, Draw):
        start = Draw(start.initialiser, start.parameters, weight.fan_in, weight.fan_out)
    shape = tuple(len(a) for a in weight.axes or ())
    return Weight(weight.name, shape, weight.learnt, start, weight.declared, weight.span, weight.axes or (), weight.label)
