"""The network as a whole: warnings, spans, comments, the view for networkx, and many lines at once."""

import random

import networkx as nx
import pytest

from flowc.graph.to_networkx import as_networkx
from tests.graph.reading import codes, network, problems


def test_the_step_warning_exempts_the_perceptron() -> None:
    base = "input x[2]\ntarget y\noutput f : step\nx -> f : ~\nloss {}\n"
    assert codes(base.format("perceptron(f, y)")) == []
    assert codes(base.format("mse(f, y)")) == ["cannot-learn"]
    assert codes("input x[2]\noutput f : step\nx -> f : ~\n") == ["cannot-learn"]


def test_a_weight_with_another_way_can_learn() -> None:
    text = (
        "input x\ntarget y\nnode h : step\noutput f\nweight w ~ 1\nx -> h : w\nx -> f : w\nh -> f : 1\nloss mse(f, y)\n"
    )
    assert codes(text) == []


def test_fixed_weights_behind_a_step_are_fine() -> None:
    assert codes("input x\nnode h : step\noutput f\nx -> h : w = 2\nh -> f : ~\n") == []


def test_warnings_do_not_stop() -> None:
    assert codes("input x, z\noutput f, g\nweight w ~ 0\nh = tanh(x)\nf = x\ng = 1\n") == [
        "unused-input", "constant-output", "unused-weight", "unreachable",
    ]  # fmt: skip


def test_problems_come_in_the_order_of_the_text() -> None:
    found = problems("output f\nf = q + r\ninput x : tanh\nx -> f : w\n")
    assert [p.span.start for p in found] == sorted(p.span.start for p in found)
    assert len(found) == 5


def test_comments_go_along() -> None:
    net = network(
        "# about the file\n# in two lines\n\ninput x  # read\noutput f  # the result\n\nx -> f : 2  # twice\n1 -> f : 3\n"
    )
    assert net.header_comments == ("about the file", "in two lines")
    assert [n.comment for n in net.nodes] == ["read", "twice"]


def test_a_comment_belongs_to_the_last_statement_of_its_line() -> None:
    net = network("input x\noutput f\nz = 2*x ; f = 3*z  # thrice\n")
    assert [net.node(name).comment for name in ("x", "z", "f")] == [None, None, "thrice"]


def test_spans_of_arrows_are_their_statements() -> None:
    text = "input x, z\noutput f\nx -> f : 2\nx, z -> g : ~\noutput g\n"
    net = network(text)
    arrow, other = net.node("f").arrows[0], net.node("g").arrows[1]
    assert text[arrow.span.start : arrow.span.end] == "x -> f : 2"
    assert text[other.span.start : other.span.end] == "x, z -> g : ~"
    assert net.node("f").span == arrow.span


def test_the_view() -> None:
    graph = as_networkx(
        network("flow demo\ninput x[2]\noutput f\nweight w[2] ~ 0\nf = tanh(w @ x + 0.5) + x[1]*x[2]\n")
    )
    assert isinstance(graph, nx.MultiDiGraph) and graph.graph["name"] == "demo"
    assert list(graph) == ["1", "x", "f_1", "f_2", "f"]
    assert graph.nodes["x"]["role"] == "input" and graph.nodes["x"]["shape"] == (2,)
    assert graph.nodes["f_1"]["anonymous"] and graph.nodes["f_1"]["function"] == "tanh"
    assert graph.number_of_edges("x", "f_2") == 2
    assert [d["weight"] for _, _, d in graph.edges("x", data=True)] == ["w", None, None]
    assert graph.edges["1", "f_1", 0]["coefficient"] == 0.5
    assert nx.is_directed_acyclic_graph(graph)


def test_the_view_leaves_out_an_unused_constant() -> None:
    assert "1" not in as_networkx(network("input x\noutput f\nx -> f : 2\n"))


def test_hundred_thousand_lines() -> None:
    numbers = random.Random(0)
    lines = [
        "input " + ", ".join(f"x{k}" for k in range(100)),
        "node " + ", ".join(f"h{k}" for k in range(5000)),
        "output f",
    ]
    for k in range(5000):
        pool = [f"x{j}" for j in range(100)] + [f"h{j}" for j in range(max(0, k - 300), k)]
        lines += [f"{source} -> h{k} : {numbers.random():.3f}" for source in numbers.sample(pool, 20)]
    lines += [f"h{k} -> f : 1" for k in range(5000)]
    net = network("\n".join(lines))
    assert len(net.nodes) == 5101 and sum(len(n.arrows) for n in net.nodes) == 105_000


@pytest.mark.parametrize("settings", [{"D": 0}, {"D": -3}, {"c": 3}, {"nothing": 3}])
def test_wrong_settings(settings: dict[str, int]) -> None:
    text = "index D = 3, c = cat, dog\ninput x[D], z[c]\noutput f\nx, z -> f : ~\n"
    assert codes(text, D=5) == []
    assert codes(text, **settings) in (["unknown-index"], ["empty-range"])


LOSS = "input x\ntarget y\noutput f\n"


@pytest.mark.parametrize("text", [
    "weight w ~ 1\nf = w*x\nloss mse(f, y)\n",
    "weight w ~ 1\nf = x\nloss mse(f, y) + w^2\n",
    "weight w ~ 1\nh = w*x\nf = tanh(h)\nloss mse(f, y)\n",
    "weight w = 1\nf = w*x\nloss mse(f, y)\n",
    "f = x\nloss mse(f, y)\n",
    "weight w ~ 1, v ~ 1\noutput g\ng = v*x\nf = w*x\nloss mse(f, y)\n",
])  # fmt: skip
def test_a_loss_that_needs_no_warning(text: str) -> None:
    assert codes(LOSS + text) == []


def test_a_loss_to_which_no_learnt_weight_leads() -> None:
    assert codes(LOSS + "output g\nx -> g : ~\nf = x\nloss mse(f, y)\n") == ["loss-without-weights"]
    found = problems(LOSS + "output g\nweight a, b, c, d ~ 1\ng = a*x + b*x^2 + c*x^3 + d\nf = x\nloss mse(f, y)\n")
    assert [p.message for p in found] == ["the loss depends on no weight that is learnt: `a` and 3 more lead elsewhere"]
    assert codes(LOSS + "weight w ~ 1\nf = x\nloss mse(f, y)\n") == ["unused-weight"]
    step = "node h : step\nweight w ~ 1\nx -> h : w\nf = h\nloss mse(f, y)\n"
    assert codes(LOSS + step) == ["cannot-learn"]


def test_a_part_of_an_equation_takes_no_fresh_weights_name() -> None:
    text = "input v\nnode h_1[2]\noutput s\n1 -> h_1 : ~\nb_h = swish(tanh(v) + 1)\nb_h -> s : ~\n"
    assert [w.name for w in network(text).weights] == ["b_h_1", "w_s_b_h"]
