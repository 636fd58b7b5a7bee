"""Nodes and edges in CSV files: a row is one of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from flowc.source import Source
from flowc.syntax import parse
from flowc.syntax import tree as t
from flowc.syntax.names import folded

LEARNT = ("yes", "true", "1", "~")


class Edge(NamedTuple):
    """`source` is `1` for the constant."""

    source: str
    target: str
    weight: float
    learnt: bool


def nodes_of(data: bytes) -> Iterator[tuple[str, str, t.Activation | None]]:
    """Name, role and activation of each row."""
    for row in _read_rows(data):
        role = {"hidden": "node"}.get(row["role"], row["role"])
        yield folded(row["name"]), role, _read_activation(row.get("activation", ""))


def edges_of(data: bytes) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            folded(row["source"]), folded(row["target"]), float(row["weight"].replace("\u2212", "-")),
            row.get("learnt", "").lower() in LEARNT,
        )
        for row in _read_rows(data)
    )  # fmt: skip


def _read_rows(data: bytes) -> Iterator[dict[str, str]]:
    """The cells of each row that has some, by the names of their columns."""
    heads, *rows = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    for row in rows:
        cells = {head.strip(): cell.strip() for head, cell in zip(heads, row, strict=False)}
        if any(cells.values()):
            yield cells


def _read_activation(cell: str) -> t.Activation | None:
    """What the cell says after the `:` of a declaration."""
    if not cell:
        return None
    (declaration,) = parse(Source("nodes", f"node h : {cell}")).statements
    assert isinstance(declaration, t.Declaration)
    return declaration.items[0].activation
