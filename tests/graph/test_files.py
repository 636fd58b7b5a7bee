"""Nodes and edges in files mean what the same lines of the text mean, and no arrow is made before it is asked for."""

import random
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from flowc.diagnostics.error import FlowError
from flowc.doors.cli.diagram_files import beside
from flowc.graph.build import build
from flowc.graph.dump import dump
from flowc.graph.files import edges as edge_files
from flowc.graph.files import lazy_arrows
from flowc.graph.files import nodes as node_files
from flowc.graph.files.access import Unreadable
from flowc.graph.files.row_problems import MOST_REPORTED
from flowc.graph.network import Arrow, Network
from flowc.graph.to_networkx import as_networkx
from flowc.maths.index_map import SCALAR_LINE
from flowc.source import Source
from flowc.syntax.parser import parse
from tests.graph import reading
from tests.graph.reading import codes, problems

NODES = "name,role,activation\nx1,input,\nx2,input,\nh1,node,tanh\nh2,hidden,sigmoid\nf,output,\n"
EDGES = "source,target,weight,learnt\nx1,h1,0.5,no\n1,h1,-1,yes\nh1,h2,2,yes\nx2,h2,3,0\nh2,f,1,~\nx1,f,-4,=\n"
BOTH = 'nodes "nodes.csv"\nedges "edges.csv"\n'


def files(**texts: str):
    """Opens `nodes.csv` for nodes=…"""

    def opened(name: str) -> bytes:
        if name.removesuffix(".csv") not in texts:
            raise Unreadable("there is no such file")
        return texts[name.removesuffix(".csv")].encode()

    return opened


def network(text: str, **texts: str) -> Network:
    return reading.network(text, files=files(**texts))


def said(text: str, **texts: str) -> list[str]:
    return [problem.message for problem in problems(text, files(**texts))]


# ----------------------------------------------------------------------------------------------- the contract


def test_edges_are_columns() -> None:
    (edges,) = network(BOTH, nodes=NODES, edges=EDGES).edges
    assert (edges.path, edges.weight) == ("edges.csv", "w_edges")
    names = np.array(edges.nodes)
    assert list(names[edges.sources]) == ["x1", "1", "h1", "x2", "h2", "x1"]
    assert list(names[edges.targets]) == ["h1", "h1", "h2", "h2", "f", "f"]
    assert edges.weights.tolist() == [0.5, -1, 2, 3, 1, -4]
    assert edges.learnt.tolist() == [False, True, True, False, True, False]
    kinds = [column.dtype for column in (edges.sources, edges.targets, edges.weights, edges.learnt)]
    assert kinds == [np.int64, np.int64, np.float64, np.bool_]


def test_what_learns_is_one_vector_in_the_order_of_rows() -> None:
    found = network(BOTH, nodes=NODES, edges=EDGES)
    (weight,) = found.weights
    assert (weight.name, weight.shape, weight.learnt, weight.start) == ("w_edges", (3,), True, (-1.0, 2.0, 1.0))
    span = weight.span
    assert list(found.node("h1").arrows) == [
        Arrow("x1", SCALAR_LINE, 0.5, None, None, span),
        Arrow("1", SCALAR_LINE, 1.0, "w_edges", None, span, weight_index=(0,)),
    ]
    assert [a.weight_index for n in found.nodes for a in n.arrows if a.weight] == [(0,), (1,), (2,)]


def test_arrows_are_a_sequence() -> None:
    found = network(BOTH, nodes=NODES, edges=EDGES)
    arrows = found.node("h2").arrows
    assert len(arrows) == 2 and arrows and arrows[1].source == "x2" and arrows[-2] == arrows[0]
    assert list(arrows[:1]) == [arrows[0]] and arrows[0] in arrows
    assert arrows.edges is found.edges[0] and arrows.rows.tolist() == [2, 3] and arrows.from_files_alone


