"""Functions by their names, and the numbers in their brackets."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.diagnostics.suggest import and_list, did_you_mean
from flowc.graph.constants import is_constant
from flowc.graph.draft import Draft
from flowc.graph.equation_reader import Reader
from flowc.graph.expression_values import Num
from flowc.graph.problems import Abandon
from flowc.maths.function import Function
from flowc.maths.functions import ALIASES, FUNCTIONS, lookup
from flowc.maths.initialisers import INITIALISERS
from flowc.source import Span
from flowc.syntax import tree as t

Keywords = tuple[tuple[str, t.Expression, Span], ...]


def function_of(draft: Draft, name: str, span: Span) -> Function:
    """The function of that name, or a report."""
    function = lookup(name)
    if function is not None and function.name in FUNCTIONS:
        return function
    if name in INITIALISERS and name != "default":
        hint = f"random numbers start a weight: `weight w ~ {name}(…)`"
    elif name in draft.places:
        hint = f"a product needs `*`: `{name}*(…)`"
    else:
        names = [*FUNCTIONS, *ALIASES]
        hint = did_you_mean(name, names, "`flowc functions` lists them all")
    raise draft.problems.fail("unknown-function", f"there is no function `{name}`", span, hint=hint)


def parameters_of(
    reader: Reader, function: Function, args: Sequence[t.Expression], keywords: Keywords, span: Span
) -> tuple[float, ...]:
    """All the numbers of a function: those given, and the defaults of the others."""
    draft = reader.draft
    names = [name for name, _ in function.parameters]
    numbers: dict[str, float] = {}
    if len(args) > len(names):
        beside = "its argument" if function.arity == (1, 1) else "its arguments"
        takes = f"takes {and_list(names)} beside {beside}" if names else "takes one argument"
        raise draft.problems.fail(
            "wrong-arguments", f"`{function.name}` {takes}, {len(args)} more are given" if names
            else f"`{function.name}` {takes}, {len(args) + 1} are given", span,
        )  # fmt: skip
    for name, arg in zip(names, args):
        numbers[name] = number(reader, arg, f"the {name} of `{function.name}`")
    for name, value, place in keywords:
        if name not in names:
            raise no_keyword(draft, function, (name, value, place))
        if name in numbers:
            raise draft.problems.fail("wrong-arguments", f"the {name} of `{function.name}` is given twice", place)
        numbers[name] = number(reader, value, f"the {name} of `{function.name}`")
    missing = [name for name, default in function.parameters if default is None and name not in numbers]
    if missing:
        raise draft.problems.fail("wrong-arguments", f"`{function.name}` needs {and_list(missing)}", span)
    return tuple(numbers.get(name, default or 0.0) for name, default in function.parameters)


def number(reader: Reader, e: t.Expression, what: str) -> float:
    """The value of an expression of numbers; `what` says in messages what it is for."""
    draft = reader.draft
    value = reader.numbers().value(e) if is_constant(e, draft) and not isinstance(e, t.Text) else None
    if isinstance(value, Num) and not isinstance(value.value, tuple):
        return value.value
    raise draft.problems.fail("needs-a-number", f"{what} is a number, not `{draft.text(e.span)}`", e.span)


def no_keyword(draft: Draft, function: Function, keyword: tuple[str, t.Expression, Span]) -> Abandon:
    name, _, span = keyword
    names = [p for p, _ in function.parameters]
    has = f"it has {and_list(names)}" if names else "it has none"
    hint = did_you_mean(name, names, f"write its arguments without names; {has}" if not names else has)
    return draft.problems.fail("wrong-arguments", f"`{function.name}` has no parameter `{name}`", span, hint=hint)
