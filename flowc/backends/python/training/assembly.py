"""Data from formulas: a line for each, then the arrays of the nodes that are put together."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from flowc.backends.python.training.formulas import Formula
from flowc.backends.python.training.reading import add_reader, distribution_checks
from flowc.backends.python.training.script import Script
from flowc.graph.columns import candidates, readings
from flowc.graph.network import Formulas, Node


@dataclass
class Columns:
    """What was computed so far: what each column is called, and which have a number for each token, and which
    are ints. `places`: for each node its elements' columns; None is that of its class."""

    names: dict[str, str] = field(default_factory=dict)
    series: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    places: dict[str, dict[tuple[int, ...] | None, str]] = field(default_factory=dict)

    @property
    def tokens(self) -> t.Expression:
        """How many tokens there are."""
        return next((e.call("len", name) for column, name in self.names.items() if column in self.series), t.Number("1"))


def of_formulas(script: Script, data: Formulas, library: Library, spelling: Spelling, seed: str) -> list[t.Statement]:
    """Raises Refused."""
    nodes = [n for n in script.network.nodes if n.role in ("input", "target")]
    known, near = Columns(places={n.name: {} for n in nodes}), candidates(nodes)
    code: list[t.Statement] = []
    for column, formula in expressions(data):
        name = _called(script, column, near(column), known)
        fresh = partial(script.names.fresh, f"{name}_part")
        made = Formula(column, library, spelling, seed, known.names, known.series, known.whole, fresh)
        value = made.written(formula)
        code += [assign(part, formula) for part, formula in (*made.parts, (name, value))]
        if made.is_series(formula):
            known.series.add(column)
        elif made.is_whole(formula):
            known.whole.add(column)
        known.names[column] = name
    for node in nodes:
        code += _assembled(script, node, known, library)
    return [*code, *_finite_checks(script, data, library), *distribution_checks(script)]


def _finite_checks(script: Script, data: Formulas, library: Library) -> list[t.Statement]:
    """What is asked of the arrays where a formula may be no number."""
    if not any(is_partial(formula, {}) for _, formula in expressions(data)):
        return []
    code: list[t.Statement] = []
    for name in script.whole.values():
        finite = e.method(e.call(f"{library.module}.isfinite", name), "all")
        refusal = t.Raise(e.call("ValueError", t.Text(f"{name} is not finite for every token")))
        code.append(t.If(t.Not(finite), (refusal,)))
    return code


def _called(script: Script, column: str, nodes: list[Node], known: Columns) -> str:
    """What a column is called: a scalar node's has its name."""
    found = readings(column, nodes, ())
    if len(found) == 1:
        node = found[0].node
        known.places[node.name][found[0].element] = column
        if not node.axes:
            return script.whole_of(node)
    return script.names.fresh(in_unicode(column.removesuffix("]")))


def _assembled(script: Script, node: Node, known: Columns, library: Library) -> list[t.Statement]:
    """One number for all tokens is repeated, elements stand side by side, classes become one-hot."""
    own = known.places[node.name]
    single = [e.atom(known.names[c]) for c in own.values() if c not in known.series]
    code: list[t.Statement] = [assign(name, library.full(known.tokens, name)) for name in single]
    if not node.axes:
        return code
    if None in own:
        script.classes.add(node.name)
        return [*code, script.put_node(node, library.one_hot(node.shape[0], _classes(script, node, known)))]
    places = list(product(*map(range, node.shape)))
    if any(place not in own for place in places):
        raise Refused(f"the formulas do not give every element of `{node.name}`")
    vector = library.stacked([e.atom(known.names[own[place]]) for place in places])
    grid = len(node.axes) > 1
    return [*code, script.put_node(node, e.method(vector, "reshape", "-1", *map(str, node.shape)) if grid else vector)]


def _classes(script: Script, node: Node, known: Columns) -> t.Expression:
    """Their places."""
    axis = node.axes[0]
    if axis.names:
        raise Refused(f"`{node.name}` has its classes by name, and formulas give numbers; add one for each class")
    add_reader(script, "places")
    column = e.atom(known.names[known.places[node.name][None]])
    return e.call("places", e.method(column, "tolist"), e.call("range", str(axis.low), str(axis.high + 1)))
