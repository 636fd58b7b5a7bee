"""Which of the functions of `readers` a script has, and what is asked of its data."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.code.quote import read
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.templates import READERS
from flowc.backends.python.training.columns import NodeColumns
from flowc.backends.python.training.script import Script
from flowc.graph.distributions import distributions, targets_of
from flowc.graph.network import Node

CLASSES = tuple[str, ...] | None  # of a column their names; None where they have numbers


def add_reader(script: Script, name: str) -> None:
    script.readers[name] = READERS.definition(name)


def add_text_readers(script: Script, names: bool, tabs: bool, columns: Sequence[NodeColumns]) -> None:
    """The functions that a text file needs. `names`: its first row is not the names; `tabs` stand between its cells."""
    script.readers["read"] = READERS.definition(
        "read",
        NAMES=(t.Name("names"),) if names else (),
        DELIMITER=(t.Named("delimiter", t.Text("\t")),) if tabs else (),
        FIRST=read("names" if names else "rows[0][:-1]"),
    )
    classes: list[CLASSES] = [c.node.axes[0].names for c in columns if c.classes]
    if len(classes) < len(columns) or None in classes:
        add_reader(script, "number")
    if classes:
        script.readers["place"] = READERS.definition("place", CELL=_class_cell(classes))


def _class_cell(classes: Sequence[CLASSES]) -> t.Expression:
    """The cell as it is compared: a number, or a text spelled as the diagram's names are."""
    word = read('row.get(name, "")')
    if not all(name.isascii() for names in classes for name in names or ()):  # other letters may be spelled in several ways
        word = e.call("normalize", t.Text("NFKC"), word)
    if None not in classes:
        return word
    number = read("number(row, name)")
    return number if set(classes) == {None} else e.conditional(read("isinstance(classes, range)"), number, word)


def classes_of(script: Script, node: Node) -> t.Expression:
    """Those of a node by their names, or the numbers that they have in place of names."""
    (axis,) = node.axes
    return e.atom(script.local_name("classes")) if axis.names else e.call("range", str(axis.low), str(axis.high + 1))


def put_classes(script: Script, node: Node, places: t.Expression, library: Library) -> list[t.Statement]:
    """A node's array from the places of its classes among all."""
    script.classes.add(node.name)
    names = node.axes[0].names
    named = [assign(classes_of(script, node), list_names(names))] if names else []
    return [*named, script.put_data(node, library.one_hot(node.shape[0], places))]


def list_names(names: Sequence[str]) -> t.Expression:
    """The names as a list; `[f"x{k}" for k in range(1, 65)]` where they are numbered."""
    inside = names[0].removesuffix("]")
    stem = inside.rstrip("0123456789")
    end, first = names[0][len(inside) :], int(inside[len(stem) :] or 0)
    if len(names) > 4 and "{" not in stem and list(names) == [f"{stem}{first + k}{end}" for k in range(len(names))]:
        parts = (stem, (t.Name("k"), ""), end)
        numbers = [first, first + len(names)] if first else [len(names)]
        return e.repeated(t.Format(parts), "k", e.call("range", *map(str, numbers)))
    return t.List(tuple(map(t.Text, names)))


def shape_as(array: t.Expression, node: Node) -> t.Expression:
    """Elements in a row as a grid, where the node is one."""
    return e.method(array, "reshape", "-1", *map(str, node.shape)) if len(node.axes) > 1 else array


def distribution_checks(script: Script) -> list[t.Statement]:
    """What is asked of targets that the loss takes for distributions; rows made of classes are some."""
    losses = distributions(script.network.nodes)
    code: list[t.Statement] = []
    for symbol, name in script.data_names.items():
        if symbol.owner in losses and symbol.owner not in script.classes:
            check = "check_probability" if targets_of(losses[symbol.owner]) == "probability" else "check_distribution"
            add_reader(script, check)
            code.append(t.Do(e.call(check, name)))
    return code
