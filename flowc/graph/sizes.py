"""Sizes and indices: the axes of nodes and weights, and the elements that brackets pick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Literal, overload

from flowc.diagnostics.suggest import closest, did_you_mean
from flowc.graph.draft import Draft
from flowc.graph.network import Axis, Index
from flowc.records import Record
from flowc.source import Span
from flowc.syntax import tree as t

MOST_ELEMENTS = 10**8  # of one node or weight; counted before anything is allocated
MOST_AXES = 8

Axes = tuple[Axis, ...]


class Variable(Record):
    """An index variable, as `i` in `x[i] -> h[i]`, and the axis that it runs over."""

    name: str
    axis: Axis
    span: Span


Pick = int | tuple[int, int] | Variable


def whole_number(expression: t.Expression | t.Range) -> int | None:
    """The value of `3` or `-3`; None for anything else."""
    match expression:
        case t.Number(value=int(value)):
            return value
        case t.Negative(operand=t.Number(value=int(value))):
            return -value
    return None


def axes_of(draft: Draft, size: Sequence[t.Expression | t.Range] | None, span: Span) -> Axes:
    """The axes of a declaration's size."""
    axes = tuple(_axis_of_part(draft, part) for part in size or ())
    check_room(draft, axes, span)
    return axes


def check_room(draft: Draft, axes: Axes, span: Span) -> None:
    """Refuse arrays that no machine holds, before anything allocates them."""
    if len(axes) > MOST_AXES:
        raise draft.problems.fail("too-large", f"{len(axes)} axes are more than {MOST_AXES}", span)
    if (elements := prod(len(a) for a in axes)) > MOST_ELEMENTS:
        raise draft.problems.fail(
            "too-large", f"{elements} elements are more than the limit of {MOST_ELEMENTS}", span, hint="make it smaller"
        )


def _axis_of_part(draft: Draft, part: t.Expression | t.Range) -> Axis:
    fail = draft.problems.fail
    if isinstance(part, t.Ref) and part.index is None:
        if part.name in draft.indices:
            return draft.indices[part.name][0]
        if part.name in draft.places:
            raise fail(
                "not-an-index", f"`{part.name}` is not an index", part.span, hint="a size is a number or an index"
            )
        raise fail(
            "unknown-index",
            f"there is no index `{part.name}`",
            part.span,
            hint=did_you_mean(part.name, draft.indices, f"declare it: `index {part.name} = 4`"),
        )
    if isinstance(part, t.Range):
        low, high = whole_number(part.low), whole_number(part.high)
        if low is not None and high is not None:
            if high < low:
                raise fail("empty-range", f"the range `{low}..{high}` is empty", part.span)
            return Axis(low, high)
    elif (count := whole_number(part)) is not None:
        if count < 1:
            raise fail("empty-range", f"a size of {count} holds nothing", part.span, hint="the smallest size is 1")
        return Axis(1, count)
    raise fail(
        "not-whole",
        f"`{draft.text(part.span)}` is not a size",
        part.span,
        hint="a size is a whole number, a range `0..9`, or the name of an index",
    )


# ------------------------------------------------------------------- elements


@overload
def picks_of(draft: Draft, ref: t.Ref, axes: Axes, variables: Literal[False]) -> Index: ...
@overload
def picks_of(draft: Draft, ref: t.Ref, axes: Axes, variables: Literal[True]) -> tuple[Pick, ...]: ...
def picks_of(draft: Draft, ref: t.Ref, axes: Axes, variables: bool) -> tuple[Pick, ...]:
    """What brackets pick, one entry an axis; axes without an entry are whole.

    `variables`: index variables are legal here (on arrows), else they are errors.
    """
    index = ref.index or ()
    if ref.index is not None and not axes:
        raise draft.problems.fail(
            "not-a-vector",
            f"`{ref.name}` is a scalar and has no elements",
            ref.span,
            hint=f"write `{ref.name}`, or give it a size where it is declared",
        )
    if len(index) > len(axes):
        has = "1 axis" if len(axes) == 1 else f"{len(axes)} axes"
        raise draft.problems.fail("wrong-index", f"`{ref.name}` has {has}, {len(index)} indices are given", ref.span)
    picks: list[Pick] = [_pick_of_part(draft, ref, part, axis, variables) for part, axis in zip(index, axes)]
    return (*picks, *((0, len(axis)) for axis in axes[len(index) :]))


def _pick_of_part(draft: Draft, ref: t.Ref, part: t.Expression | t.Range, axis: Axis, variables: bool) -> Pick:
    if isinstance(part, t.Range):
        low, high = element(draft, ref, part.low, axis), element(draft, ref, part.high, axis)
        if high < low:
            raise draft.problems.fail("wrong-index", f"the range `{draft.text(part.span)}` is empty", part.span)
        return low, high + 1
    if (
        isinstance(part, t.Ref)
        and part.index is None
        and not (part.name in draft.places or part.name in (axis.names or ()))
    ):
        return _index_variable(draft, ref, part, axis, variables)
    return element(draft, ref, part, axis)


