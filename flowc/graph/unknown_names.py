"""Names that are nowhere declared: each is reported once, at its first place."""

from __future__ import annotations

from flowc.diagnostics.suggest import did_you_mean
from flowc.graph.draft import Draft
from flowc.maths.functions import lookup
from flowc.maths.initialisers import INITIALISERS
from flowc.source import Span
from flowc.syntax import tree as t
from flowc.syntax.names import is_name

MOST_GUESSED = 20  # unknown names of one text whose meaning is guessed; a guess compares with every name


def report_unknown(draft: Draft, ref: t.Ref, weight: bool = False, loss: bool = False) -> None:
    """Say that a name is nowhere declared, and which one may be meant.

    `weight`: the name stands as an arrow's weight. `loss`: in the loss, where a target is the likeliest.
    """
    report_unknown_name(draft, ref.name, Span(ref.span.start, ref.span.start + len(ref.name)), weight, loss)


def report_unknown_name(draft: Draft, name: str, span: Span, weight: bool = False, loss: bool = False) -> None:
    if name in draft.unknown:
        return
    draft.unknown.add(name)
    if len(draft.unknown) > MOST_GUESSED:
        names: list[str] = []
    elif weight:
        names = [*draft.weights, *draft.in_place]
    else:
        names = list(draft.places)
    if name in INITIALISERS:
        hint = f"random numbers are written with `~`: `~ {name}(…)`"
    elif name == "π":
        hint = "the number is written `pi`"
    elif name == "e":
        hint = "Euler's number is `exp(1)`; a node called `e` has to be declared or defined"
    elif lookup(name) and not weight:
        hint = f"`{name}` is a function: write `{name}(…)`"
    elif weight:
        hint = did_you_mean(name, names, f"name a new weight here, `{name} ~`, or declare it, `weight {name} …`")
    else:
        role = "target" if loss else "input"
        way_out = f"declare it, `{role} {name}` or `node {name}`, or define it, `{name} = …`"
        hint = did_you_mean(name, names, way_out if is_name(name) else "a name is a letter, then letters and digits")
    code, what = ("unknown-weight", "weight") if weight else ("unknown-node", "node or weight")
    draft.problems.report(code, f"there is no {what} `{name}`", span, hint=hint)
