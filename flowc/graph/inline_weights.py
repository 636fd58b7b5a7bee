"""Weights that an arrow names, `x -> h : W ~ 0`: their size comes from the arrow."""

from __future__ import annotations

from flowc.graph.arrow_ends import End, Pair, end_of, read_ends
from flowc.graph.arrow_weights import Factor
from flowc.graph.constants import flat, reshaped, shape_of
from flowc.graph.draft import Draft, DraftWeight
from flowc.graph.network import Axis
from flowc.graph.problems import Abandon, times
from flowc.graph.sizes import (
    Axes,
    Variable,
    check_room,
    sizes,
)
from flowc.graph.weight_shapes import check_fit
from flowc.graph.weight_starts import read_start
from flowc.syntax import tree as t


def define_in_place(draft: Draft, name: str) -> None:
    """Find the axes of a weight that an arrow names, `x -> h : W ~ 0`, and add it."""
    place = draft.in_place[name]
    carried = place.carried
    weight = DraftWeight(name, None, place.start.kind == "learnt", 0.0, True, place.name.span, used=True)
    draft.weights[name] = weight
    before, unknown = len(draft.problems.found), set(draft.unknown)
    try:
        sources = [end_of(draft, end, target=False) for end in place.statement.ends[0]]
        targets = [end_of(draft, end, target=True) for end in place.statement.ends[1]]
        weight.axes = _axes_of(draft, place.name, sources, targets)
        check_room(draft, weight.axes, carried.span)
    except Abandon:
        draft.problems.forget(before)  # `read_arrows` reads the ends again, and reports them in their place
        draft.unknown = unknown
        if weight.axes is None and not _ends_fail(draft, place.statement):
            _report_problem(draft, place.name, place.statement)
        return
    try:
        value = read_start(draft, place.start)
        if isinstance(value, tuple) and shape_of(value) != sizes(weight.axes):
            pairs = [Pair(s, e) for e in targets for s in sources]
            if any(pair.of_variable for pair in pairs):
                shape, needed = times(shape_of(value)), times(sizes(weight.axes))
                raise draft.problems.fail("shape-mismatch", f"the literal is {shape}, needs {needed}", place.start.span)
            rows, columns = sum(e.elements for e in targets), sum(e.elements for e in sources)
            assert place.start.value is not None
            factor = Factor(1.0, None, (), (), False, value, place.start.value.span)
            check_fit(draft, factor, shape_of(value), rows, columns, sources, targets)
            value = reshaped(flat(value), sizes(weight.axes))
        weight.start = value
    except Abandon:
        pass


def _ends_fail(draft: Draft, statement: t.Arrows) -> bool:
    """Whether reading the ends alone gives a problem; nothing is reported."""
    before = len(draft.problems.found), set(draft.unknown)
    failed = any(read_ends(draft, end, k) is None for k, end in enumerate(statement.ends))
    draft.problems.forget(before[0])
    draft.unknown = before[1]
    return failed


def _report_problem(draft: Draft, name: t.Ref, statement: t.Arrows) -> None:
    try:
        sources = [end_of(draft, end, target=False) for end in statement.ends[0]]
        targets = [end_of(draft, end, target=True) for end in statement.ends[1]]
        check_room(draft, _axes_of(draft, name, sources, targets), name.span)
    except Abandon:
        pass


def _axes_of(draft: Draft, name: t.Ref, sources: list[End], targets: list[End]) -> Axes:
    """The axes of a weight that an arrow names: those of its variables, or the block targets × sources."""
    variables = {v.name: v for end in (*targets, *sources) for v in end.variables if v}
    if name.index is not None:
        return tuple(_variable_axis(draft, name, part, variables) for part in name.index)
    if variables:
        return ()
    if len(sources) == len(targets) == 1:
        return (*targets[0].axes, *sources[0].axes)
    return (*_block_axis(draft, targets), *_block_axis(draft, sources))


def _variable_axis(draft: Draft, name: t.Ref, part: t.Expression | t.Range, variables: dict[str, Variable]) -> Axis:
    if isinstance(part, t.Ref) and part.index is None and part.name in variables:
        return variables[part.name].axis
    written = draft.text(part.span)
    raise draft.problems.fail(
        "index-variable",
        f"`{written}` in `{draft.text(name.span)}` is no index variable of this arrow",
        part.span,
        hint="a weight named on an arrow carries the variables that it depends on: `x[i] -> h[i] : w[i] ~`; "
        "its size comes from the arrow",
    )


def _block_axis(draft: Draft, ends: list[End]) -> Axes:
    if len(ends) == 1 and len(ends[0].axes) < 2:
        return ends[0].axes
    for end in ends:
        if len(end.axes) > 1:
            raise draft.problems.fail(
                "shape-mismatch",
                f"in a list with one weight every node is a scalar or a vector, and `{end.name}` has {len(end.axes)} axes",
                end.span,
            )
    return (Axis(1, sum(e.elements for e in ends)),)
