"""Data from formulas: a line for each, then the arrays of the nodes that are put together."""

from __future__ import annotations

from flowc.backends.backend import Refused
from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.code.names import in_unicode
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.training.columns import NodeColumns, columns_of_formulas
from flowc.backends.python.training.formulas import FormulaPrinter
from flowc.backends.python.training.reading import add_reader, classes_of, put_classes, shape_as
from flowc.backends.python.training.script import Script
from flowc.data.formula_facts import is_partial
from flowc.graph.network import Formulas


def of_formulas(script: Script, data: Formulas, library: Library, spelling: Spelling, seed: str) -> list[t.Statement]:
    """Raises BadData, Refused."""
    columns = columns_of_formulas(script.network, data)
    scalars = {c.columns[0]: c.node for c in columns if not c.node.axes}
    printer = FormulaPrinter(script.names, library, spelling, seed)
    code: list[t.Statement] = []
    for column, formula in data.formulas:
        fresh = in_unicode(column.removesuffix("]"))
        name = script.data_name(scalars[column]) if column in scalars else script.names.fresh(fresh)
        code += printer.statements_of(column, name, formula)
    for node_columns in columns:
        code += _assemble_node(script, node_columns, printer, library)
    return [*code, *_finite_checks(script, data, library)]


def _finite_checks(script: Script, data: Formulas, library: Library) -> list[t.Statement]:
    """What is asked of the arrays where a formula may be no number."""
    if not any(is_partial(formula) for _, formula in data.formulas):
        return []
    code: list[t.Statement] = []
    for name in script.data_names.values():
        finite = e.method(e.call(f"{library.module}.isfinite", name), "all")
        refusal = t.Raise(e.call("ValueError", t.Text(f"{name} is not finite for every token")))
        code.append(t.If(t.Not(finite), (refusal,)))
    return code


def _assemble_node(script: Script, given: NodeColumns, printer: FormulaPrinter, library: Library) -> list[t.Statement]:
    """One number for all tokens is repeated, elements stand side by side, classes become one-hot."""
    node, columns = given.node, given.columns or (given.classes,)
    single = [name for column, name in printer.called.items() if column in {*columns} - printer.series]
    code: list[t.Statement] = [assign(name, library.constant_array(printer.token_count, e.atom(name))) for name in single]
    if not node.axes:
        return code
    arrays = [e.atom(printer.called[column]) for column in columns]
    if not given.classes:
        return [*code, script.put_data(node, shape_as(library.stack_columns(arrays), node))]
    if node.axes[0].names:
        raise Refused(f"`{node.name}` has its classes by name, and formulas give numbers; add one for each class")
    add_reader(script, "places")
    places = e.call("places", e.method(arrays[0], "tolist"), classes_of(script, node))
    return [*code, *put_classes(script, node, places, library)]
