"""Data by chance: tables, files and formulas that bring numbers for every input and target."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from zipfile import ZipFile

import numpy as np

from flowc.maths.function import Form
from flowc.testing.choices import stream
from flowc.testing.sketch import Sketch, Vertex

PARTS = (("",), ("train",), ("train", "test"))


@dataclass(frozen=True, slots=True)
class Columns:
    """Some columns of one node under one head: `x`, `x[1]`, `x[1..2]`; their cells, row by row."""

    head: str
    rows: tuple[tuple[str, ...], ...]


def add_data(sketch: Sketch) -> None:
    """`data` of one of its forms, once, or once for learning and once for tests."""
    forms = ["table", "table", "formulas"] + (["csv", "tsv", "npz"] if sketch.may("files") else [])
    form = sketch.pick.one(forms)
    for part in sketch.pick.one(PARTS):
        words = f"data {part} " if part else "data "
        if form == "table":
            sketch.body.append(words + _table(sketch))
        elif form == "formulas":
            sketch.body.append(words + _formulas(sketch))
        else:
            sketch.body.append(f'{words}"{_file(sketch, form, part or "all")}"')


def _nodes(sketch: Sketch) -> list[tuple[Vertex, Form]]:
    """What data are for, by name: what they must be."""
    return [*((v, "number") for v in sketch.inputs), *sketch.targets]


# ------------------------------------------------------------------ tables


def _table(sketch: Sketch) -> str:
    count = sketch.pick.count(1, 5)
    inputs = [c for v in sketch.inputs for c in _columns(sketch, v, "number", count)]
    targets = [c for v, form in sketch.targets for c in _columns(sketch, v, form, count)]
    bar = [" |"] if targets and sketch.pick.chance() else [""] if targets else []
    lines = []
    for k in range(-1, count):
        sides = (
            [_quoted(sketch, c.head) if k < 0 else " ".join(c.rows[k]) for c in side] for side in (inputs, targets)
        )
        left, right = (" ".join(side) for side in sides)
        lines.append(f"{left}{bar[0] if bar else ''}{' ' if right else ''}{right}")
    if sketch.pick.chance(0.1):
        return f"{{ {' ; '.join(lines)} }}"
    comment = "  # the last row" if sketch.pick.chance(0.1) else ""
    return "{\n  " + "\n  ".join(lines) + comment + "\n}"


def _quoted(sketch: Sketch, head: str) -> str:
    """A column's name in quotes, now and then."""
    return f'"{head}"' if '"' not in head and ".." not in head and sketch.rarely(0.05) else head


def _columns(sketch: Sketch, vertex: Vertex, form: Form, count: int) -> Iterator[Columns]:
    """The columns of a node: its class, its elements one by one, or a range of them."""
    cells = stream(sketch.pick)
    if not vertex.axes:
        yield Columns(vertex.name, tuple((_cell(cells, form, sketch.exact),) for _ in range(count)))
        return
    vector = len(vertex.axes) == 1
    if vector and (form == "class" or form == "number" and len(vertex.axes[0]) > 1) and sketch.pick.chance(
        0.6 if form == "class" else 0.25
    ):  # fmt: skip
        yield Columns(vertex.name, tuple((cells.choice(vertex.axes[0].elements),) for _ in range(count)))
        return
    rows = [_row(cells, vertex, form, sketch.exact) for _ in range(count)]
    elements = vertex.axes[0].elements
    if (
        vector
        and "column ranges" not in sketch.without
        and len(elements) > 1
        and elements[0][-1].isdigit()
        and sketch.pick.chance(0.3)
    ):
        yield Columns(f"{vertex.name}[{elements[0]}..{elements[-1]}]", tuple(map(tuple, rows)))
        return
    for k, place in enumerate(product(*(axis.elements for axis in vertex.axes))):
        yield Columns(f"{vertex.name}[{','.join(place)}]", tuple((row[k],) for row in rows))


