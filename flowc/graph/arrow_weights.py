"""What an arrow carries: numbers and at most one weight."""

from __future__ import annotations

from flowc.graph.calls import reader_of
from flowc.graph.constants import is_constant
from flowc.graph.draft import Draft, calls, references
from flowc.graph.equation_reader import Reader
from flowc.graph.expression_values import Num
from flowc.graph.namespace import kind_of
from flowc.graph.network import Numbers
from flowc.graph.parameters import function_of
from flowc.graph.problems import Abandon
from flowc.graph.sizes import Axes, Pick, picks_of
from flowc.graph.unknown_names import report_unknown
from flowc.maths.initialisers import INITIALISERS
from flowc.records import Record
from flowc.source import Span
from flowc.syntax import tree as t


class Factor(Record):
    """A number times nothing, numbers, or a weight.

    Of a weight: its `picks`, one an axis, in the weight's own order; `transposed` turns the two axes that are left.
    """

    coefficient: float
    weight: str | None
    axes: Axes  # the weight's own
    picks: tuple[Pick, ...]
    transposed: bool
    literal: Numbers | None
    span: Span


def factor_of(draft: Draft, e: t.Expression) -> Factor:
    """The WEIGHT of an arrow."""
    if not names_known(draft, e):
        raise Abandon
    if is_constant(e, draft) and not isinstance(e, t.Text):
        value = reader_of(draft).value(e)
        if isinstance(value, Num):
            number, rows = (1.0, value.value) if isinstance(value.value, tuple) else (value.value, None)
            return Factor(number, None, (), (), False, rows, e.span)
    weights = [r for r in references(e) if r.name in draft.weights]
    if len(weights) != 1:
        raise draft.problems.fail(
            "two-weights",
            f"`{draft.text(e.span)}` holds {len(weights) or 'no'} weights; an arrow carries numbers and one weight",
            e.span,
            hint="write an equation for anything more",
        )
    return _factor_around(draft, e, weights[0])


def names_known(draft: Draft, e: t.Expression) -> bool:
    """Whether an arrow's weight holds weights, numbers and functions alone; all else is reported."""
    fine = True
    for ref in references(e):
        if ref.name in draft.nodes:
            draft.problems.report(
                "node-as-weight",
                f"`{ref.name}` is {kind_of(draft, ref.name)}, and an arrow carries numbers and a weight",
                ref.span,
                hint=f"for a product of nodes write an equation: `f = {ref.name}*x`",
            )
            fine = False
        elif ref.name not in draft.weights and not (ref.name == "pi" and ref.name not in draft.places):
            if ref.name not in draft.places:
                report_unknown(draft, ref, weight=True)
            elif ref.name not in draft.in_place:
                draft.problems.report(
                    "not-a-weight", f"`{ref.name}` is {kind_of(draft, ref.name)}, not a weight", ref.span
                )
            fine = False
    for call in calls(e):
        if call.name in INITIALISERS and call.name != "default":
            hint = f"write `~ {draft.text(e.span)}`: `~` marks what is learnt"
            draft.problems.report(
                "draw-without-tilde", f"`{call.name}` draws numbers, and needs `~`", call.span, hint=hint
            )
            fine = False
            continue
        try:
            function_of(draft, call.name, call.name_span)
        except Abandon:
            fine = False
    return fine


def _factor_around(draft: Draft, e: t.Expression, weight: t.Ref) -> Factor:
    """Walk from the outermost factor inwards to the weight, collecting numbers on the way."""
    numbers = reader_of(draft)
    coefficient, transposed, here = 1.0, False, e
    while here is not weight:
        match here:
            case t.Negative():
                coefficient, here = -coefficient, here.operand
            case t.Transpose():
                transposed, here = not transposed, here.operand
            case t.Binary(op="*") if is_constant(here.right, draft):
                coefficient, here = coefficient * _constant_number(draft, numbers, here.right), here.left
            case t.Binary(op="*") if is_constant(here.left, draft):
                coefficient, here = coefficient * _constant_number(draft, numbers, here.left), here.right
            case t.Binary(op="/") if is_constant(here.right, draft):
                divisor = _constant_number(draft, numbers, here.right)
                if divisor == 0:
                    raise draft.problems.fail("division-by-zero", "this divides by 0", here.span)
                coefficient, here = coefficient / divisor, here.left
            case _:
                raise draft.problems.fail(
                    "weight-expression",
                    f"`{draft.text(here.span)}` is more than a weight with a factor",
                    here.span,
                    hint=f"an arrow carries `{weight.name}`, `-{weight.name}`, `2*{weight.name}`, `{weight.name}/2` or "
                    f"`{weight.name}^T`; anything more is an equation",
                )
    declared = draft.weights[weight.name]
    declared.used = True
    if declared.axes is None:
        raise Abandon
    picks = picks_of(draft, weight, declared.axes, variables=True)
    left = sum(not isinstance(p, int) for p in picks)
    if transposed and left > 2:
        raise draft.problems.fail("transpose", f"`{weight.name}` has {left} axes, and only two turn round", e.span)
    return Factor(coefficient, weight.name, declared.axes, picks, transposed and left == 2, None, e.span)


def _constant_number(draft: Draft, numbers: Reader, e: t.Expression) -> float:
    value = numbers.value(e)
    if isinstance(value, Num) and not isinstance(value.value, tuple):
        return value.value
    raise draft.problems.fail("weight-expression", f"the factor `{draft.text(e.span)}` is not a number", e.span)