def test_text_and_files_feed_one_node_in_the_order_of_statements() -> None:
    first, second = "source,target,weight\nx1,f,1\nx2,f,2\n", "source,target,weight,learnt\n1,f,5,yes\n"
    text = 'input x1, x2\noutput f\nnode h\nx1 -> h : 1\nedges "a.csv"\nh -> f : 3\nedges "b.csv"\ng = x1*x2\ng -> f : w ~ 4\n'
    found = network(text, a=first, b=second)
    arrows = found.node("f").arrows
    assert [a.source for a in arrows] == ["x1", "x2", "h", "1", "g"] and len(arrows) == 5 and arrows[4].weight == "w"
    assert not arrows.from_files_alone and [a.coefficient for a in arrows[:3]] == [1, 2, 3]
    assert [w.name for w in found.weights] == ["w_b", "w"] and len(found.edges) == 2


def test_nothing_makes_arrows(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object, **__: object) -> None:
        raise AssertionError("an arrow was made")

    monkeypatch.setattr(lazy_arrows, "Arrow", made)
    edges = EDGES + "".join(f"x1,g{k},1,yes\ng{k},f,1,no\n" for k in range(50))
    nodes = NODES + "".join(f"g{k},node,step\n" for k in range(50))
    found = network("input z\n" + BOTH + "target y\nz -> f : ~\nloss mse(f, y)\n", nodes=nodes, edges=edges)
    assert sum(len(node.arrows) for node in found.nodes) == 107


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("edges.csv", "w_edges"),
        ("net/my edges-2.csv", "w_my_edges_2"),
        ("ξ.csv", "w_ξ"),
        ("a.b.csv", "w_a_b"),
        ("näme.csv", "w_näme"),
        ("na\u0308me.csv", "w_näme"),
        ("→.csv", "w_edges"),
    ],
)
def test_the_name_of_the_vector(path: str, name: str) -> None:
    text = f'input x\noutput f\nedges "{path}"\n'
    found = build(
        parse(Source("t", text)), Source("t", text), {}, lambda _: b"source,target,weight,learnt\nx,f,1,yes\n"
    )
    assert found[0].weights[0].name == name


def test_equations_use_the_vector_as_any_weight() -> None:
    edges = "source,target,weight,learnt\nx,g,1,yes\n1,g,2,yes\n"
    found = network('input x\nnode g\noutput f[2]\nf = tanh(w_edges) + g\nedges "edges.csv"\n', edges=edges)
    assert found.node("f").shape == (2,) and [w.name for w in found.weights] == ["w_edges"]


def test_the_name_of_the_vector_is_free() -> None:
    edges = "source,target,weight,learnt\nx,f,1,yes\n"
    found = network('input x, w_edges\noutput f\nedges "edges.csv"\nw_edges -> f : ~\n', edges=edges)
    assert {w.name for w in found.weights} == {"w_edges_", "w_f_w_edges"}


# --------------------------------------------------------------------------------------------- as in the text


@dataclass
class Drawn:
    """A random network: declarations (name, role, activation) and lines (source, target, weight)."""

    nodes: list[tuple[str, str, str]]
    lines: list[tuple[str, str, float]]


def drawn(choose: random.Random) -> Drawn:
    inputs = [f"x{k}" for k in range(choose.randint(1, 4))]
    hidden = [f"h{k}" for k in range(choose.randint(0, 12))]
    outputs = [f"f{k}" for k in range(choose.randint(1, 3))]
    functions = ("tanh", "sigmoid", "relu", "sin", "", "leaky_relu(0.2)", "identity")
    nodes = [(name, "input", "") for name in inputs]
    nodes += [(name, choose.choice(("node", "hidden")), choose.choice(functions)) for name in hidden]
    nodes += [(name, "output", choose.choice(functions)) for name in outputs]
    names = [*inputs, *hidden, *outputs]
    lines = []
    for k, target in enumerate(names[len(inputs) :], len(inputs)):
        sources = ["1", *names[:k]]
        few = choose.sample(sources, choose.randint(1, len(sources)))
        lines += [(source, target, round(choose.gauss(0, 1), 3)) for source in few]
    choose.shuffle(lines)
    choose.shuffle(nodes)
    return Drawn(nodes, lines)


