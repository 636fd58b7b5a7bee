"""Fitting a weight to the lines of an arrow: whole, by index variables, or in blocks."""

from __future__ import annotations

from itertools import accumulate

from flowc.graph.arrow_ends import End, Pair, same_range
from flowc.graph.arrow_weights import Factor
from flowc.graph.draft import Draft
from flowc.graph.expression_values import Num
from flowc.graph.network import Arrow, Index, Numbers
from flowc.graph.problems import Abandon, times
from flowc.graph.sizes import (
    Axes,
    Pick,
    Variable,
    as_index,
    picked_axes,
    shown,
    sizes,
)
from flowc.source import Span
from flowc.syntax import tree as t


def fitted(
    draft: Draft, statement: t.Arrows, factor: Factor, sources: list[End], targets: list[End]
) -> list[tuple[Arrow, str]]:
    """The arrows of every pair, each with its block of the weight."""
    span = statement.span
    pairs = [Pair(source, target) for target in targets for source in sources]
    axes = _axes_left(factor)
    if not axes:
        for pair in pairs:
            _refuse_bare(draft, factor, pair)
        index = _index_of(factor, factor.picks)
        return [
            (pair.arrow(span, "", factor.weight, None, factor.coefficient, index), pair.target.name) for pair in pairs
        ]
    variables = any(isinstance(p, Variable) for p in factor.picks)
    if variables:
        return [(_by_variables(draft, factor, pair, span), pair.target.name) for pair in pairs]
    if len(pairs) == 1 and not pairs[0].tied:
        letters, needed = pairs[0].letters_and_axes
        if sizes(axes) == sizes(needed):
            return [(_arrow_of_array(factor, pairs[0], letters, span), pairs[0].target.name)]
    if any(pair.of_variable for pair in pairs):
        raise _variables_needed(draft, factor, pairs[0])
    return blocks(draft, factor, sources, targets, span)


def _axes_left(factor: Factor) -> Axes:
    """The axes that the factor has left, targets first where it is transposed."""
    if factor.literal is not None:
        return Num(factor.literal).axes
    axes = picked_axes(factor.axes, factor.picks)
    return axes[::-1] if factor.transposed else axes


def _index_of(factor: Factor, picks: tuple[Pick, ...]) -> Index:
    return as_index(picks, factor.axes)


def _arrow_of_array(factor: Factor, pair: Pair, letters: str, span: Span) -> Arrow:
    if factor.transposed:
        letters = letters[::-1]
    index = _index_of(factor, factor.picks)
    return pair.arrow(span, letters, factor.weight, factor.literal, factor.coefficient, index)


def _refuse_bare(draft: Draft, factor: Factor, pair: Pair) -> None:
    """A number between two vectors: one to one, or all to all?"""
    source, target = pair.source, pair.target
    if not (source.axes and target.axes) or all((*source.variables, *target.variables)):
        return
    a, b, w = source.name, target.name, draft.text(factor.span)
    ij = ", ".join("ijkl"[: len(source.axes)]), ", ".join("ijklmn"[: len(target.axes)])
    other = ", ".join("ijklmnop"[len(source.axes) : len(source.axes) + len(target.axes)])
    what = "the number" if factor.weight is None else "the one weight"
    one = f"`{a}[{ij[0]}] -> {b}[{ij[1]}] : {w}` (one to one), " if sizes(source.axes) == sizes(target.axes) else ""
    learnt = (
        ""
        if factor.weight is None
        else "; a weight for each line has a size: "
        + (f"`weight {factor.weight}[{', '.join(map(str, (*sizes(target.axes), *sizes(source.axes))))}]`")
    )
    raise draft.problems.fail(
        "bare-number",
        f"{what} `{w}` stands between two vectors, `{a}` and `{b}`: for which lines?",
        factor.span,
        hint=f"write {one}{'or ' if one else ''}`{a}[{ij[0]}] -> {b}[{other}] : {w}` (all to all){learnt}",
    )


