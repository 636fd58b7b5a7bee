"""How the data are made: from the diagram's table, from a file beside the script, from formulas."""

from __future__ import annotations

from flowc.backends.backend import Refused
from flowc.backends.code.build import Group, assign, headed
from flowc.backends.python.ending import by_node
from flowc.backends.python.library import Library
from flowc.backends.python.spelling import Spelling, nested_numbers
from flowc.backends.python.training.assembly import of_formulas
from flowc.backends.python.training.files import of_csv, of_npz
from flowc.backends.python.training.reading import distribution_checks
from flowc.backends.python.training.script import Script
from flowc.data.dataset import BadData
from flowc.graph.network import File, Formulas, Table
from flowc.maths.ascii import plain


def make_data(script: Script, library: Library, spelling: Spelling, seed: str) -> Group:
    """The data as arrays, under their names in `script.data_names`. `seed`: what random series draw by. Raises Refused."""
    if isinstance(script.data, Table):
        values = by_node(script.data)  # that the table has each of them is checked with the diagram
        arrays = {name: library.make_array(nested_numbers(values[s.owner].rows)) for s, name in script.data_names.items()}
        return headed("the diagram's table", [assign(name, array) for name, array in arrays.items()])
    try:
        words, code = _read_data(script, library, spelling, seed)
    except BadData as error:
        raise Refused(str(error)) from None
    return headed(words, [*code, *distribution_checks(script)])


def _read_data(script: Script, library: Library, spelling: Spelling, seed: str) -> tuple[str, Group]:
    """What stands above it, and how it is done. Raises BadData, Refused."""
    match script.data:
        case File(path=path) as file if path.lower().endswith(".npz"):
            return f"the arrays of {plain(path)}, by their names", of_npz(script, file, library)
        case File(path=path) as file:
            return f"the columns of {plain(path)}, by their names", of_csv(script, file, library)
        case Formulas() as formulas:
            return "the data", of_formulas(script, formulas, library, spelling, seed)
    return "", ()
