"""What holds of every diagram: its graph, its program, the weights that it starts with."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

import flowc
from flowc.pipeline import plan
from flowc.program import verify
from flowc.testing import Diagram
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples


@examples(60)
@given(diagrams())
def test_the_graph(diagram: Diagram) -> None:
    """One graph node for each node of the network, no cycle, and a copy: changing it changes nothing."""
    flow = flowc.loads(diagram.text)
    graph = flow.graph
    names = [n.name for n in flow.network.nodes]
    assert set(graph.nodes) - {"1"} == set(names)
    assert len(names) == len(set(names))
    assert nx.is_directed_acyclic_graph(graph)
    order = {name: i for i, name in enumerate(names)}
    assert all(order[a] < order[b] for a, b, *_ in graph.edges if a != "1")
    for name, shape in diagram.inputs:
        assert graph.nodes[name]["shape"] == shape
        assert graph.in_degree(name) == 0
    graph.clear()
    assert set(flow.graph.nodes) - {"1"} == set(names)


@examples(60)
@given(diagrams())
def test_the_program(diagram: Diagram) -> None:
    """The verifier holds; nothing that needs a target leads to an output; compiling twice gives the same text."""
    network = flowc.loads(diagram.text).network
    program = verify(plan(network))
    assert {s.owner for s in program.inputs} == {name for name, _ in diagram.inputs}
    assert {s.owner for s in program.targets} == {name for name, *_ in diagram.targets}
    assert not set(program.outputs) & program.learning
    first, second = (flowc.loads(diagram.text).compile().source for _ in range(2))
    assert first == second


@examples(30)
@given(diagrams())
def test_initial_weights_are_the_same_everywhere(diagram: Diagram) -> None:
    """Of the API and of the printed file, on both backends; another seed gives others only where they are drawn."""
    flow = flowc.loads(diagram.text)
    nets = {backend: flow.compile(backend=backend, dtype="float64") for backend in ("numpy", "torch")}
    first, other = (net.init(seed=3) for net in nets.values())
    assert list(first) == list(other)
    for name in first:
        np.testing.assert_array_equal(first[name], other[name])
        assert first[name].shape == nets["numpy"].weights[name]
    if first:
        module: dict = {"__name__": "printed"}
        exec(compile(nets["numpy"].source, "<printed>", "exec"), module)
        for value, printed in zip(first.values(), module["initial_weights"](seed=3).values(), strict=True):
            np.testing.assert_array_equal(value, printed)


SAME_BOUNDS = [
    # one text, another that says the same, and which weights of the two are equally wide
    (
        "input x1, x2\noutput f\nx1, x2 -> f : ~\n1 -> f : ~\n",
        "input x1, x2\noutput f\nx1 -> f : ~\n1 -> f : ~\nx2 -> f : ~\n",
        {"w_f_x1": "w_f_x1", "w_f_x2": "w_f_x2", "b_f": "b_f"},
    ),
    (
        "input x[2]\noutput f[3]\nx -> f : ~\n1 -> f : ~\n",
        "input x1, x2\noutput f[3]\nx1, x2 -> f : ~\n1 -> f : ~\n",
        {"W_f_x": "w_f_x1", "b_f": "b_f"},
    ),
    (
        "input x[2], z[3]\noutput f\nx, z -> f : ~\n",
        "input x[2], z[3]\noutput f\nx -> f : ~\nz -> f : ~\n",
        {"w_f_x": "w_f_x", "w_f_z": "w_f_z"},
    ),
    (
        "input x[2]\noutput f\nx -> f : ~\n",
        "input x[2]\noutput f\nx[1] -> f : ~\nx[2] -> f : ~\n",
        {"w_f_x": "w_f_x_1"},
    ),
    (
        "input x1, x2\noutput f\nweight w[2] ~\nx1, x2 -> f : w\n",
        "input x1, x2\noutput f\nweight a, b ~\nf = a*x1 + b*x2\n",
        {"w": "a"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "other", "pairs"), SAME_BOUNDS)
def test_how_it_is_written_does_not_change_the_first_draw(text: str, other: str, pairs: dict[str, str]) -> None:
    """Rule 26: n counts the scalar lines into the node, over all statements; the constant 1 is no line."""
    first, second = ({w.name: w.start for w in flowc.loads(t).network.weights} for t in (text, other))
    for a, b in pairs.items():
        assert first[a].fan_in == second[b].fan_in, (a, first[a], second[b])


def test_the_first_draw_in_numbers() -> None:
    """Uniform in +-1/sqrt(5) for a node that five lines feed."""
    net = flowc.loads("input x[2], z[3]\noutput f\nx -> f : ~\nz -> f : ~\n1 -> f : ~\n").compile()
    draws = np.concatenate([np.ravel(net.init(seed=s)[w]) for s in range(200) for w in net.weights])
    assert np.max(np.abs(draws)) <= 1 / np.sqrt(5)
    assert np.max(np.abs(draws)) > 0.99 / np.sqrt(5)
