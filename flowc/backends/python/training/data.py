"""How the data are made: from the diagram's table, from a file beside the script, from formulas."""

from __future__ import annotations

from flowc.backends.code.build import Group, assign, headed
from flowc.backends.python.ending import by_node
from flowc.backends.python.library import Library
from flowc.backends.python.spelling import Spelling, rows
from flowc.backends.python.training.assembly import of_formulas
from flowc.backends.python.training.files import of_csv, of_npz
from flowc.backends.python.training.script import Script
from flowc.graph.network import File, Formulas, Table
from flowc.maths.ascii import plain


def make_data(script: Script, library: Library, spelling: Spelling, seed: str) -> Group:
    """The data as arrays, under their names in `script.data_names`. `seed`: what random series draw by. Raises Refused."""
    match script.data:
        case Table() as table:
            values = by_node(table)  # that the table has each of them is checked with the diagram
            arrays = {name: library.array(rows(values[s.owner].rows)) for s, name in script.data_names.items()}
            return headed("the diagram's table", [assign(name, array) for name, array in arrays.items()])
        case File(path=path) if path.lower().endswith(".npz"):
            return headed(f"the arrays of {plain(path)}, by their names", of_npz(script, script.data, library))
        case File(path=path):
            return headed(f"the columns of {plain(path)}, by their names", of_csv(script, script.data, library))
        case Formulas():
            return headed("the data", of_formulas(script, script.data, library, spelling, seed))
    return ()
