"""How a JavaScript file learns: `learn` is a step, and `fit` a loop of its own, in which no object is made and no loss computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flowc.backends.code.build import assign
from flowc.backends.code.javascript import Documented, Lists, Taken
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Call, Expression, Name, Return, Statement
from flowc.backends.code.typed import Count, Declare
from flowc.backends.javascript.declarations import numbers, with_declarations
from flowc.backends.javascript.nest import StepsNest
from flowc.backends.javascript.sheet import JavaScriptSheet, count_of_tokens, object_of, value_of
from flowc.backends.loops.loops import ZERO
from flowc.backends.loops.tokens import function_body
from flowc.backends.python import expression as e
from flowc.program.ir import Symbol


def learn(sheet: JavaScriptSheet) -> Documented:
    """One step of gradient descent."""
    rate, slopes = Name(sheet.rate), sheet.slopes
    call = e.call("gradients", *(sheet.names[s] for s in sheet.samples), "weights")
    weights = sheet.words.helper("moved", Name("weights"), Name(slopes), e.negative(rate))
    body = (
        Declare("const", f"{{ loss, gradients: {slopes} }}", (), call),
        Return(object_of({"loss": Name("loss"), "weights": weights})),
    )
    doc = "One step downhill; the loss is that before the step."
    parameters = (Taken("Weights", "weights"), *map(sheet.of_all, sheet.samples), _rate(sheet))
    return Documented("learn", parameters, "{ loss: number, weights: Weights }", doc, body)


def fit(sheet: JavaScriptSheet) -> Documented:
    """So many steps, in the numbers of as many calls of `learn`."""
    slopes = {s: sheet.program.gradients[s] for s in sheet.learnt}
    steps = sheet.steps(slopes.values())
    nest = sheet.nest(StepsNest, sheet.all_atoms(), steps, [*slopes.values()])
    nest.token, nest.lists = Name(sheet.token), []
    step = function_body(nest, steps, slopes.values(), sheet.token, sheet.parts)
    step += _updates(sheet, {s: value_of(nest, slope) for s, slope in slopes.items()})
    arrays, step = _made_once(step, sheet.token)
    loop = Count(sheet.k, ZERO, Name("steps"), tuple(step))
    before = [count_of_tokens(sheet)] if sheet.n in names(loop) else []
    lists = [Lists(tuple(nest.lists))] if nest.lists else []
    weights = object_of({sheet.names[s]: Name(sheet.names[s]) for s in sheet.learnt})
    body = with_declarations([*before, *lists, *arrays, loop, Return(weights)], sheet.words)
    count = Taken("number", "steps", (), e.number(_setting(sheet, "steps", 100)))
    parameters = (*sheet.weights_parameter(names(*body)), *map(sheet.of_all, sheet.samples), _rate(sheet), count)
    doc = "The weights after so many steps of gradient descent on these tokens."
    return Documented("fit", parameters, "Weights", doc, body)


def _made_once(step: Sequence[Statement], token: str) -> tuple[Iterable[Declare], list[Statement]]:
    """The arrays of a token, all of whose elements every token assigns, and the step without their declarations."""
    arrays: dict[str, Declare] = {}
    body: list[Statement] = []
    for code in step:
        if isinstance(code, Count) and code.variable == token:
            declared = [d for d in code.body if isinstance(d, Declare) and d.sizes and d.value is None]
            arrays |= {d.name: Declare("const", d.name, (), numbers(d.sizes)) for d in declared}
            code = replace(code, body=tuple(d for d in code.body if not isinstance(d, Declare) or d.name not in arrays))
        body.append(code)
    return arrays.values(), body


def _updates(sheet: JavaScriptSheet, slopes: dict[Symbol, Expression]) -> list[Statement]:
    """Every weight moves. A slope that is another weight is read before that moves, and what is calculated is a number first."""
    before: list[Statement] = []
    moves: list[Statement] = []
    weights = {sheet.names[s] for s in sheet.learnt}
    for s, slope in slopes.items():
        name, shape = sheet.names[s], s.type.shape
        if names(slope) & weights or not shape and not isinstance(slope, Call | Name):
            slope_name = sheet.locals.fresh(f"d_{name}")
            before.append(Declare("const", slope_name, (), slope))
            slope = Name(slope_name)
        moves.append(_update(sheet, name, slope) if shape else assign(name, e.product([Name(sheet.rate), slope]), "-"))
    return [*before, *moves]


def _update(sheet: JavaScriptSheet, name: str, slope: Expression) -> Statement:
    """Of an array, which is made anew."""
    return assign(name, sheet.words.helper("moved", Name(name), slope, e.negative(Name(sheet.rate))))


def _rate(sheet: JavaScriptSheet) -> Taken:
    return Taken("number", sheet.rate, (), e.number(_setting(sheet, "rate", 0.1)))


def _setting(sheet: JavaScriptSheet, name: str, default: float) -> float:
    train = sheet.network.train
    return train.setting(name, default) if train else default