def declared(nodes: list[tuple[str, str, str]]) -> str:
    spelled = [
        (role.replace("hidden", "node"), name, f" : {function}" * bool(function)) for name, role, function in nodes
    ]
    return "".join(f"{role} {name}{function}\n" for role, name, function in spelled)


def arrows(lines: list[tuple[str, str, float]]) -> str:
    return "".join(f"{source} -> {target} : {weight}\n" for source, target, weight in lines)


@pytest.mark.parametrize("seed", range(40))
def test_files_mean_what_the_same_text_means(seed: int, tmp_path: Path) -> None:
    choose = random.Random(seed)
    diagram = drawn(choose)
    some, others = diagram.nodes[:2], diagram.nodes[2:]
    at = choose.randint(0, len(diagram.lines))
    first, second = diagram.lines[:at], diagram.lines[at:]
    text, in_files = declared(some), declared(some)
    text += declared(others) + arrows(first) + arrows(second)
    if others:
        rows = "".join(",".join(row) + "\n" for row in others)
        (tmp_path / "n.csv").write_text("name,role,activation\n" + rows)
        in_files += 'nodes "n.csv"\n'
    for name, lines in (("a.csv", first), ("b.csv", second)):
        if lines and (name == "a.csv" or seed % 2):
            rows = "".join(f'{target},{weight},"{source}"\r\n' for source, target, weight in lines)
            (tmp_path / name).write_text("\ufefftarget,weight,source\r\n" + rows, encoding="utf-8", newline="")
            in_files += f'edges "{name}"\n'
        else:
            in_files += arrows(lines)
    source = Source("test.flow", in_files)
    found, warnings = build(parse(source), source, {}, beside(str(tmp_path / "test.flow")))
    of_lines = Source("test.flow", text)
    wanted, expected = build(parse(of_lines), of_lines)
    assert plain(dump(found)) == plain(dump(wanted))
    assert sorted(plain(w.message) for w in warnings) == sorted(w.message for w in expected)


def plain(text: str) -> str:
    """Without lines of the text and rows of files."""
    return re.sub(r"  # line \d+|^\w+\.csv, row \d+: ", "", text)


def test_equations_and_the_loss_use_the_nodes_of_files() -> None:
    nodes = "name,role\nx,input\ny,target\nf,output\ng,node\n"
    text = 'loss mse(f, y) + g\nnodes "nodes.csv"\nf = tanh(2*x + h)\ng = h^2\nh = x - 1\n'
    same = "input x\ntarget y\noutput f\nnode g\nloss mse(f, y) + g\nf = tanh(2*x + h)\ng = h^2\nh = x - 1\n"
    assert plain(dump(network(text, nodes=nodes))) == plain(dump(reading.network(same)))


def test_a_file_may_use_what_the_text_defines() -> None:
    """Also the name of an excitation, which then is a node of its own."""
    text = 'input x\noutput f\nxi = 2*x - 1\nh = tanh(xi)\nh -> f : 1\nedges "edges.csv"\n'
    found = network(text, edges="source,target,weight\nxi,f,3\n")
    assert [node.name for node in found.nodes] == ["x", "xi", "h", "f"]


def test_default_draws_count_the_lines_of_files() -> None:
    edges = "source,target,weight\nx1,f,1\nx2,f,1\n1,f,1\n"
    found = network('input x1, x2, x3\noutput f, g\nedges "edges.csv"\nx3, x1 -> g : 1\nx3 -> f : w ~\n', edges=edges)
    weight = next(w for w in found.weights if w.name == "w")
    assert (weight.start.fan_in, weight.start.fan_out) == (3, 2)  # type: ignore[union-attr]


def test_a_graph_of_networkx() -> None:
    graph = as_networkx(network(BOTH, nodes=NODES, edges=EDGES))
    assert graph.number_of_edges() == 6 and graph.nodes["h2"]["function"] == "logistic"
    (line,) = graph["1"]["h1"].values()
    assert line["weight"] == "w_edges" and line["learnt"] and line["indices"] == ((), (0,), ())


def test_names_are_folded() -> None:
    found = network(BOTH, nodes="name,role\nξ₁,input\nf,output\n", edges="source,target,weight\nξ1, f ,\u22121\n")
    assert [(a.source, a.coefficient) for a in found.node("f").arrows] == [("ξ1", -1)]


