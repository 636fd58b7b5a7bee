"""Which of the functions of `readers` a script has, and what is asked of its data."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code import tree as t
from flowc.backends.code.quote import read
from flowc.backends.python import expression as e
from flowc.backends.python.templates import READERS
from flowc.backends.python.training.columns import NodeColumns
from flowc.backends.python.training.script import Script
from flowc.graph.distributions import distributions, targets_of

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
        script.readers["place"] = READERS.definition("place", CELL=_cell(classes))


def _has_letters(classes: Sequence[CLASSES]) -> bool:
    """Other letters than ASCII's, which may be spelled in several ways."""
    return not all(name.isascii() for names in classes for name in names or ())


def _cell(classes: Sequence[CLASSES]) -> t.Expression:
    """The cell as it is compared: a number, or a text spelled as the diagram's names are."""
    word = read('row.get(name, "")')
    if _has_letters(classes):
        word = e.call("normalize", t.Text("NFKC"), word)
    if None not in classes:
        return word
    number = read("number(row, name)")
    return number if set(classes) == {None} else e.conditional(read("isinstance(classes, range)"), number, word)


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
