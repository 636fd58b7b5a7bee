"""What the grammar lets pass but no diagram may hold, and which shows in one statement alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from flowc.diagnostics.diagnostic import Diagnostic, Note
from flowc.source import Span
from flowc.syntax import numbers
from flowc.syntax import tree as t
from flowc.syntax.chains import operands
from flowc.syntax.expressions import unparse
from flowc.syntax.limits import LEVELS


def with_span(expression: t.Expression, span: Span) -> t.Expression:
    """The same expression, as wide as the parentheses around it."""
    return replace(expression, span=span)


def spelling(ref: t.Ref) -> str:
    """The head of a column as data files write it: `x[1,2]`, without spaces."""
    return unparse(ref).replace(", ", ",")


# ---------------------------------------------------------------------------------------------------- sizes, ranges


def whole(expression: t.Expression) -> int | None:
    """The value of `3` or `-3`; None for anything else."""
    if isinstance(expression, t.Negative):
        value = whole(expression.operand)
        return None if value is None else -value
    if isinstance(expression, t.Number) and isinstance(expression.value, int):
        return expression.value
    return None


def axis(size: t.Number | t.Range | t.Ref) -> Diagnostic | None:
    """The problem of one dimension of a size: a fraction, nothing, or a range that ends before it begins."""
    if isinstance(size, t.Number):
        return _check_count(size)
    if isinstance(size, t.Range):
        return _check_range(size)
    return None


def _check_count(number: t.Number) -> Diagnostic | None:
    if number.text.isdigit() and not isinstance(number.value, int):
        return None  # too large, which is reported where it was read
    if not isinstance(number.value, int):
        return _not_whole(number)
    if number.value == 0:
        return Diagnostic("empty-range", "a size of 0 holds nothing", number.span, hint="the smallest size is 1")
    return None


def _not_whole(number: t.Number | t.Expression) -> Diagnostic:
    return Diagnostic(
        "not-whole", f"`{unparse(number)}` is not a whole number", number.span, hint="write a size as `3`"
    )


def _check_range(size: t.Range) -> Diagnostic | None:
    low, high = whole(size.low), whole(size.high)
    for bound, value in ((size.low, low), (size.high, high)):
        if value is None:
            return _not_whole(bound)
    if low is not None and high is not None and high < low:
        return Diagnostic(
            "empty-range",
            f"the range `{low}..{high}` is empty",
            size.span,
            hint=f"both ends belong to a range: write `{high}..{low}`",
        )
    return None


def index_ranges(parts: Iterable[Any]) -> tuple[tuple[t.IndexRange, ...], list[Diagnostic]]:
    """The ranges of an `index` statement from `NAME = …` parts and the loose elements that follow them."""
    problems: list[Diagnostic] = []
    groups: list[tuple[str, Any, Span, list[tuple[str, Span]] | None]] = []
    for part in parts:
        if len(part) == 2:
            _add_element(groups, part, problems)
            continue
        name, what, span = part
        if isinstance(what, tuple):
            groups.append((name, None, span, [what]))
        else:
            problems += [p for p in (axis(what),) if p]
            groups.append((name, what, span, None))
    for _, _, _, elements in groups:
        problems += _repeated_elements(elements or [])
    return tuple(_index_range(*group) for group in groups), problems


def _add_element(groups: list[Any], part: tuple[str, Span], problems: list[Diagnostic]) -> None:
    element, span = part
    name, what, start, elements = groups[-1]
    if elements is None:
        shown = unparse(what)
        message = f"the index `{name}` is `{shown}`, so `{element}` cannot be an element of it"
        hint = f"list the elements, `{name} = {element}, …`, or give the next index a range, `{element} = 3`"
        problems.append(Diagnostic("mixed-range", message, span, hint=hint))
        return
    elements.append((element, span))
    groups[-1] = (name, what, start.to(span), elements)


def _repeated_elements(elements: list[tuple[str, Span]]) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    for name, span in elements:
        if name in first:
            note = Note(f"`{name}` is here", first[name])
            yield Diagnostic("repeated-element", f"the element `{name}` is listed twice", span, notes=(note,))
        first.setdefault(name, span)


def _index_range(name: str, what: Any, span: Span, elements: list[tuple[str, Span]] | None) -> t.IndexRange:
    if elements is not None:
        return t.IndexRange(name, 1, len(elements), tuple(e for e, _ in elements), span)
    if isinstance(what, t.Range):
        return t.IndexRange(name, whole(what.low) or 0, whole(what.high) or 0, None, span)
    return t.IndexRange(name, 1, whole(what) or 0, None, span, counted=True)


# --------------------------------------------------------------------------------------------------------- arrows


def constants(ends: list[tuple[t.Ref | t.Number, ...]]) -> Iterator[Diagnostic]:
    """Numbers where nodes belong: the only constant is 1, and nothing points at it."""
    for place, nodes in enumerate(ends):
        for end in nodes:
            if not isinstance(end, t.Number):
                continue
            if place:
                message = f"an arrow cannot point at the constant `{end.text}`"
                yield Diagnostic("constant-target", message, end.span, hint="name a node after `->`")
            elif end.value != 1 or not isinstance(end.value, int):
                yield _constant_source(end)


def _constant_source(number: t.Number) -> Diagnostic:
    return Diagnostic(
        "constant-source",
        f"`{number.text}` cannot be the source of an arrow: the only constant source is `1`",
        number.span,
        hint=f"put the number in the weight: `1 -> … : {number.text}`",
    )


# ---------------------------------------------------------------------------------------------------- expressions


def arguments(
    parts: list[Any],
) -> tuple[tuple[t.Expression, ...], tuple[tuple[str, t.Expression, Span], ...], list[Diagnostic]]:
    """The arguments of a call by place and by name, and the problems of their order."""
    places: list[t.Expression] = []
    named: dict[str, tuple[str, t.Expression, Span]] = {}
    problems: list[Diagnostic] = []
    for part in parts:
        if not isinstance(part, tuple):
            places.append(part)
            if named:
                message = "an argument by place stands after one by name"
                problems.append(Diagnostic("argument-order", message, part.span, hint="put arguments by name last"))
        elif part[0] in named:
            note = Note(f"`{part[0]}` is given here", named[part[0]][2])
            problems.append(Diagnostic("repeated-argument", f"`{part[0]}` is given twice", part[2], notes=(note,)))
        else:
            named[part[0]] = part
    return tuple(places), tuple(named.values()), problems


def levels(expression: t.Expression) -> Diagnostic | None:
    """Too many operations within operations for those who walk the tree after us."""
    span = expression.span
    if span.end - span.start < LEVELS:  # a level takes a character
        return None
    stack: list[tuple[Any, int]] = [(expression, 1)]
    while stack:
        here, level = stack.pop()
        if level > LEVELS:
            message = f"this expression nests more than {LEVELS} operations"
            hint = "give a part of it a name in an equation of its own"
            return Diagnostic("too-deep", message, span, hint=hint)
        stack += [(part, level + 1) for part in operands(here)]
    return None


# ----------------------------------------------------------------------------------------------------------- data


def part(word: str, span: Span) -> Diagnostic | None:
    """The word between `data` and what follows."""
    if word in ("train", "test"):
        return None
    return Diagnostic(
        "data-part", f"`{word}` is no part of the data", span, hint="write `data train …`, `data test …`, or `data …`"
    )


def cell_number(text: str, span: Span) -> Diagnostic | None:
    """The problem of a table's number; zeros before it are nobody's mistake here."""
    problem = numbers.problem(text, span)
    return problem if problem and problem.code != "leading-zero" else None
