"""Data from formulas: a line for each, then the arrays of the nodes that are put together."""

from __future__ import annotations

from functools import partial
from itertools import product

from flowc.backends.backend import Refused
from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.code.names import in_unicode
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.spelling import Spelling
from flowc.backends.python.training.facts import expressions, is_partial
from flowc.backends.python.training.formulas import Columns, Formula
from flowc.backends.python.training.reading import add_reader, distribution_checks
from flowc.backends.python.training.script import Script
from flowc.graph.column_names import candidates, readings
from flowc.graph.network import Formulas, Node


def of_formulas(script: Script, data: Formulas, library: Library, spelling: Spelling, seed: str) -> list[t.Statement]:
    """Raises Refused."""
    nodes = [n for n in script.network.nodes if n.role in ("input", "target")]
    columns, near = Columns(places={n.name: {} for n in nodes}), candidates(nodes)
    code: list[t.Statement] = []
    for column, formula in expressions(data):
        name = _name_column(script, column, near(column), columns)
        writer = Formula(column, library, spelling, seed, columns, partial(script.names.fresh, f"{name}_part"))
        value = writer.written(formula)
        code += [assign(part, formula) for part, formula in (*writer.parts, (name, value))]
        if writer.is_series(formula):
            columns.series.add(column)
        elif writer.is_integer(formula):
            columns.integers.add(column)
        columns.names[column] = name
    for node in nodes:
        code += _assemble(script, node, columns, library)
    return [*code, *_finite_checks(script, data, library), *distribution_checks(script)]


def _finite_checks(script: Script, data: Formulas, library: Library) -> list[t.Statement]:
    """What is asked of the arrays where a formula may be no number."""
    if not any(is_partial(formula, {}) for _, formula in expressions(data)):
        return []
    code: list[t.Statement] = []
    for name in script.data_names.values():
        finite = e.method(e.call(f"{library.module}.isfinite", name), "all")
        refusal = t.Raise(e.call("ValueError", t.Text(f"{name} is not finite for every token")))
        code.append(t.If(t.Not(finite), (refusal,)))
    return code


def _name_column(script: Script, column: str, nodes: list[Node], columns: Columns) -> str:
    """What a column is called: a scalar node's has its name."""
    possible = readings(column, nodes, ())
    if len(possible) == 1:
        node = possible[0].node
        columns.places[node.name][possible[0].element] = column
        if not node.axes:
            return script.data_name(node)
    return script.names.fresh(in_unicode(column.removesuffix("]")))


def _assemble(script: Script, node: Node, columns: Columns, library: Library) -> list[t.Statement]:
    """One number for all tokens is repeated, elements stand side by side, classes become one-hot."""
    places = columns.places[node.name]
    single = [e.atom(columns.names[c]) for c in places.values() if c not in columns.series]
    code: list[t.Statement] = [assign(name, library.full(columns.tokens, name)) for name in single]
    if not node.axes:
        return code
    if None in places:
        script.classes.add(node.name)
        return [*code, script.put_data(node, library.one_hot(node.shape[0], _class_places(script, node, columns)))]
    elements = list(product(*map(range, node.shape)))
    if any(element not in places for element in elements):
        raise Refused(f"the formulas do not give every element of `{node.name}`")
    vector = library.stacked([e.atom(columns.names[places[element]]) for element in elements])
    grid = len(node.axes) > 1
    return [*code, script.put_data(node, e.method(vector, "reshape", "-1", *map(str, node.shape)) if grid else vector)]


def _class_places(script: Script, node: Node, columns: Columns) -> t.Expression:
    """The places of its classes."""
    axis = node.axes[0]
    if axis.names:
        raise Refused(f"`{node.name}` has its classes by name, and formulas give numbers; add one for each class")
    add_reader(script, "places")
    column = e.atom(columns.names[columns.places[node.name][None]])
    return e.call("places", e.method(column, "tolist"), e.call("range", str(axis.low), str(axis.high + 1)))
