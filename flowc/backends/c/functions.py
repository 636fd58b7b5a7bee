"""`forward`, `forward_all`, `gradients`, `learn` and `fit` of a C file."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import partial
from math import prod

from flowc.backends.backend import Refused
from flowc.backends.c.sheet import CSheet
from flowc.backends.code.build import assign
from flowc.backends.code.scope import names
from flowc.backends.code.tree import Attribute, Blank, Do, Expression, Index, Name, Number, Return, Statement
from flowc.backends.code.typed import Address, Cast, Count, Declare, Parameter, Pointed, TypedFunction
from flowc.backends.loops.elements import flat_place
from flowc.backends.loops.inside import written_inside
from flowc.backends.loops.loops import ZERO, At, Atom, element
from flowc.backends.loops.nest import LARGE, Nest
from flowc.backends.loops.stages import adds_tokens
from flowc.backends.loops.tokens import function_body
from flowc.backends.python import expression as e
from flowc.backends.python.sheet import capital, output_words
from flowc.program.ir import Step, Symbol


def functions(sheet: CSheet) -> dict[str, TypedFunction]:
    """By their names, in order."""
    printed = {"forward": forward(sheet)}
    if sheet.program.inputs and sheet.program.outputs:
        printed["forward_all"] = forward_all(sheet)
    if sheet.learns:
        printed |= {"gradients": gradients(sheet), "learn": learn(sheet), "fit": fit(sheet)}
    return printed


def function_of(kind: str, name: str, parameters: Sequence[Expression], doc: str, body: Sequence[Statement]) -> TypedFunction:
    """What the diagram has no use for is named all the same, so that no compiler wonders."""
    used = names(*body)
    unused = [Do(Cast("void", Name(p.name))) for p in parameters if isinstance(p, Parameter) and p.name not in used]
    return TypedFunction(kind, name, tuple(parameters), doc, (*unused, *body))


# -------------------------------------------------------------------------------------------------------------- forward


def returns(sheet: CSheet) -> Symbol | None:
    """The output that `forward` returns: a number that is the only one."""
    outputs = sheet.program.outputs
    return outputs[0] if len(outputs) == 1 and not outputs[0].type.shape else None


def forward(sheet: CSheet) -> TypedFunction:
    """Of one token."""
    program = sheet.program
    outputs = sheet.outputs
    steps = sheet.steps(outputs)
    if any(adds_tokens(step) for step in steps):
        raise Refused("an output here is a sum over the tokens, which `forward` of one token has not")
    result = returns(sheet)
    computed = {s.symbol for s in steps}
    atoms = {s: sheet.token_atom(s) for s in program.inputs}
    places = {} if result else {s: _output_atom(sheet, s) for s in outputs}
    nest = sheet.nest({**{s: a for s, a in places.items() if s in computed}, **atoms})
    nest.remarks = sheet.remarks(steps)
    body = nest.written(steps, written_inside([steps], outputs))
    body += [line for s in places if s not in computed for line in nest.copied(s.type.shape, places[s], nest.atoms[s])]
    if result:
        body.append(Return(nest.atoms[result](())))
    parameters = [*map(sheet.of_token, program.inputs), *sheet.weights_parameter()]
    parameters += [] if result else [output_parameter(sheet, s) for s in outputs]
    doc = f"{capital(output_words([sheet.names[s] for s in outputs]))} of one token."
    return function_of(sheet.kind if result else "void", "forward", parameters, doc, body)


def output_name(sheet: CSheet, symbol: Symbol) -> str:
    """Of an output that is an input, or a weight, too, another."""
    arguments = {*sheet.program.inputs, *sheet.program.weights}
    return sheet.output_names[symbol] if symbol in arguments else sheet.names[symbol]


def output_parameter(sheet: CSheet, symbol: Symbol, all_tokens: bool = False) -> Expression:
    shape, name = symbol.type.shape, output_name(sheet, symbol)
    return Parameter(f"{sheet.kind} *", name) if all_tokens or not shape else Parameter(sheet.kind, name, (prod(shape),))


def _output_atom(sheet: CSheet, symbol: Symbol) -> Atom:
    name, shape = output_name(sheet, symbol), symbol.type.shape
    return lambda at: Index(Name(name), (flat_place(at, shape),)) if shape else Pointed(Name(name))


def forward_all(sheet: CSheet) -> TypedFunction:
    """Of so many tokens, one after the other."""
    program, token = sheet.program, Name(sheet.token)
    outputs = sheet.outputs
    result = returns(sheet)
    arguments: list[Expression] = [part_of_token(sheet.names[s], s, token) for s in program.inputs]
    arguments += [Name(sheet.w)] if sheet.learnt else []
    arguments += [] if result else [part_of_token(output_name(sheet, s), s, token, into=True) for s in outputs]
    call = e.call("forward", *arguments)
    body = assign(Index(Name(output_name(sheet, result)), (token,)), call) if result else Do(call)
    parameters = [Parameter("size_t", sheet.n), *map(sheet.of_all, program.inputs), *sheet.weights_parameter()]
    parameters += [output_parameter(sheet, s, all_tokens=True) for s in outputs]
    doc = "The same of n tokens: arrays in which one token stands behind the other."
    return function_of("void", "forward_all", parameters, doc, (Count(sheet.token, ZERO, Name(sheet.n), (body,)),))


def part_of_token(name: str, symbol: Symbol, token: Expression, into: bool = False) -> Expression:
    """One token's share of an array."""
    if not symbol.type.batched:
        return Name(name)
    if not symbol.type.shape and not into:
        return Index(Name(name), (token,))
    size = prod(symbol.type.shape)
    return e.total([(1, Name(name)), (1, e.product([Number(str(size)), token]) if size > 1 else token)])


