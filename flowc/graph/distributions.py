"""Targets that are distributions: of cross_entropy numbers from 0 on that sum to 1, of binary_cross_entropy from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.graph.draft import DraftNode
from flowc.graph.network import Node

LOSSES = ("cross_entropy", "binary_cross_entropy")
CLOSE = 1e-5  # how far shares may be from 1 in sum: float32 data are


def distributions(nodes: Iterable[DraftNode | Node]) -> dict[str, str]:
    """The nodes that such a loss takes for its target, each with the loss."""
    losses: dict[str, str] = {}
    for node in nodes:
        target = node.operands[-1] if node.function in LOSSES else None
        if target is not None and target.node and not target.index:
            losses.setdefault(target.node, node.function)
    return losses


def complaint(name: str, loss: str, numbers: Sequence[float]) -> str:
    """What is wrong with one distribution; "" if nothing is."""
    wrong = next((v for v in numbers if v < 0 or loss == "binary_cross_entropy" and v > 1), None)
    if wrong is None and (loss == "binary_cross_entropy" or abs(sum(numbers) - 1) <= CLOSE):
        return ""
    reason = f"is {wrong:g}" if wrong is not None else f"sums to {sum(numbers):g}"
    needs = "numbers from 0 to 1" if loss == "binary_cross_entropy" else "a class, or numbers from 0 on that sum to 1"
    return f"the target `{name}` of {loss} {reason}; it needs {needs}"