def _by_variables(draft: Draft, factor: Factor, pair: Pair, span: Span) -> Arrow:
    """A weight that carries variables: each of its axes is a variable of the arrow."""
    letters, used = "", set()
    variables = {v.name: v for v in (*pair.source.variables, *pair.target.variables) if v}
    for pick, axis in zip(factor.picks, factor.axes):
        if isinstance(pick, int):
            continue
        if not isinstance(pick, Variable):
            raise draft.problems.fail(
                "index-variable",
                f"an axis of `{factor.weight}` has no variable in `{draft.text(factor.span)}`",
                factor.span,
                hint="give every axis of it a variable of the arrow, or none",
            )
        if pick.name not in variables:
            raise draft.problems.fail(
                "index-variable",
                f"the index variable `{pick.name}` of `{draft.text(factor.span)}` stands at neither end of the arrow",
                pick.span,
                hint=f"the arrow has {', '.join(f'`{n}`' for n in variables)}"
                if variables
                else "the arrow has no variables: write `x[i] -> h[i]`",
            )
        if pick.name in used:
            raise draft.problems.fail(
                "index-variable", f"`{pick.name}` stands twice in `{draft.text(factor.span)}`", pick.span
            )
        used.add(pick.name)
        runs = variables[pick.name].axis
        if not same_range(runs, axis):
            size = runs.index or (f"{runs.low}..{runs.high}" if runs.low != 1 else str(runs.high))
            raise draft.problems.fail(
                "shape-mismatch",
                f"`{pick.name}` runs over {shown(runs)}, and over {shown(axis)} in `{draft.text(factor.span)}`",
                pick.span,
                hint=f"give the weight this size where it is declared: `weight {factor.weight}[{size}]`"
                if len(factor.axes) == 1
                else f"this axis of `{factor.weight}` needs the size `{size}`",
            )
        letters += pair.of_variable[pick.name]
    index = _index_of(factor, factor.picks)
    return pair.arrow(span, letters, factor.weight, None, factor.coefficient, index)


def _variables_needed(draft: Draft, factor: Factor, pair: Pair) -> Abandon:
    names = {c: n for n, c in pair.of_variable.items()}
    letters, _ = pair.letters_and_axes
    indices = ", ".join(names.get(c, c) for c in letters)
    written = factor.weight or "w"
    what = f"`{factor.weight}`" if factor.weight else "the literal"
    way = f"write `{written}[{indices}]`" if factor.weight else f"name it: `weight w[…] = …`, and write `w[{indices}]`"
    return draft.problems.fail(
        "shape-mismatch",
        f"{what} is {times(sizes(_axes_left(factor)))}; on an arrow with index variables a weight says which it follows",
        factor.span,
        hint=way,
    )


def blocks(draft: Draft, factor: Factor, sources: list[End], targets: list[End], span: Span) -> list[tuple[Arrow, str]]:
    """The blocks of one matrix, targets × sources, or of one vector where one side is one element."""
    axes = _axes_left(factor)
    rows, columns = sum(e.elements for e in targets), sum(e.elements for e in sources)
    check_fit(draft, factor, sizes(axes), rows, columns, sources, targets)
    arrows: list[tuple[Arrow, str]] = []
    row_starts = [0, *accumulate(e.elements for e in targets)]
    column_starts = [0, *accumulate(e.elements for e in sources)]
    for target, row in zip(targets, row_starts):
        for source, column in zip(sources, column_starts):
            pair = Pair(source, target)
            places = [(target, row, pair.target_letters), (source, column, pair.source_letters)]
            if len(axes) == 1:
                along_rows = columns == 1 and (rows > 1 or bool(target.axes))
                places = places[:1] if along_rows else places[1:]
            picks: list[int | tuple[int, int]] = []
            letters = ""
            for end, start, end_letters in places:
                picks.append((start, start + end.elements) if end.axes else start)
                letters += end_letters
            arrows.append((_arrow_of_block(factor, pair, tuple(picks), letters, span), target.name))
    return arrows


