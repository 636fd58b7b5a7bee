"""Files of nodes and edges that are not as they should be give diagnostics, never another exception."""

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowc.diagnostics.codes import CODES
from flowc.diagnostics.error import FlowError
from flowc.graph.dump import dump
from flowc.pipeline import understand
from flowc.source import Source
from flowc.syntax import mistakes

NODES = b"name,role,activation\nx1,input,\nx2,input,\ny,target,\nh1,node,tanh\nh2,hidden,leaky_relu(0.1)\nf,output,logistic\n"
EDGES = b"source,target,weight,learnt\nx1,h1,0.5,no\n1,h1,-1e-3,yes\nh1,h2,2,~\nx2,h2,3,0\nh2,f,1,\nv,f,-4,=\n"
TEXT = 'input v\nnodes "nodes.csv"\nedges "edges.csv"\ng = h1*h2\ng -> f : ~\nloss cross_entropy(f, y)\n'
BITS = [
    b",", b"\n", b"\r", b"\r\n", b'"', b'""', b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"1", b"x1", b"h2", b"f", b"y", b"nan",
    b"inf", b"1e999", b"-", b"_", b"[1]", b"input", b"node", b"tanh", b"softmax", b"mse", b"(", b")", b"#", b";", b"\t", b" ",
    b"yes", "\u03be\u2081".encode(), "\u00b2".encode(), "\u2212".encode(), b"loss", b"g", b"v", b"a" * 200, b"'",
]  # fmt: skip


def judge(nodes: bytes, edges: bytes) -> None:
    """A network, or diagnostics of the catalogue with places in the text."""
    files = {"nodes.csv": nodes, "edges.csv": edges}
    source = Source("t.flow", TEXT)
    try:
        dump(understand(source, None, files.__getitem__).network)
    except FlowError as error:
        assert error.diagnostics and str(error)
        for problem in error.diagnostics:
            assert problem.code in CODES and 0 <= problem.span.start <= problem.span.end <= len(TEXT)
        assert sum("edges.csv" in problem.message for problem in error.diagnostics) < 60


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for where, removed, bit in edits:
        at = int(where * len(data))
        data = data[:at] + bit + data[at + removed :]
    return data


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.sampled_from(BITS)), max_size=4)


@settings(
    max_examples=int(os.environ.get("FLOWC_EXAMPLES", "300")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(EDITS, EDITS)
def test_mutated_files(nodes: list, edges: list) -> None:
    judge(edited(NODES, nodes), edited(EDGES, edges))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes(nodes: bytes, edges: bytes) -> None:
    judge(NODES, edges)
    judge(nodes, EDGES)
    judge(b"name,role\n" + nodes, b"source,target,weight\n" + edges)


def test_swapped_cells() -> None:
    choose = random.Random(0)
    for _ in range(300):
        nodes, edges = ([row.split(b",") for row in data.splitlines()] for data in (NODES, EDGES))
        for table in (nodes, edges):
            for _ in range(choose.randint(0, 3)):
                a, b = choose.choice(choose.choice((nodes, edges))), choose.choice(table)
                b[choose.randrange(len(b))] = choose.choice(a)
        judge(*(b"\n".join(map(b",".join, table)) + b"\n" for table in (nodes, edges)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_other_encodings_are_told_apart(encoding: str) -> None:
    with pytest.raises(FlowError, match=f"edges.csv: the file is {encoding[:6].upper()}, not UTF-8"):
        understand(Source("t.flow", TEXT), None, {"nodes.csv": NODES, "edges.csv": EDGES.decode().encode(encoding)}.__getitem__)


def test_wrong_activations_are_not_worded_one_by_one(monkeypatch) -> None:
    """What a text would be told of them stays unsaid, and takes longest."""
    monkeypatch.setattr(mistakes, "mistakes", lambda source: pytest.fail("worded"))
    nodes = NODES + b"".join(b"g%d,node,tanh(1 %d)\n" % (k, k) for k in range(30))
    with pytest.raises(FlowError, match="nodes.csv: 10 more problems of this kind"):
        understand(Source("t.flow", TEXT), None, {"nodes.csv": nodes, "edges.csv": EDGES}.__getitem__)
