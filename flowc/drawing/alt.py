"""A picture in words: one sentence, and all that stands in it, for those who do not see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import prod

from flowc.diagnostics.suggest import joined_by_and
from flowc.drawing.captions import Equation
from flowc.drawing.columns import columns, shown
from flowc.drawing.diagram import Arrow, Bias, Circle, Diagram
from flowc.drawing.label import Label
from flowc.drawing.state import State
from flowc.graph.network import Network, Node, Weight
from flowc.graph.scalar_lines import count_lines
from flowc.program.batch_loss import belongs_to_loss

MOST = 60  # circles, or arrows, that a description lists


def sentence(network: Network, state: State) -> str:
    """`The exclusive or of two bits: a network of 2 inputs, a layer of 2 step nodes and 1 output (step); 6 weights and 3 biases.`"""
    nodes = [n for n in shown(network, loss=False) if not belongs_to_loss(network, n)]
    layers = [_describe_layer([n for n in column if n.role == "hidden"]) for column in columns(network, nodes)]
    parts = [_spell_count(_count_elements(nodes, "input"), "input"), *(layer for layer in layers if layer), _describe_outputs(nodes)]
    text = f"{network.title or network.name}: a network of {joined_by_and([p for p in parts if p])}; {_count_arrows(network, nodes)}"
    return text + (f", {state.says}" if state.says else "") + "."


def of_step(step: int, count: int, equations: Sequence[Equation]) -> str:
    """`Step 2 of 4: ξ₁ = 0.5 − x₁ = 0.5 − 1 = −0.5; h₁ = step(ξ₁) = step(−0.5) = 0.`"""
    computed = "; ".join(equation.text for equation in equations[:MOST])
    return f"Step {step + 1} of {count}" + (f": {computed}." if computed else ".")


def _count_elements(nodes: Sequence[Node], role: str) -> int:
    return sum(prod(n.shape) for n in nodes if n.role == role)


def _describe_layer(nodes: Sequence[Node]) -> str:
    if not nodes:
        return ""
    count = sum(prod(n.shape) for n in nodes)
    kinds = Counter(n.function for n in nodes)
    kind = f"{next(iter(kinds))} " if len(kinds) == 1 else ""
    return f"a layer of {count} {kind}node{'s' if count > 1 else ''}"


def _describe_outputs(nodes: Sequence[Node]) -> str:
    kinds = list(dict.fromkeys(n.function for n in nodes if n.role == "output" and n.function != "identity"))
    return _spell_count(_count_elements(nodes, "output"), "output") + (f" ({', '.join(kinds)})" if kinds else "")


def _count_arrows(network: Network, nodes: Sequence[Node]) -> str:
    every = {n.name: n for n in network.nodes}
    lines = Counter[str]()
    for node in nodes:
        for arrow in node.arrows:
            kind = "bias" if arrow.source == "1" else "weight"
            lines[kind] += prod(count_lines(arrow, every.get(arrow.source), node))
    return f"{_spell_count(lines['weight'], 'weight')} and {_spell_count(lines['bias'], 'bias')}"


def _spell_count(count: int, what: str) -> str:
    return f"{count or 'no'} {what if count == 1 else 'biases' if what == 'bias' else what + 's'}"


def description(network: Network, diagram: Diagram, state: State, weights: Sequence[Weight]) -> str:
    """What each circle is, with its numbers, and what each arrow carries. `weights`: those whose labels may be said."""
    labelled_parts: list[Node | Weight] = [*network.nodes, *weights]
    labels = [f"{n.name} is labelled: {n.label}." for n in labelled_parts if n.label]
    circles = [_describe_circle(c, state) for c in diagram.circles()]
    arrows = [f"{diagram.name_of(a.source)} to {diagram.name_of(a.target)}{labelled(a)}" for a in diagram.arrows]
    biases = [f"bias of {diagram.name_of(b.target)}{labelled(b)}" for b in diagram.biases]
    return " ".join([_list_some("Nodes", circles), _list_some("Arrows", [*arrows, *biases]), *labels, *(f"{n}." for n in diagram.notes)])


def _list_some(what: str, items: Sequence[str]) -> str:
    rest = [f"and {len(items) - MOST} more"] if len(items) > MOST else []
    return f"{what}: {'; '.join([*items[:MOST], *rest])}."


def _describe_circle(circle: Circle, state: State) -> str:
    above, below = state.circles.get(circle.key, (None, None))
    numbers = [n.text if isinstance(n, Label) else f"{n:.4g}" for n in (above, below) if n is not None]
    return circle.says + (f" = {', '.join(numbers)}" if numbers else "")


def labelled(what: Arrow | Bias) -> str:
    return f": {what.label.text}" if what.label is not None else ""
