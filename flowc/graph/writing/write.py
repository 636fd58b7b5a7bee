"""A network as its canonical text, the inverse of `graph/build`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flowc.diagnostics.error import FlowError
from flowc.graph.build import build
from flowc.graph.constants import canonical
from flowc.graph.equality import differences
from flowc.graph.files.lazy_arrows import Mixed, Rows, source_names, weights_of
from flowc.graph.network import Arrow, Axis, Network, Node
from flowc.graph.writing import datasets, declaring, listed
from flowc.graph.writing.body import Body, Written
from flowc.graph.writing.declaring import comment_of, in_quotes
from flowc.graph.writing.joining import Fed, join_neighbours, statements_into
from flowc.graph.writing.lines import Line, left_axes, start_of
from flowc.graph.writing.problem import NoText
from flowc.graph.writing.tiling import join_blocks
from flowc.source import Source
from flowc.syntax.names import free, is_name


def write(network: Network) -> str:
    """The text that means the network, in canonical form; made of the network alone, whatever text it comes from.

    It is read again before it is given. Raises NoText, a ValueError, with a sentence where no text means the network.
    """
    _check_names(network)
    try:
        return _text_of(network, True)
    except NoText:
        return _text_of(network, False)


def _text_of(network: Network, share: bool) -> str:
    """`share`: lines between lists may share a weight, which now and then stands in the way of others."""
    from flowc.syntax.format import format_source
    from flowc.syntax.parser import parse

    rough = "\n\n".join("\n".join(section) for section in _text_sections(network, share) if section) + "\n"
    try:
        text = format_source(Source(network.source.name, rough), canonical)
        source = Source(network.source.name, text)
        again, _ = build(parse(source), source, files=listed.edges_files(network))
    except FlowError as error:
        raise NoText(f"no text means {network.name}: {error.diagnostics[0].message}") from None
    if difference := next(differences(network, again), None):
        raise NoText(f"no text means {network.name}; of what was tried, {difference}")
    return text


def _check_names(network: Network) -> None:
    """Raises NoText where a network made in code names what it does not have, or arrows do not fit."""
    axes: dict[str, tuple[Axis, ...]] = {"1": (), **{n.name: n.axes for n in network.nodes}}
    nodes, weights = {*axes}, {w.name for w in network.weights}
    for node in network.nodes:
        named = [*source_names(node.arrows), *(o.node for o in node.operands if o.node), *([node.owner] if node.owner else [])]
        for kind, declared, names in (("node", nodes, named), ("weight", weights, weights_of(node.arrows))):
            if lost := next((name for name in names if name not in declared), None):
                raise NoText(f"`{node.name}` needs the {kind} `{lost}`, which the network does not have")
        for arrow in () if isinstance(node.arrows, (Rows, Mixed)) else node.arrows:
            _check_letters(node, arrow, axes)


def _check_letters(node: Node, arrow: Arrow, axes: dict[str, tuple[Axis, ...]]) -> None:
    """Raises NoText where an arrow has not a letter for each axis that its indices leave."""
    source, target = arrow.spec.operands[0], arrow.spec.result
    ends = ((source, arrow.source_index, axes[arrow.source]), (target, arrow.target_index, node.axes))
    if any(len(forms) != len(left_axes(index, its)) for forms, index, its in ends):
        raise NoText(f"the arrow `{arrow.source} -> {node.name}` has other axes than its `{arrow.spec}`")


def _text_sections(network: Network, share: bool = True) -> Iterator[list[str]]:
    """The statements in their order, those between blank lines together."""
    body = Body(network)
    written = list(body.written_nodes())
    nodes = [entry.node for entry in written if entry.declared]
    hidden, outputs = [n for n in nodes if n.role == "hidden"], [n for n in nodes if n.role == "output"]
    place = {node.name: k for k, node in enumerate((*hidden, *outputs))}
    if share:
        written = join_blocks(written, body.weights, {node.name: node.axes for node in network.nodes}, place)
    lines_by_weight = body.weights_of_lines(written)
    leading = _leading_inputs(network)
    yield [*(f"# {comment}".rstrip() for comment in network.header_comments), *_header_line(network)]
    equations = {entry.node.name for entry in written if entry.equation is not None}
    rows = {edges.weight for edges in network.edges}
    weights = [w for w in network.weights if w.declared and w.name not in lines_by_weight and w.name not in rows]
    yield [
        *declaring.indices(network),
        *declaring.nodes(leading, lambda node: False),
        *declaring.nodes((*hidden, *outputs), lambda node: node.name not in equations),
        *declaring.weights(weights),
    ]
    statements = list(_write_statements(network, leading, [_with_starts(body, entry, lines_by_weight) for entry in written], place))
    loss = network.loss is not None and statements and statements[-1].startswith("loss ")
    yield statements[:-1] if loss else statements
    data = [datasets.data(network, dataset) for dataset in network.data]
    train = [datasets.training(network.train)] if network.train else []
    apart = any("\n" in text for text in data)
    last = statements[-1:] if loss else []
    yield from (last, [*data, *train]) if apart else ([*last, *data, *train],)


def _header_line(network: Network) -> Iterator[str]:
    """The diagram's name; without a title it may be that of its file, and then be no name of the language."""
    title = "" if network.title is None else f" {in_quotes(network.title)}"
    if is_name(network.name):
        yield f"flow {network.name}{title}"
    elif title:
        raise NoText(f"`{network.name}` is no name for a diagram")


