"""How weights start: at numbers, or by a draw."""

from __future__ import annotations

from flowc.diagnostics.suggest import and_list, closest
from flowc.graph.calls import reader_of
from flowc.graph.constants import is_constant
from flowc.graph.draft import Draft, references
from flowc.graph.expression_values import Num
from flowc.graph.network import Draw, Numbers
from flowc.graph.parameters import number
from flowc.graph.problems import Abandon, times
from flowc.graph.sizes import sizes
from flowc.graph.unknown_names import report_unknown
from flowc.maths.initialisers import INITIALISERS
from flowc.syntax import tree as t


def read_start(draft: Draft, start: t.Start) -> Numbers | Draw | None:
    """Numbers of any shape, a draw, or None for the default draw."""
    value = start.value
    if value is None:
        return None
    if isinstance(value, t.Ref) and _is_bare_draw(value):
        value = t.Call(value.name, (), (), value.span, value.span)
    if isinstance(value, t.Call) and value.name in INITIALISERS and value.name != "default":
        return _read_draw(draft, start, value)
    if isinstance(value, t.Call) and not _is_function(value.name):
        names = [n for n in INITIALISERS if n != "default"]
        raise draft.problems.fail(
            "unknown-draw",
            f"`{value.name}` is no way to draw numbers",
            value.name_span,
            hint=f"did you mean `{nearest}`?"
            if (nearest := closest(value.name, names))
            else f"there are {and_list(names)}",
        )
    if is_constant(value, draft) and not isinstance(value, t.Text):
        worth = reader_of(draft).value(value)
        if isinstance(worth, Num):
            return worth.value
    for ref in references(value):
        if ref.name not in draft.places and ref.name != "pi":
            if ref.name in INITIALISERS:
                message = f"`{ref.name}` is a function, and needs `( )`"
                raise draft.problems.fail("unknown-draw", message, ref.span, hint=f"write `~ {ref.name}(…)`")
            report_unknown(draft, ref)
            raise Abandon
    raise draft.problems.fail(
        "needs-a-number",
        f"a weight starts at numbers or by a draw, not at `{draft.text(value.span)}`",
        value.span,
        hint="write a number, a literal `[1, 2]`, or `~ normal(0, 1)`",
    )


def _is_function(name: str) -> bool:
    from flowc.maths.functions import lookup

    return lookup(name) is not None


def _is_bare_draw(ref: t.Ref) -> bool:
    """`~ he`: without parameters it needs no brackets, as an activation needs none, whatever nodes are called."""
    initialiser = INITIALISERS.get(ref.name) if ref.index is None else None
    return initialiser is not None and not initialiser.parameters and initialiser.name != "default"


def _read_draw(draft: Draft, start: t.Start, call: t.Call) -> Draw:
    name = call.name
    if start.kind == "fixed":
        raise draft.problems.fail(
            "fixed-draw",
            f"`=` fixes a weight, and `{name}` draws one",
            start.span,
            hint=f"write `~ {draft.text(call.span)}`: drawn, and learnt",
        )
    names = INITIALISERS[name].parameters
    arguments = dict(zip(names, call.args))
    for keyword, value, span in call.keywords:
        if keyword not in names or keyword in arguments:
            has = f"it has {and_list(names)}" if names else "it has none"
            what = "has no parameter" if keyword not in names else "is given twice the parameter"
            raise draft.problems.fail("wrong-arguments", f"`{name}` {what} `{keyword}`", span, hint=has)
        arguments[keyword] = value
    if len(call.args) > len(names) or len(arguments) != len(names):
        takes = and_list(names) if names else "no arguments"
        count = len(call.args) + len(call.keywords)
        hint = f"write `{name}({', '.join(names)})`"
        raise draft.problems.fail("wrong-arguments", f"`{name}` takes {takes}, {count} given", call.span, hint=hint)
    numbers = tuple(number(reader_of(draft), arguments[n], f"the {n} of `{name}`") for n in names)
    if name == "normal" and numbers[1] < 0:
        raise draft.problems.fail("bad-draw", "a standard deviation is not negative", call.span)
    if name == "uniform" and numbers[0] > numbers[1]:
        raise draft.problems.fail("bad-draw", "the low end of `uniform` is above its high end", call.span)
    return Draw(name, numbers)


def declared_starts(draft: Draft, tree: t.Tree) -> None:
    """The starts of the weights that `weight` statements declare."""
    for statement in tree.statements:
        for item in statement.items if isinstance(statement, t.Weights) else ():
            weight = draft.weights.get(item.name)
            if weight is None or weight.span != item.span:
                continue
            try:
                weight.start = read_start(draft, item.start)
                if isinstance(weight.start, tuple) and weight.axes is not None:
                    _check_shape(draft, weight.start, sizes(weight.axes), item)
            except Abandon:
                weight.start = 0.0


def _check_shape(draft: Draft, start: Numbers, shape: tuple[int, ...], item: t.DeclaredWeight) -> None:
    sizes_of_start = sizes(Num(start).axes)
    if sizes_of_start != shape:
        size = f"{item.name}[{', '.join(map(str, sizes_of_start))}]"
        raise draft.problems.fail(
            "shape-mismatch",
            f"the numbers of `{item.name}` are {times(sizes_of_start)}, and it is declared {times(shape)}",
            item.start.span,
            hint=f"declare it `weight {size}`" if len(sizes_of_start) != len(shape) or not shape else "",
        )
