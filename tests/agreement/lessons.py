"""Data and a `train` statement for a random diagram: a table, a file or formulas; a method with settings by chance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path

import numpy as np

import flowc
from flowc.graph.column_names import element_of
from flowc.graph.network import Node
from flowc.maths.optimisers import OPTIMISERS
from flowc.nets.verifying.numbers import some_inputs
from flowc.testing.choices import Choices
from flowc.testing.diagram import Diagram

Array = np.ndarray
FILE = "numbers.csv"
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "rate": ("0.1", "0.01"), "epochs": ("2", "1"), "batch": ("2", "1", "3", "4", "70"), "seed": ("3", "11"),
    "replace": ("true",), "order": ("data",), "weight_decay": ("0.1", "0.5"), "decay": ("0.1", "1"), "gamma": ("0.5",),
    "every": ("1", "2"), "warmup": ("2", "5"), "cosine": ("true",), "beta1": ("0.8", "0"), "beta2": ("0.99", "0.5"),
    "eps": ("1e-6",), "momentum": ("0.5", "0"),
}  # fmt: skip


def lesson(pick: Choices, diagram: Diagram, folder: Path) -> str:
    """The path of the diagram with data and `train`; a file of data is written beside it."""
    tokens = pick.one((4, 1, 2, 5, 7))
    network = flowc.loads(diagram.text).network
    nodes = [n for n in network.nodes if n.role in ("input", "target")]
    values = some_inputs(diagram, pick.count(1, 1000), tokens)
    kind: Callable[..., str] = pick.one((_table, _file, _formulas))
    data = kind(pick, nodes, values, folder)
    path = folder / "lesson.flow"
    path.write_text(f"{diagram.text}\n{data}train {how(pick)}\n", encoding="utf-8")
    return str(path)


def how(pick: Choices) -> str:
    """A method, and some of its settings; batches often, as epochs and orders mean little without."""
    method = pick.one(tuple(OPTIMISERS))
    there = [s.name for s in OPTIMISERS[method].settings if s.name in SETTINGS]
    names = [name for name in there if pick.chance(0.6 if name == "batch" else 0.3)]
    return f"{method}({', '.join(f'{name}={pick.one(SETTINGS[name])}' for name in names)})"


# ------------------------------------------------------------------------------------------------------------- columns


def _columns(pick: Choices, node: Node, values: Array) -> dict[str, list[str]]:
    """Name -> cells. Rows of 0 and 1 may be a column of classes."""
    axis = node.axes[0] if node.axes else None
    if axis and len(node.axes) == 1 and pick.chance() and set(values.sum(axis=1)) == {1} and set(values.flat) <= {0, 1}:
        spelled = axis.names or [str(axis.low + k) for k in range(len(axis))]
        return {node.name: [spelled[k] for k in values.argmax(axis=1)]}
    places = product(*map(range, node.shape))
    return {element_of(node, place): [repr(float(v)) for v in values[(slice(None), *place)]] for place in places}


def _all_columns(pick: Choices, nodes: list[Node], values: Mapping[str, Array]) -> dict[str, list[str]]:
    return {name: cells for node in nodes for name, cells in _columns(pick, node, values[node.name]).items()}


def _table(pick: Choices, nodes: list[Node], values: Mapping[str, Array], folder: Path) -> str:
    columns = _all_columns(pick, nodes, values)
    rows = [" ".join(map(_quoted, row)) for row in (columns, *zip(*columns.values(), strict=True))]
    return "\n".join(["data {", *(f"  {row}" for row in rows), "}", ""])


def _quoted(text: str) -> str:
    """As a diagram writes it: names with blanks in quotes, of a class or of an element between brackets."""
    return re.sub(r"[^][,]+ [^][,]+", r'"\g<0>"', text)


def _file(pick: Choices, nodes: list[Node], values: Mapping[str, Array], folder: Path) -> str:
    """Columns in another order, and one that is no node's."""
    columns = {"row number": [], **dict(reversed(_all_columns(pick, nodes, values).items()))}
    columns["row number"] = [str(k) for k in range(len(next(reversed(columns.values()))))]
    rows = [columns, *zip(*columns.values(), strict=True)]
    between = ", " if pick.chance(0.3) and not any("," in name for name in columns) else ","
    lines = [between.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    (folder / FILE).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return f'data "{FILE}"\n'


def _formulas(pick: Choices, nodes: list[Node], values: Mapping[str, Array], folder: Path) -> str:
    """Numbers are drawn or run from one to another; what a loss must have is the same for every token."""
    lines = []
    count = len(next(iter(values.values())))
    for node in nodes:
        first = values[node.name][0]
        special = node.role == "target" and set(values[node.name].flat) <= {-1.0, 0.0, 1.0}
        for place in product(*map(range, node.shape)):
            series = pick.one((f"linspace(-1.5, 1.25, {count})", f"uniform(-1, 1, {count})", f"sin(normal(0, 1, {count}))"))
            lines.append(f"{_quoted(element_of(node, place))} = {first[place] if special else series}")
    if all("(" not in line for line in lines):
        lines.append(f"unused = linspace(0, 1, {count})")
    return "\n".join(["data {", *(f"  {line}" for line in lines), "}", ""])
