"""`forward`, `gradients`, `learn` and `fit` of a JavaScript file."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.backend import Refused
from flowc.backends.code.build import assign
from flowc.backends.code.javascript import Documented, Taken
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Attribute, Dict, Expression, Name, Number, Return, Statement
from flowc.backends.code.typed import Count, Declare
from flowc.backends.javascript.declarations import with_declarations
from flowc.backends.javascript.sheet import JavaScriptSheet, list_type, value_of
from flowc.backends.loops.inside import written_inside
from flowc.backends.loops.loops import ZERO
from flowc.backends.loops.stages import adds_tokens
from flowc.backends.loops.tokens import function_body
from flowc.backends.python import expression as e
from flowc.backends.python.sheet import capital, output_words


def functions(sheet: JavaScriptSheet) -> dict[str, Statement]:
    """By their names, in order."""
    printed: dict[str, Statement] = {"forward": forward(sheet)}
    if sheet.learns:
        printed |= {"gradients": gradients(sheet), "learn": learn(sheet), "fit": fit(sheet)}
    return printed


def forward(sheet: JavaScriptSheet) -> Documented:
    """Of one token."""
    outputs, steps = sheet.outputs, sheet.steps(sheet.outputs)
    if any(adds_tokens(step) for step in steps):
        raise Refused("an output here is a sum over the tokens, which `forward` of one token has not")
    nest = sheet.nest(sheet.array_atoms(sheet.program.inputs), steps, outputs)
    nest.remarks = sheet.remarks(steps)
    body = nest.written(steps, written_inside([steps], outputs))
    values = {sheet.names[s]: value_of(nest, s) for s in outputs}
    only = len(outputs) == 1
    body.append(Return(next(iter(values.values())) if only else _object(values)))
    types = {sheet.names[s]: list_type(s.type.shape) for s in outputs}
    returns = next(iter(types.values())) if only else f"{{ {', '.join(f'{name}: {kind}' for name, kind in types.items())} }}"
    statements = with_declarations(body, sheet.words)
    parameters = (*map(sheet.of_token, sheet.program.inputs), *sheet.weights_parameter(names(*statements)))
    doc = f"{capital(output_words([sheet.names[s] for s in outputs]))} of one token."
    return Documented("forward", parameters, returns, doc, statements)


def gradients(sheet: JavaScriptSheet) -> Documented:
    """Over all tokens: the loss, and its derivatives."""
    program = sheet.program
    assert program.loss is not None
    slopes = {s: program.gradients[s] for s in sheet.learnt}
    results = [program.loss, *slopes.values()]
    steps = sheet.steps(results)
    nest = sheet.nest(sheet.all_atoms(), steps, results)
    body = function_body(nest, steps, results, sheet.token, sheet.parts)
    weights = _object({sheet.names[s]: value_of(nest, slope) for s, slope in slopes.items()})
    body.append(Return(_object({"loss": value_of(nest, program.loss), "gradients": weights})))
    if sheet.n in names(*body):
        body.insert(0, Declare("const", sheet.n, (), _count_of_tokens(sheet)))
    statements = with_declarations(body, sheet.words)
    parameters = (*map(sheet.of_all, sheet.samples), *sheet.weights_parameter(names(*statements)))
    doc = "The loss, and its derivative for every weight."
    return Documented("gradients", parameters, "{ loss: number, gradients: Weights }", doc, statements)


def _count_of_tokens(sheet: JavaScriptSheet) -> Expression:
    return Attribute(Name(sheet.names[sheet.samples[0]]), "length") if sheet.samples else Number("1")


def _object(values: dict[str, Expression]) -> Dict:
    return Dict(tuple(e.entry(name, value) for name, value in values.items()))


def learn(sheet: JavaScriptSheet) -> Documented:
    """One step of gradient descent."""
    rate, slopes = Name(sheet.rate), sheet.slopes
    call = e.call("gradients", *_names_of_samples(sheet), "weights")
    weights = sheet.words.helper("moved", Name("weights"), Name(slopes), e.negative(rate))
    body = (
        Declare("const", f"{{ loss, gradients: {slopes} }}", (), call),
        Return(_object({"loss": Name("loss"), "weights": weights})),
    )
    doc = "One step downhill; the loss is that before the step."
    return Documented("learn", (*_learning_parameters(sheet), _rate(sheet)), "{ loss: number, weights: Weights }", doc, body)


def fit(sheet: JavaScriptSheet) -> Documented:
    """So many steps."""
    call = e.call("learn", "weights", *_names_of_samples(sheet), sheet.rate)
    step = assign("weights", Attribute(call, "weights"))
    body = (Count(sheet.k, ZERO, Name("steps"), (step,)), Return(Name("weights")))
    steps = Taken("number", "steps", (), e.number(_setting(sheet, "steps", 100)))
    doc = "The weights after so many steps of gradient descent on these tokens."
    return Documented("fit", (*_learning_parameters(sheet), _rate(sheet), steps), "Weights", doc, body)


def _rate(sheet: JavaScriptSheet) -> Taken:
    return Taken("number", sheet.rate, (), e.number(_setting(sheet, "rate", 0.1)))


def _setting(sheet: JavaScriptSheet, name: str, default: float) -> float:
    train = sheet.network.train
    return train.setting(name, default) if train else default


def _learning_parameters(sheet: JavaScriptSheet) -> list[Taken]:
    return [Taken("Weights", "weights"), *map(sheet.of_all, sheet.samples)]


def _names_of_samples(sheet: JavaScriptSheet) -> Sequence[str]:
    return [sheet.names[s] for s in sheet.samples]
