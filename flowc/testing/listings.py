"""Nodes and edges in CSV files, by chance."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from flowc.testing.functions import activation
from flowc.testing.sketch import Sketch, Vertex

LEARNT = (("yes", "no"), ("true", "false"), ("1", "0"), ("~", "="), ("~", ""))


def listed_inputs(sketch: Sketch) -> list[tuple[Vertex, str, str]]:
    """One or two scalar inputs that a file declares."""
    return [(sketch.add(Vertex(sketch.name("x"))), "input", "") for _ in range(sketch.pick.count(0, 2))]


def listed_nodes(sketch: Sketch) -> None:
    """A file of one to four scalar nodes, inputs among them, and one of the arrows into those that are none."""
    nodes = listed_inputs(sketch)
    sketch.inputs += [vertex for vertex, *_ in nodes]
    edges: list[tuple[str, str, str, bool]] = []
    for _ in range(sketch.pick.count(1, 3)):
        nodes.append(_draw_node(sketch, edges))
    ends = _write_edges(sketch, edges)
    sketch.body.append(f'nodes "{_write_nodes(sketch, nodes)}"')
    sketch.body.append(f'edges "{ends}"')


def _draw_node(sketch: Sketch, edges: list[tuple[str, str, str, bool]]) -> tuple[Vertex, str, str]:
    sources = [v for v in reversed(sketch.nodes) if not v.axes]
    name = sketch.name("h")
    bound = 0.0
    for _ in range(sketch.pick.count(1, min(3, len(sources))) if sources else 0):
        source = sketch.pick.one(sources)
        sources.remove(source)
        edges.append((source.name, name, sketch.pick.one(("1", "-0.5", "0.25", "1.5", "-1")), sketch.pick.chance()))
        bound += 2 * source.bound
    if not bound or sketch.pick.chance():
        edges.append(("1", name, sketch.pick.one(("0.5", "-1", "0")), sketch.pick.chance()))
        bound += 2
    applied = activation(sketch, bound, False)
    vertex = sketch.add(Vertex(name, (), applied.bound, applied.name))
    return vertex, sketch.pick.one(("node", "hidden", "output")), applied.text if applied.name != "identity" else ""


def _write_nodes(sketch: Sketch, nodes: list[tuple[Vertex, str, str]]) -> str:
    return _write_file(sketch, "nodes", ("name", "role", "activation"), [(v.name, role, text) for v, role, text in nodes])


def _write_edges(sketch: Sketch, edges: list[tuple[str, str, str, bool]]) -> str:
    words = sketch.pick.one(LEARNT)
    rows = [(source, target, weight, words[not learnt]) for source, target, weight, learnt in edges]
    return _write_file(sketch, "edges", ("source", "target", "weight", "learnt"), rows)


def _write_file(sketch: Sketch, stem: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """The columns in an order of chance, and one more that says nothing."""
    order = [*range(len(columns))]
    if sketch.pick.chance(0.3):
        order.reverse()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (columns, *rows):
        writer.writerow([row[k] for k in order])
    name = f"{stem}{sum(f.startswith(stem) for f in sketch.files) + 1}.csv"
    sketch.files[name] = text.getvalue().encode()
    return name
