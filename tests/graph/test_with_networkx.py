"""The checks of the graph room against networkx, on random diagrams and on the examples."""

import random
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest

from flowc.doors.cli.diagram_files import beside
from flowc.graph.to_networkx import as_networkx
from tests.graph.reading import codes, network, problems

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))


def a_diagram(seed: int, cycles: bool) -> tuple[str, nx.DiGraph]:
    """A text of random arrows between scalars, and the same arrows."""
    numbers = random.Random(seed)
    inputs, hidden, outputs = ["x1", "x2"], [f"h{k}" for k in range(8)], ["f1", "f2"]
    order = inputs + hidden + outputs
    graph = nx.DiGraph()
    graph.add_nodes_from(order)
    for target in hidden + outputs:
        others = hidden if cycles else order[: order.index(target)]
        graph.add_edges_from((source, target) for source in numbers.sample(others, min(2, len(others))))
    lines = [f"input {', '.join(inputs)}", f"node {', '.join(hidden)} : tanh", f"output {', '.join(outputs)}"]
    arrows = [f"{source} -> {target} : 1" for source, target in graph.edges]
    numbers.shuffle(arrows)
    return "\n".join(lines + arrows) + "\n", graph


@pytest.mark.parametrize("seed", range(30))
def test_cycles(seed: int) -> None:
    text, graph = a_diagram(seed, cycles=True)
    knots = [k for k in nx.strongly_connected_components(graph) if len(k) > 1 or graph.has_edge(*list(k) * 2)]
    found = [p for p in problems(text) if p.code == "cycle"]
    assert knots and len(found) == len(knots)
    for problem in found:
        path = problem.message.split(": ")[-1].replace(" needs itself", "").strip("`").split(" -> ")
        assert any(set(path) <= knot for knot in knots)
        assert all(graph.has_edge(*edge) for edge in pairwise(path))


@pytest.mark.parametrize("seed", range(30))
def test_the_order_and_what_leads_nowhere(seed: int) -> None:
    text, graph = a_diagram(seed, cycles=False)
    view = as_networkx(network(text))
    assert set(view.edges(keys=False)) == set(graph.edges)
    place = {name: k for k, name in enumerate(view)}
    assert all(place[source] < place[target] for source, target in graph.edges)
    useful = set().union(*(nx.ancestors(graph, f) for f in ("f1", "f2")))
    unused = [n for n in ("x1", "x2") if not graph.out_degree(n)]
    lost = [n for n in graph if n.startswith("h") and n not in useful]
    assert codes(text).count("unreachable") == len(lost)
    assert codes(text).count("unused-input") == len(unused)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples(path: Path) -> None:
    net = network(path.read_text(encoding="utf-8"), files=beside(str(path)))
    graph = as_networkx(net)
    assert nx.is_directed_acyclic_graph(graph)
    assert [n for n in graph if n != "1"] == [n.name for n in net.nodes]
    outputs = [n for n, data in graph.nodes(data=True) if data["role"] in ("output", "loss")]
    assert set(graph) == set(outputs).union(*(nx.ancestors(graph, n) for n in outputs))
