"""The lines that make the data: from the diagram's table, from a file beside the script, from formulas."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.code.words import remark
from flowc.backends.python.ending import by_node
from flowc.backends.python.library import Library
from flowc.backends.python.spelling import Spelling, rows
from flowc.backends.python.training.assembly import of_formulas
from flowc.backends.python.training.files import of_csv, of_npz
from flowc.backends.python.training.script import INDENT, Script
from flowc.graph.network import File, Formulas, Table
from flowc.maths.ascii import plain


def data_lines(script: Script, library: Library, spelling: Spelling, seed: str) -> list[str]:
    """The data as arrays, under their names in `script.whole`. `seed`: what random series draw by. Raises Refused."""
    lines = _lines(script, library, spelling, seed)
    return [*lines, ""] if lines else []


def _lines(script: Script, library: Library, spelling: Spelling, seed: str) -> list[str]:
    match script.data:
        case Table():
            return [*remark("the diagram's table"), *_of_table(script, script.data, library)]
        case File(path=path) if path.lower().endswith(".npz"):
            return [*remark(f"the arrays of {plain(path)}, by their names"), *of_npz(script, script.data, library)]
        case File(path=path):
            return [*remark(f"the columns of {plain(path)}, by their names"), *of_csv(script, script.data, library)]
        case Formulas():
            return [*remark("the data"), *of_formulas(script, script.data, library, spelling, seed)]
    return []


def _of_table(script: Script, table: Table, library: Library) -> list[str]:
    values = by_node(table)
    lines: list[str] = []
    for symbol, name in script.whole.items():  # that the table has each of them is checked with the diagram
        lines += laid_out(library.array(rows(values[symbol.owner].rows)), f"{INDENT}{name} = ")
    return lines