def _leading_inputs(network: Network) -> list[Node]:
    """The inputs and targets that stand before everything computed."""
    computed = next((k for k, n in enumerate(network.nodes) if n.role not in ("input", "target")), len(network.nodes))
    return list(network.nodes[:computed])


def _with_starts(body: Body, each: Written, made: dict[str, Line]) -> Written:
    """The node's lines, with the starts of the weights that they make."""

    def of(line: Line) -> Line:
        first = made.get(line.makes or "")
        if first is None or first is not line and (line.block is None or line.block != first.block):
            return line
        start = start_of(body.weights[str(line.makes)])
        return replace(line, carried=f"{line.making} {start}", chains=False)

    return replace(each, lines=tuple(map(of, each.lines)))


# ------------------------------------------------------------------ statements


def _write_statements(network: Network, given: Sequence[Node], written: Sequence[Written], place: dict[str, int]) -> Iterator[str]:
    """Everything that computes, in the order of evaluation; with it the inputs and targets that come late, and the files of arrows."""
    by_name = {entry.node.name: entry for entry in written}
    leading = {node.name for node in given}
    nodes = {node.name: node for node in network.nodes}
    waiting: list[Fed] = []
    for statement in listed.statement_order(network):
        entry = by_name.get(statement) if isinstance(statement, str) else None
        if entry is not None and entry.equation is None:
            waiting.append(statements_into(entry.node.name, entry.lines, entry.node.comment))
            continue
        if statement in leading:
            continue
        yield from _arrow_statements(waiting, place)
        waiting = []
        if isinstance(statement, int):
            yield f"edges {in_quotes(network.edges[statement].path)}"
        elif entry is not None:
            yield from _equation_lines(network, entry)
        else:
            yield from declaring.nodes([nodes[statement]], lambda node: False)
    yield from _arrow_statements(waiting, place)
    late = [statements_into(entry.node.name, entry.after, None) for entry in written if entry.after]
    yield from (str(statement) for fed in late for statement in fed.statements)


def _equation_lines(network: Network, each: Written) -> Iterator[str]:
    node = each.node
    behind = comment_of(node.comment)
    if each.excitation:
        yield each.excitation + comment_of(node.excitation_comment)
    if node.role == "loss":
        yield f"loss {_loss_text(network, node, each.equation or '')}{behind}"
    else:
        yield f"{each.equation}{behind}"


def _loss_text(network: Network, node: Node, expression: str) -> str:
    """The loss, with its name where the text needs one."""
    names = {n.name for n in network.nodes if n is not node and not n.anonymous}
    names |= {w.name for w in network.weights if w.declared} | {a.index for n in network.nodes for a in n.axes if a.index}
    if node.name != free("loss", names):
        return f"{node.name} = {expression}"
    return f"({expression})" if expression.startswith("[") else expression


def _arrow_statements(waiting: Sequence[Fed], place: dict[str, int]) -> Iterator[str]:
    yield from (str(statement) for fed in join_neighbours(waiting, place) for statement in fed.statements)