# ------------------------------------------------------------------------------------------------------------- learning


def gradients(sheet: CSheet) -> TypedFunction:
    """Over all tokens: the loss, and its derivatives."""
    program = sheet.program
    assert program.loss is not None
    slopes = sheet.slope_atoms()
    steps = sheet.steps([program.loss, *slopes])
    computed = computed_slopes(steps, slopes)
    nest = sheet.nest({**{s: sheet.all_atom(s) for s in sheet.samples}, **computed})
    body = function_body(nest, steps, [program.loss, *slopes], sheet.token, sheet.parts, slopes)
    return gradients_of(sheet, nest, computed, [assign(Pointed(Name(sheet.d)), Name("(struct weights){0}")), *body])


def computed_slopes(steps: Sequence[Step], slopes: Mapping[Symbol, Atom]) -> dict[Symbol, Atom]:
    """Those that steps compute where they belong; another value's are copied there."""
    return {s.symbol: slopes[s.symbol] for s in steps if s.symbol in slopes}


def gradients_of(sheet: CSheet, nest: Nest, computed: Container[Symbol], body: Sequence[Statement]) -> TypedFunction:
    """The function whose lines compute the loss and these slopes; the others are copied."""
    assert sheet.program.loss is not None
    slopes = sheet.slope_atoms()
    copies = [line for s in slopes if s not in computed for line in nest.copied(s.type.shape, slopes[s], partial(nest.element, s))]
    parameters = [*samples_parameters(sheet), *sheet.weights_parameter(), Parameter("struct weights *", sheet.d)]
    lines = [*body, *copies, Return(nest.element(sheet.program.loss, ()))]
    return function_of(sheet.kind, "gradients", parameters, "The loss, and its derivative for every weight.", lines)


def samples_parameters(sheet: CSheet) -> list[Expression]:
    return [Parameter("size_t", sheet.n), *map(sheet.of_all, sheet.samples)]


def learn(sheet: CSheet) -> TypedFunction:
    """One step of gradient descent."""
    assert sheet.program.loss is not None
    rate, loss, slopes = sheet.rate, sheet.names[sheet.program.loss], sheet.d
    nest = sheet.nest({})
    count = sum(prod(s.type.shape) for s in sheet.learnt)
    arguments = [Name(name) for name in (sheet.n, *(sheet.names[s] for s in sheet.samples), sheet.w)]
    call = e.call("gradients", *arguments, Address(Name(slopes)))
    body: list[Statement] = [
        Declare("static struct weights" if count > LARGE else "struct weights", slopes),
        Declare(sheet.kind, loss, (), call),
        Blank(),
    ]
    for s in sheet.learnt:
        field, slope = Attribute(Name(sheet.w), sheet.names[s]), Name(f"{slopes}.{sheet.names[s]}")
        body += nest.copied(s.type.shape, partial(element, field), partial(_scaled, Name(rate), slope), "-")
    parameters = [Parameter("struct weights *", sheet.w), *samples_parameters(sheet), Parameter(sheet.kind, rate)]
    doc = "One step downhill: changes the weights, and returns the loss before it."
    if sheet.rate_written:
        doc += f" The diagram's rate is {sheet.rate_written}."
    return function_of(sheet.kind, "learn", parameters, doc, (*body, Return(Name(loss))))


def _scaled(rate: Expression, slope: Expression, at: At) -> Expression:
    return e.product([rate, element(slope, at)])


def fit(sheet: CSheet) -> TypedFunction:
    """So many steps."""
    rate, steps, k = sheet.rate, sheet.names.fresh("steps"), sheet.k
    arguments = [Name(name) for name in (sheet.w, sheet.n, *(sheet.names[s] for s in sheet.samples), rate)]
    body = (Count(k, ZERO, Name(steps), (Do(e.call("learn", *arguments)),)),)
    parameters = [Parameter("struct weights *", sheet.w), *samples_parameters(sheet), Parameter(sheet.kind, rate), Parameter("size_t", steps)]
    return function_of("void", "fit", parameters, "So many steps of gradient descent on the same tokens.", body)
