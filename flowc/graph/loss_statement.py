"""The `loss` statement, and the node it makes."""

from __future__ import annotations

from flowc.graph.calls import reader_of
from flowc.graph.draft import Draft, DraftNode
from flowc.graph.equations import define


def read_loss(draft: Draft) -> None:
    """Build the loss node, and its anonymous nodes, from the `loss` statement."""
    statement = draft.loss
    if statement is None or draft.loss_name is None:
        return
    reader = reader_of(draft, draft.loss_name, learning=True)
    node = DraftNode(draft.loss_name, "loss", (), statement.name_span or statement.span, span=statement.span)
    node.equation = statement
    define(reader, node, statement.expression)
    draft.nodes[node.name] = node
    if not node.broken:
        _check_sse(draft, node, reader.made)


def _check_sse(draft: Draft, loss: DraftNode, made: list[DraftNode]) -> None:
    """`sse` adds up over the batch, so only sums and factors may follow it."""
    summed = {node.name for node in made if node.function == "sse"}
    for node in (*made, loss):
        reads = [o.node for o in node.operands] + [a.source for a in node.arrows]
        if not summed.intersection(reads):
            continue
        if node.function == "identity" and not node.operands:
            if node is not loss:
                summed.add(node.name)
            continue
        draft.problems.report(
            "sse-inside",
            f"`sse` adds up over the batch, so it cannot stand inside {_describe_operation(node.function)}",
            node.span if node is not loss else loss.span,
            hint="use `mse` there, or take the function of the whole away",
        )
        return


def _describe_operation(function: str) -> str:
    return {"product": "a product of nodes", "quotient": "a quotient", "power": "a power"}.get(
        function, f"`{function}`"
    )
