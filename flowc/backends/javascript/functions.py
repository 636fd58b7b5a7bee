"""What a JavaScript file computes: `forward` and `gradients`; how it learns stands beside this."""

from __future__ import annotations

from flowc.backends.backend import Refused
from flowc.backends.code.javascript import Documented
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Return, Statement
from flowc.backends.javascript.declarations import with_declarations
from flowc.backends.javascript.learning import fit, learn
from flowc.backends.javascript.nest import JavaScriptNest
from flowc.backends.javascript.sheet import JavaScriptSheet, count_of_tokens, list_type, object_of, value_of
from flowc.backends.loops.inside import written_inside
from flowc.backends.loops.stages import adds_tokens
from flowc.backends.loops.tokens import function_body
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
    nest = sheet.nest(JavaScriptNest, sheet.array_atoms(sheet.program.inputs), steps, outputs)
    nest.remarks = sheet.remarks(steps)
    body = nest.written(steps, written_inside([steps], outputs))
    values = {sheet.names[s]: value_of(nest, s) for s in outputs}
    only = len(outputs) == 1
    body.append(Return(next(iter(values.values())) if only else object_of(values)))
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
    nest = sheet.nest(JavaScriptNest, sheet.all_atoms(), steps, results)
    body = function_body(nest, steps, results, sheet.token, sheet.parts)
    weights = object_of({sheet.names[s]: value_of(nest, slope) for s, slope in slopes.items()})
    body.append(Return(object_of({"loss": value_of(nest, program.loss), "gradients": weights})))
    if sheet.n in names(*body):
        body.insert(0, count_of_tokens(sheet))
    statements = with_declarations(body, sheet.words)
    parameters = (*map(sheet.of_all, sheet.samples), *sheet.weights_parameter(names(*statements)))
    doc = "The loss, and its derivative for every weight."
    return Documented("gradients", parameters, "{ loss: number, gradients: Weights }", doc, statements)
