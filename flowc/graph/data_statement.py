"""The data: tables bound to nodes, names of formulas. No file is opened here."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, product

from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.suggest import and_list, did_you_mean
from flowc.graph.column_names import column_of, element_of
from flowc.graph.draft import Draft, calls, references
from flowc.graph.namespace import kind_of
from flowc.graph.network import Data, File, Formulas
from flowc.graph.problems import Abandon
from flowc.graph.sizes import picks_of
from flowc.graph.table_columns import bind
from flowc.maths.function import Function
from flowc.maths.functions import ALIASES, FUNCTIONS, lookup
from flowc.source import Span
from flowc.syntax import tree as t

# What formulas know beside the functions of equations: name, and how many numbers each takes.
SERIES: dict[str, int] = {"linspace": 3, "arange": 3, "normal": 3, "uniform": 3}

Dataset = t.DataTable | t.DataFile | t.DataFormulas


def read_data(draft: Draft, tree: t.Tree, fits_unset: Callable[[Span], bool]) -> tuple[Data, ...]:
    """All datasets of the diagram, checked.

    `fits_unset`: whether there is nothing wrong within a place where no size is set. A table that is right there is left
    out, with a warning, where it does not fit the sizes that are: other data may be given.
    """
    datasets: list[Data] = []
    first: dict[str | None, Dataset] = {}
    for statement in tree.statements:
        if not isinstance(statement, (t.DataTable, t.DataFile, t.DataFormulas)):
            continue
        _one_of_each(draft, statement, first)
        before = len(draft.problems.found)
        try:
            dataset = _dataset(draft, statement)
        except Abandon:
            dataset = None
        errors = [problem for problem in draft.problems.found[before:] if problem.severity == "error"]
        if errors and draft.resized and fits_unset(statement.span):
            draft.problems.forget(before)
            _leave_out(draft, errors[0])
        elif dataset is not None:
            datasets.append(dataset)
    return tuple(datasets)


def _dataset(draft: Draft, statement: Dataset) -> Data:
    if isinstance(statement, t.DataTable):
        return bind(draft, statement)
    return _file(draft, statement) if isinstance(statement, t.DataFile) else _formulas(draft, statement)


def _leave_out(draft: Draft, why: Diagnostic) -> None:
    sizes = and_list([f"{name} = {size}" for name, size in draft.resized.items()])
    message = f"these data do not fit {sizes}, and are left out: {why.message}"
    draft.problems.warn("data-left-out", message, why.span, hint="give data that do, as `--data FILE`")


def _one_of_each(draft: Draft, statement: Dataset, first: dict[str | None, Dataset]) -> None:
    part = statement.part
    clash = first.get(part) or (first.get(None) if part else next(iter(first.values()), None))
    first.setdefault(part, statement)
    if clash is None:
        return
    what = f"`data {part}`" if part and clash.part == part else "`data`"
    draft.problems.report(
        "second-data",
        f"this is a second {what}",
        statement.span,
        notes=(("the first is here", clash.span),),
        hint="a diagram has one `data`, or one each of `data train` and `data test`",
    )


def _file(draft: Draft, statement: t.DataFile) -> File:
    if not statement.path.strip():
        raise draft.problems.fail("bad-file", "the file has no name", statement.path_span)
    return File(statement.part, statement.path, statement.span)


def _formulas(draft: Draft, statement: t.DataFormulas) -> Formulas:
    columns: dict[str, t.Ref] = {}
    for left, expression in statement.formulas:
        _formula_names(draft, expression, columns, statement)
        try:
            _formula_left(draft, left, columns)
        except Abandon:
            pass
    _all_given(draft, statement, columns)
    return Formulas(statement.part, tuple((column_of(left), e) for left, e in statement.formulas), statement.span)


def _formula_left(draft: Draft, left: t.Ref, given: dict[str, t.Ref]) -> None:
    name = column_of(left)
    if name in given:
        notes = (("the first is here", given[name].span),)
        raise draft.problems.fail("duplicate-column", f"`{name}` has two formulas", left.span, notes=notes)
    given[name] = left
    node = draft.nodes.get(left.name)
    part = node is not None and node.owner is not None  # `loss_1` of an expression, which the text does not name
    if left.name in draft.places and not part and (node is None or node.role not in ("input", "target", "output")):
        raise draft.problems.fail(
            "bad-column",
            f"`{left.name}` is {kind_of(draft, left.name)}; data are given for inputs, targets and outputs",
            left.span,
            hint="give a helper of the formulas a name of its own",
        )
    if left.index is not None:
        if node is None:
            raise draft.problems.fail("bad-column", f"there is no node `{left.name}` with elements", left.span)
        picks_of(draft, left, node.axes or (), variables=False)
        if any(isinstance(part, t.Range) for part in left.index):
            hint = "give each element a formula of its own"
            raise draft.problems.fail("bad-column", f"`{name}` is several columns", left.span, hint=hint)


def _formula_names(draft: Draft, e: t.Expression, given: dict[str, t.Ref], statement: t.DataFormulas) -> None:
    later = {column_of(left) for left, _ in statement.formulas}
    for ref in references(e):
        name = column_of(ref)
        if name in given or ref.name in given or (ref.name == "pi" and ref.index is None):
            continue
        if name in later:
            draft.problems.report(
                "unknown-column",
                f"`{name}` is used before its formula",
                ref.span,
                hint="put its formula above this one",
            )
            continue
        hint = did_you_mean(name, given, "formulas use numbers, `pi`, and the names of formulas above them")
        draft.problems.report("unknown-column", f"there is no formula `{name}`", ref.span, hint=hint)
    for call in calls(e):
        if call.name in SERIES:
            count = SERIES[call.name]
            if len(call.args) != count or call.keywords:
                draft.problems.report(
                    "wrong-arguments", f"`{call.name}` takes {count} numbers, {len(call.args)} given", call.span
                )
            continue
        function = lookup(call.name)
        if function is None or function.name not in FUNCTIONS or function.kind == "loss":
            hint = did_you_mean(call.name, [*SERIES, *FUNCTIONS, *ALIASES])
            draft.problems.report("unknown-function", f"there is no function `{call.name}`", call.name_span, hint=hint)
            continue
        if message := _misused(function, call):
            draft.problems.report("wrong-arguments", message, call.span)


def _misused(function: Function, call: t.Call) -> str:
    """What is wrong with a call in a formula, whose values are one number for each token."""
    if function.kind in ("vector", "reduction") or function.name == "dot":
        return f"`{function.name}` runs over the elements of a vector; a formula has one number for each token"
    if call.keywords:
        return f"in a formula of data the arguments of `{function.name}` have no names"
    least = len(function.arguments) + sum(default is None for _, default in function.parameters)
    most = None if function.many else len(function.arguments) + len(function.parameters)
    if len(call.args) < least or most is not None and len(call.args) > most:
        return f"`{function.name}` takes {least}{' or more' if most != least else ''}, {len(call.args)} given"
    return ""


def _all_given(draft: Draft, statement: t.DataFormulas, given: dict[str, t.Ref]) -> None:
    for node in draft.nodes.values():
        if node.role not in ("input", "target") or node.axes is None or node.name in given and len(node.axes) < 2:
            continue
        if node.role == "target" and statement.part == "test":
            continue
        missing = node.name
        if node.axes:
            elements = islice(product(*(range(len(axis)) for axis in node.axes)), 1000)
            missing = next((n for e in elements if (n := element_of(node, e)) not in given), "")
        if not missing:
            continue
        draft.problems.report(
            "missing-column",
            f"the {node.role} `{missing}` has no formula",
            statement.span,
            hint=f"add `{missing} = …`",
        )