def _row(cells: Random, vertex: Vertex, form: Form, exact: bool) -> list[str]:
    """One token's numbers for the elements of a node."""
    if form != "class":
        return [_cell(cells, form, exact) for _ in range(vertex.lines)]
    wide = vertex.shape[-1]
    return [
        "1" if k == hot else "0"
        for hot in (cells.randrange(wide) for _ in range(vertex.lines // wide))
        for k in range(wide)
    ]


def _cell(cells: Random, form: Form, exact: bool) -> str:
    if form in ("bit", "class"):
        return cells.choice("01")
    if form == "sign":
        return cells.choice(("-1", "1", "+1"))
    if exact:
        return f"{cells.randint(-32, 32) / 16}"
    return cells.choice((f"{cells.uniform(-2, 2):.3g}", f"{cells.randint(-2, 2)}", ".5", "-2e-1", "+1.", "1e-3"))


# ------------------------------------------------------------------- files


def _file(sketch: Sketch, end: str, part: str) -> str:
    name = f"{part}.{end}"
    sketch.files[name] = _npz(sketch) if end == "npz" else _cells(sketch, "," if end == "csv" else "\t")
    return name


def _cells(sketch: Sketch, delimiter: str) -> bytes:
    count = sketch.pick.count(1, 5)
    columns = [c for v, form in _nodes(sketch) for c in _columns(sketch, v, form, count)]
    if sketch.pick.chance(0.2):
        columns.append(Columns("a remark", tuple(("of, no use",) for _ in range(count))))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=sketch.pick.one(("\n", "\r\n")))
    writer.writerow([c.head for c in columns])
    for k in range(count):
        writer.writerow([cell.strip('"') for c in columns for cell in c.rows[k]])
    mark = "\ufeff" if sketch.pick.chance(0.1) else ""
    return (mark + text.getvalue()).encode()


def _npz(sketch: Sketch) -> bytes:
    count = sketch.pick.count(1, 5)
    arrays: dict[str, np.ndarray] = {}
    for vertex, form in _nodes(sketch):
        cells = stream(sketch.pick)
        if form == "class" and len(vertex.axes) == 1 and sketch.pick.chance():
            words = [cells.choice(vertex.axes[0].elements).strip('"') for _ in range(count)]
            arrays[vertex.name] = np.array([int(w) for w in words] if words[0].lstrip("-").isdigit() else words)
        else:
            rows = [[float(c) for c in _row(cells, vertex, form, sketch.exact)] for _ in range(count)]
            arrays[vertex.name] = np.array(rows).reshape(count, *vertex.shape)
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:  # `np.savez` takes no array called `file`
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, array)
    return file.getvalue()


# ---------------------------------------------------------------- formulas


def _formulas(sketch: Sketch) -> str:
    """A formula for each scalar and element; targets follow from the first input's."""
    count = sketch.pick.count(2, 5)
    helper = sketch.name("n") if sketch.pick.chance(0.3) else ""
    lines = [f"{helper} = {count}"] if helper else []
    n = helper or str(count)
    columns = [scalar for v, form in _nodes(sketch) for scalar in _elements(v, form)]
    for place, form in columns:
        first = columns[0][0] if place != columns[0][0] else ""
        lines.append(f"{place} = {_formula(sketch, form, n, count, first)}")
    between = "; " if sketch.pick.chance(0.1) else "\n  "
    return f"{{ {'; '.join(lines)} }}" if sketch.pick.chance(0.2) else f"{{\n  {between.join(lines)}\n}}"


def _elements(vertex: Vertex, form: Form) -> Iterator[tuple[str, str]]:
    """Each scalar of a node, and what its formula gives; of classes the first is the true one, or the last."""
    for k, place in enumerate(product(*(axis.elements for axis in vertex.axes))):
        kind: str = form
        if form == "class":
            wide = vertex.shape[-1]
            kind = "one" if wide == 1 else {0: "hot", wide - 1: "else"}.get(k % wide, "zero")
        yield vertex.name + (f"[{', '.join(place)}]" if place else ""), kind


def _formula(sketch: Sketch, form: str, n: str, count: int, first: str) -> str:
    if form in ("one", "zero"):
        return {"one": "1", "zero": "0"}[form]
    if form != "number":
        step = f"step({first})" if first else f"step(linspace(-1, 1, {n}))"
        return {"bit": step, "hot": step, "else": f"1 - {step}", "sign": f"2*{step} - 1"}[form]
    if sketch.exact:
        return f"arange(0, {count}, 1)/16"
    forms = [
        f"linspace(-2, 2, {n})",
        f"normal(0, 0.5, {n})",
        f"uniform(-2, 2, {n})",
        f"arange(-1, {count - 1}, 1)/{count}",
        "0.5",
    ]
    forms += (
        [f"sin(pi*{first})", f"{first}^2/4 - 0.5", f"max({first}, 0.25)", f"leaky_relu({first}, 0.2)"] if first else []
    )
    return sketch.pick.one(forms if first else forms[:-1])