def _index_variable(draft: Draft, ref: t.Ref, part: t.Ref, axis: Axis, variables: bool) -> Variable:
    """An index variable, on arrows; a misspelt element is none, or it would silently stand for all elements."""
    if variables and not (len(part.name) > 2 and closest(part.name, axis.names or ())):
        return Variable(part.name, axis, part.span)
    if axis.names:
        raise _no_element(draft, ref, part.name, axis, part.span)
    raise draft.problems.fail(
        "index-variable",
        f"`{part.name}` in `{draft.text(ref.span)}` is an index variable, and those belong to arrows",
        part.span,
        hint=f"in an equation operations run element by element: write `{ref.name}`, or an element `{ref.name}[1]`",
    )


def element(draft: Draft, ref: t.Ref, part: t.Expression | t.Range, axis: Axis) -> int:
    """The place, from 0, of one element of an axis."""
    if isinstance(part, t.Text) or (isinstance(part, t.Ref) and part.index is None):
        name = part.value if isinstance(part, t.Text) else part.name
        if axis.names and name in axis.names:
            return axis.names.index(name)
        if isinstance(part, t.Ref) and name in draft.places:
            raise draft.problems.fail(
                "wrong-index",
                f"`{name}` in `{draft.text(ref.span)}` is a name of the diagram, and no element of `{ref.name}`",
                part.span,
                notes=((f"`{name}` is declared here", draft.places[name]),),
                hint="an index variable needs a name of its own, as `i` or `j`",
            )
        raise _no_element(draft, ref, name, axis, part.span)
    number = whole_number(part)
    if number is None:
        raise draft.problems.fail(
            "wrong-index",
            f"`{draft.text(part.span)}` is not an index",
            part.span,
            hint="arithmetic in an index is not supported: write a whole number, an element's name, a range `1..2`, "
            "or on an arrow a variable `i`",
        )
    if axis.names:
        raise draft.problems.fail(
            "wrong-index", f"the elements of `{ref.name}` have names, not numbers: {shown(axis)}", part.span
        )
    if not axis.low <= number <= axis.high:
        raise draft.problems.fail(
            "wrong-index", f"`{ref.name}` has no element {number}: it runs over {shown(axis)}", part.span
        )
    return number - axis.low


def _no_element(draft: Draft, ref: t.Ref, name: str, axis: Axis, span: Span) -> Exception:
    return draft.problems.fail(
        "wrong-index",
        f"`{ref.name}` has no element `{name}`: it runs over {shown(axis)}",
        span,
        hint=did_you_mean(name, axis.names or ()),
    )


def shown(axis: Axis) -> str:
    """An axis as messages write it: 1..4, or its first names."""
    if not axis.names:
        return f"{axis.low}..{axis.high}"
    first = ", ".join(axis.names[:6])
    return first if len(axis.names) <= 6 else f"{first}, …"


def element_name(axis: Axis, place: int) -> str:
    """How the text writes the element at `place` (from 0)."""
    return axis.names[place] if axis.names else str(axis.low + place)


def picked_axes(axes: Axes, picks: Sequence[Pick]) -> Axes:
    """The axes that are left: single elements drop theirs, ranges shorten it."""
    return tuple(part_of(axis, pick) for axis, pick in zip(axes, picks) if not isinstance(pick, int))


def part_of(axis: Axis, pick: tuple[int, int] | Variable) -> Axis:
    """The axis that a range or a variable runs over."""
    if isinstance(pick, Variable) or pick == (0, len(axis)):
        return axis
    low, high = pick
    names = axis.names[low:high] if axis.names else None
    if names:
        return replace(axis, low=1, high=len(names), names=names, index=None)
    return replace(axis, low=axis.low + low, high=axis.low + high - 1, index=None)


def as_index(picks: Sequence[Pick], axes: Axes) -> Index:
    """The network's index: variables run over their whole axis; () takes everything."""
    index = tuple((0, len(a)) if isinstance(p, Variable) else p for p, a in zip(picks, axes))
    return () if all(i == (0, len(a)) for i, a in zip(index, axes)) else index


def called(a: Axes, b: Axes) -> Axes:
    """How the elements of an operation of two are called, axis by axis: as in the first that does not just count from 1."""
    if not a or not b or sizes(a) != sizes(b):
        return a or b
    return tuple(y if _is_counted(x) and not _is_counted(y) else x for x, y in zip(a, b))


def _is_counted(axis: Axis) -> bool:
    return axis.names is None and axis.low == 1


def sizes(axes: Axes) -> tuple[int, ...]:
    return tuple(len(a) for a in axes)
