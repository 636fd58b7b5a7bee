"""What the arrows that files list are called, where they learn."""

from __future__ import annotations

from flowc.graph.network import Edges


def arrow_names(edges: Edges) -> list[str]:
    """The names of a file's learnt arrows, as arrows of the text have them: `w_h_x`, `b_h`."""
    ends = zip(edges.targets[edges.learnt].tolist(), edges.sources[edges.learnt].tolist(), strict=True)
    names = [(edges.nodes[target], edges.nodes[source]) for target, source in ends]
    return [f"b_{target}" if source == "1" else f"w_{target}_{source}" for target, source in names]
