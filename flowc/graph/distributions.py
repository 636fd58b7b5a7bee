"""Targets that are distributions: shares of classes, from 0 on, that sum to 1; and probabilities, from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.graph.draft import DraftNode
from flowc.graph.network import Node
from flowc.maths.function import Targets
from flowc.maths.functions import lookup

CLOSE = 1e-5  # how far shares may be from 1 in sum: float32 data are


def distributions(nodes: Iterable[DraftNode | Node]) -> dict[str, str]:
    """The nodes that such a loss takes for its target, each with the loss."""
    losses: dict[str, str] = {}
    for node in nodes:
        target = node.operands[-1] if targets_of(node.function) in ("distribution", "probability") else None
        if target is not None and target.node and not target.index:
            losses.setdefault(target.node, node.function)
    return losses


def targets_of(loss: str) -> Targets:
    """What a loss compares with; "number" for any other function."""
    record = lookup(loss)
    return record.targets if record else "number"


def complaint(name: str, loss: str, numbers: Sequence[float]) -> str:
    """What is wrong with one distribution; "" if nothing is."""
    binary = targets_of(loss) == "probability"
    wrong = next((v for v in numbers if v < 0 or binary and v > 1), None)
    if wrong is None and (binary or abs(sum(numbers) - 1) <= CLOSE):
        return ""
    reason = f"is {wrong:g}" if wrong is not None else f"sums to {sum(numbers):g}"
    needs = "numbers from 0 to 1" if binary else "a class, or numbers from 0 on that sum to 1"
    return f"the target `{name}` of {loss} {reason}; it needs {needs}"
