"""What the nodes and arrows of an expression are: a sum, a list, a product, a weight alone."""

from __future__ import annotations

from itertools import groupby

from flowc.graph.network import Arrow, Node


def is_sum(node: Node) -> bool:
    return not node.operands and node.function == "identity" and not is_list(node)


def is_list(node: Node) -> bool:
    """Whether each element is a sum of its own, in their order, as in `[a, b + c]`."""
    if node.operands or node.function != "identity" or len(node.axes) != 1:
        return False
    places = [arrow.target_index for arrow in node.arrows]
    return [place for place, _ in groupby(places)] == [(k,) for k in range(len(node.axes[0]))]


def is_product(node: Node) -> bool:
    return node.function == "product" and len(node.operands) > 1


def is_inverse(node: Node) -> bool:
    """`1/x`"""
    return node.function == "quotient" and node.operands[0].node is None and node.operands[0].number == 1


def is_weight(node: Node) -> bool:
    """Whether the sum is a weight, or a row of numbers, alone."""
    (first, *rest) = node.arrows
    return not rest and first.source == "1" and has_array(first) and first.coefficient == 1


def is_bare(arrow: Arrow) -> bool:
    return arrow.source != "1" and arrow.coefficient == 1 and not has_array(arrow) and known_letters(arrow)


def has_array(arrow: Arrow) -> bool:
    return arrow.weight is not None or arrow.literal is not None


def has_arrays(node: Node) -> bool:
    return any(has_array(arrow) for arrow in node.arrows)


def known_letters(arrow: Arrow) -> bool:
    """Whether no axis of the target repeats the value."""
    return not arrow.spec.repeated


def contracts(arrow: Arrow) -> bool:
    """Whether elements of the source are added up."""
    return None in arrow.spec.ties


def splits(node: Node) -> bool:
    """Whether a product takes the sum apart: one term, whose number and weight leave it (`graph/products`)."""
    (first, *rest) = node.arrows
    if rest or first.source == "1" or contracts(first) or not known_letters(first):
        return False
    source, _ = first.spec.letters
    return set(first.spec.target) <= set(source) or not source


def after(source: str, target: str, letters: str) -> str:
    """The axes of a weight before `@`: those of the result, then the one that is summed."""
    summed = "".join(c for c in source if c not in target)
    return "".join(c for c in target if c in letters) + summed