def _arrow_of_block(factor: Factor, pair: Pair, picks: tuple[int | tuple[int, int], ...], letters: str, span: Span) -> Arrow:
    if factor.literal is not None:
        return (
            pair.arrow(span, letters, None, _slice_numbers(factor.literal, picks), factor.coefficient)
            if letters
            else (pair.arrow(span, "", None, None, factor.coefficient * _single_number(_slice_numbers(factor.literal, picks))))
        )
    if factor.transposed:
        picks, letters = picks[::-1], letters[::-1]
    return pair.arrow(span, letters, factor.weight, None, factor.coefficient, _compose_picks(factor, picks))


def _single_number(value: Numbers) -> float:
    assert not isinstance(value, tuple)
    return value


def _compose_picks(factor: Factor, picks: tuple[int | tuple[int, int], ...]) -> Index:
    """A pick of the part that the factor's own brackets pick."""
    rest = iter(picks)
    index: list[int | tuple[int, int]] = []
    for picked in factor.picks:
        if isinstance(picked, tuple):
            pick = next(rest)
            index.append(picked[0] + pick if isinstance(pick, int) else (picked[0] + pick[0], picked[0] + pick[1]))
        else:
            assert isinstance(picked, int)
            index.append(picked)
    return () if all(i == (0, len(a)) for i, a in zip(index, factor.axes)) else tuple(index)


def _slice_numbers(value: Numbers, picks: tuple[int | tuple[int, int], ...]) -> Numbers:
    if not picks:
        return value
    assert isinstance(value, tuple)
    first, rest = picks[0], picks[1:]
    if isinstance(first, int):
        return _slice_numbers(value[first], rest)
    return tuple(_slice_numbers(row, rest) for row in value[first[0] : first[1]])


def check_fit(
    draft: Draft,
    factor: Factor,
    found: tuple[int, ...],
    rows: int,
    columns: int,
    sources: list[End],
    targets: list[End],
) -> None:
    what = f"`{draft.text(factor.span)}`" if factor.weight else "the literal"
    grid = next((e for e in (*sources, *targets) if len(e.axes) > 1), None)
    needed = _needed_shape(rows, columns, sources, targets)
    fits = found == (rows, columns) or (len(found) == 1 and 1 in (rows, columns) and found[0] == max(rows, columns))
    if fits and grid is None:
        return
    if len(sources) == len(targets) == 1:
        needed = (*sizes(targets[0].axes), *sizes(sources[0].axes))
    hint = "rows are targets, columns are sources"
    if len(needed) < 2:
        hint = "a weight has the target's axes, then the source's"
    if found == needed[::-1] and len(found) == 2:
        hint += f": transpose it, `{factor.weight}^T`" if factor.weight and not factor.transposed else ""
    elif len(found) == 1 and len(needed) == 2 and sizes(sources[0].axes) == sizes(targets[0].axes) == found:
        a, b = sources[0].name, targets[0].name
        hint = f"for one weight from each element to its like, write `{a}[i] -> {b}[i] : {factor.weight or 'w'}[i]`"
    elif grid is not None and len(sources) + len(targets) > 2:
        hint = f"in a list every node is a scalar or a vector, and `{grid.name}` has {len(grid.axes)} axes"
    raise draft.problems.fail("shape-mismatch", f"{what} is {times(found)}, needs {times(needed)}: {hint}", factor.span)


def _needed_shape(rows: int, columns: int, sources: list[End], targets: list[End]) -> tuple[int, ...]:
    one_target = len(targets) == 1 and not targets[0].axes
    one_source = len(sources) == 1 and not sources[0].axes
    return (() if one_target else (rows,)) + (() if one_source else (columns,))