def test_a_comment_of_a_file_is_not_that_of_its_nodes() -> None:
    found = network(BOTH.replace('s.csv"\n', 's.csv"  # grown\n'), nodes=NODES, edges=EDGES)
    assert {node.comment for node in found.nodes} == {None}


# --------------------------------------------------------------------------------------------------- problems


def test_without_a_way_to_open_files() -> None:
    assert codes(BOTH) == ["unreadable-file", "unreadable-file"]


def test_a_file_that_is_hidden_hides_what_follows_from_it() -> None:
    assert said(BOTH, edges=EDGES) == ["nodes.csv: there is no such file"]


def test_many_problems_are_counted() -> None:
    edges = EDGES + "".join(f"g{k},f,1,no\n" for k in range(1000)) + "".join(f"x1,h1,{k},no\n" for k in range(500))
    messages = said(BOTH, nodes=NODES, edges=edges)
    assert len(messages) == 22 and messages[0].startswith("edges.csv, row 8: there is no node or weight `g0`")
    assert messages[-2:] == ["edges.csv: 980 more problems of this kind", "edges.csv: 500 more problems of this kind"]


def test_nobody_is_told_to_declare_what_is_no_name() -> None:
    for name, hint in (("a b", "a name is a letter, then letters and digits"), ("new", "declare it, `input new` or `node new`, or define it, `new = …`")):
        with pytest.raises(FlowError) as raised:
            network(BOTH, nodes=NODES, edges=f"{EDGES}{name},f,1,no\n")
        assert [d.hint for d in raised.value.diagnostics] == [hint]


def test_a_cycle_through_files_and_text() -> None:
    text = BOTH + 'node k\nh2 -> k : 1\nedges "more.csv"\n'
    messages = said(text, nodes=NODES, edges=EDGES, more="source,target,weight\nk,h1,1\n")
    assert messages == ["edges.csv, row 4: these nodes need each other: h1 -> h2 -> k -> h1"]


def test_the_order_does_not_end_early_on_a_long_chain() -> None:
    count = 3000
    nodes = "name,role\nx,input\nf,output\n" + "".join(f"h{k},node\n" for k in reversed(range(count)))
    links = ["x", *(f"h{k}" for k in range(count)), "f"]
    edges = "source,target,weight\n" + "".join(f"{a},{b},1\n" for a, b in pairwise(links))
    assert [node.name for node in network(BOTH, nodes=nodes, edges=edges).nodes] == links
    closed = edges + f"h{count - 1},h0,1\n"
    (message,) = said(BOTH, nodes=nodes, edges=closed)
    assert message.endswith("each other: h2999 -> h0 -> h1 -> h2 -> h3 -> h4 -> … -> h2996 -> h2997 -> h2998 -> h2999")


def test_a_huge_cell() -> None:
    cell = "1" * 140_000
    (message,) = said('input x\noutput f\nedges "edges.csv"\n', edges=f"source,target,weight\nx,f,{cell}\n")
    assert message == "edges.csv, row 2: a cell is longer than 131072 characters"


def test_what_is_no_name_is_none_in_any_row() -> None:
    messages = said('nodes "nodes.csv"\n', nodes="name,role\na b,input\na b,input\na b,output\nx²,input\n")
    assert [m for m in messages if "declared" in m] == [] and "nodes.csv, row 2: `a b` is not a name" in messages
    assert "nodes.csv: 2 more problems of this kind" in messages


def test_of_what_is_only_counted_nobody_looks_for_the_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for module in (edge_files, node_files):
        monkeypatch.setattr(module, "did_you_mean", lambda name, *_: asked.append(name) or "")
    nodes = NODES + "".join(f"z{k},inputs{k}\n".replace("\n", ",\n") for k in range(500))
    edges = EDGES + "".join(f"x1,h{k},1,word{k}\n" for k in range(500))
    assert "nodes.csv: 480 more problems of this kind" in said(BOTH, nodes=nodes, edges=edges)
    assert len(asked) == 2 * MOST_REPORTED
