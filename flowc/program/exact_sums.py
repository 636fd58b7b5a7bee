"""Where the order of a sum decides nothing: before thresholds, sums that are exact however they are added."""

from __future__ import annotations

from collections.abc import Iterable

from flowc.graph.files.lazy_arrows import source_names
from flowc.graph.network import Draw, Network, Node, Numbers, Table, Weight
from flowc.maths.functions import lookup

GRID = 16.0  # numbers that are exact here are multiples of 1/16 ...
LARGEST = 1024.0  # ... and smaller than this;
TOTAL = 2.0**24 / GRID**2  # a sum of products that cannot exceed this is exact in float32, too


def inexact(network: Network) -> set[str]:
    """The nodes that a threshold follows, near or far, and whose sums may round."""
    following = before_thresholds(network)
    if not following:
        return set()
    bounds = {"1": 1.0, **_of_data(network)}
    weights = {w.name: w for w in network.weights}
    names = set()
    for node in network.nodes:
        if node.name not in following or node.role == "input":
            continue
        if not _is_exact(node, bounds, weights):
            names.add(node.name)
        elif jumps(node):
            bounds[node.name] = 1.0
    return names


def before_thresholds(network: Network) -> set[str]:
    """The nodes whose values decide on which side of a threshold something falls, and those with a threshold."""
    names: set[str] = set()
    for node in reversed(network.nodes):
        if jumps(node) or node.name in names:
            names |= {node.name, *source_names(node.arrows), *(o.node for o in node.operands if o.node)}
    return names


def jumps(node: Node) -> bool:
    """A value, or a part that gets the gradient, that jumps: step, sign, argmax, max, min."""
    function = lookup(node.function)
    assert function is not None, node.function
    return function.jumps


def _is_exact(node: Node, bounds: dict[str, float], weights: dict[str, Weight]) -> bool:
    """All lines are products of short numbers, and their sum cannot become large."""
    total = 0.0
    for arrow in node.arrows:
        weight = _fixed_number(arrow.weight, weights)
        factor = arrow.coefficient * (weight or 0.0)
        factor *= 1.0 if arrow.literal is None or isinstance(arrow.literal, tuple) else arrow.literal
        if weight is None or isinstance(arrow.literal, tuple) or arrow.source not in bounds or not is_short(factor):
            return False
        total += abs(factor) * bounds[arrow.source]
    return not node.operands and total <= TOTAL


def _fixed_number(name: str | None, weights: dict[str, Weight]) -> float | None:
    """A weight that is one number and stays so; without a weight 1."""
    if name is None:
        return 1.0
    weight = weights[name]
    return None if weight.learnt or isinstance(weight.start, (Draw, tuple)) else weight.start


def _of_data(network: Network) -> dict[str, float]:
    """How large the inputs get whose numbers in the diagram's own tables are all short; without a file beside them."""
    if not network.data or not all(isinstance(part, Table) for part in network.data):
        return {}
    tables = [{v.node: list(_flat_numbers(v.rows)) for v in t.values} for t in network.data if isinstance(t, Table)]
    inputs = [n.name for n in network.nodes if n.role == "input"]
    tabled = [n for n in inputs if all(n in table and all(map(is_short, table[n])) for table in tables)]
    return {n: max((abs(x) for table in tables for x in table[n]), default=0.0) for n in tabled}


def _flat_numbers(numbers: Numbers) -> Iterable[float]:
    if not isinstance(numbers, tuple):
        yield float(numbers)
        return
    for some in numbers:
        yield from _flat_numbers(some)


def is_short(number: float) -> bool:
    """A multiple of 1/16 below 1024: products and sums of such numbers do not round."""
    return abs(number) < LARGEST and number * GRID == int(number * GRID)
