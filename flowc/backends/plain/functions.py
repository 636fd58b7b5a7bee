"""`forward`, `gradients` and `values` of a file of plain Python, each element a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flowc.backends.code import tree
from flowc.backends.code.build import assign, headed, in_row, paragraphs
from flowc.backends.code.tree import Dict, Do, Expression, Jump, List, Return, Row, Statement, Text, Tuple
from flowc.backends.plain.elements import loop_over_tokens, start_sums, statements_of
from flowc.backends.plain.sheet import PlainSheet, hidden_in
from flowc.backends.plain.spelling import PlainSpelling
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Comments, Line, Printer
from flowc.backends.python.sections import BACKWARD, divided, learn_function, loss_heading
from flowc.backends.python.sheet import capital, output_words
from flowc.program.dependencies import needed
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.notes import AFTER, BEFORE, TOKENS
from flowc.program.ops import Count, Reduce
from flowc.program.phases import ALL, steps_in


class Function:
    """The lines of one function, in the phases of its steps. `given`: the arguments that have a value for each token;
    without any there is one token, and nothing to loop over."""

    def __init__(
        self, sheet: PlainSheet, spelling: PlainSpelling, program: Program, wanted: Iterable[Symbol], given: list[Symbol]
    ):  # fmt: skip
        self.sheet, self.given, self.steps = sheet, given, program.steps
        loop, after = steps_in(program, TOKENS), steps_in(program, AFTER)
        groups = [steps_in(program, BEFORE) or steps_in(program, ALL), loop, after]
        hidden = hidden_in(groups, wanted)
        self.used = {a for s in self.steps for a in s.args if isinstance(a, Symbol)} | set(wanted)
        _share_names(sheet, loop, after, hidden)
        printer = Printer(sheet.names, replace(spelling, tokens=sheet.count))
        self.before, self.loop, self.after = (printer.lines(group, hidden) for group in groups)

    def opening(self, count: Expression) -> list[Statement]:
        """Before the loop; `count` is how many tokens there are."""
        counts = any(isinstance(s.op, Count) for s in self.steps)
        counted = [assign(self.sheet.count, count)] if counts else []
        return [*counted, *statements_of(self.before), *start_sums(self.loop)]


def _share_names(sheet: PlainSheet, loop: Sequence[Step], after: Sequence[Step], hidden: set[Symbol]) -> None:
    """A sum that only goes into one named value has that name already: `L += ...`, then `L = L / n`."""
    makers = {s.symbol: s for s in after}
    grown: set[Arg] = {s.symbol for s in loop if isinstance(s.op, Reduce) and s.symbol.kind == "temporary"}

    def sums(args: Iterable[Arg]) -> list[Arg]:
        inner = [makers[a].args for a in args if isinstance(a, Symbol) and a in hidden and a in makers]
        return [a for a in args if a in grown] + [a for nested in inner for a in sums(nested)]

    for step in after:
        summed = sums(step.args) if step.symbol not in hidden else []
        if len(summed) == 1 and sum(summed[0] in s.args for s in after) == 1:
            sheet.names.spell({sheet.names[step.symbol]: summed[0]})  # type: ignore[dict-item]


# -------------------------------------------------------------------- forward


def forward_function(sheet: PlainSheet, spelling: PlainSpelling) -> tree.Function:
    """Of one token, or of lists of them."""
    program = sheet.program
    outputs = sheet.scalars_of(program.outputs)
    arguments = [] if sheet.each or not outputs else program.inputs
    function = Function(sheet, spelling, sheet.of_function("forward"), outputs, list(arguments))
    comments = Comments(sheet.network.source)
    body = sheet.unpack_elements(sheet.learnt, function.used)
    if arguments:
        body += _looped_forward(sheet, function, comments)
    else:
        body += sheet.unpack_elements(program.inputs, function.used)
        body += statements_of(function.before, comments=comments)
        results = [sheet.as_list(s) for s in program.outputs]
        body.append(_return_all(results if sheet.each else [List((r,)) for r in results]))
    doc = f"{capital(output_words(sheet.outputs))} of {'one token' if sheet.each else 'every token'}."
    return tree.Function("forward", _arguments_and_weights(sheet.inputs, sheet), doc, tuple(body))


def _arguments_and_weights(names: Sequence[str], sheet: PlainSheet) -> tuple[Expression, ...]:
    """These, and the weights."""
    return e.arguments_of(*names, *sheet.arguments(sheet.learnt))


def _looped_forward(sheet: PlainSheet, function: Function, comments: Comments) -> list[Statement]:
    program = sheet.program
    before = statements_of(function.before, comments=comments)
    lists = [sheet.names.fresh(f"all_{name}") for name in sheet.outputs]
    inputs = [e.atom(name) for name in sheet.inputs]
    body = statements_of(function.loop, comments=comments)
    body += [_append_to(name, sheet.as_list(symbol)) for name, symbol in zip(lists, program.outputs, strict=True)]
    tokens = loop_over_tokens([sheet.as_target(s) for s in program.inputs], inputs, body)
    return [*before, *map(_start_list, lists), *tokens, _return_all([e.atom(name) for name in lists])]


def _start_list(name: str) -> Statement:
    return assign(name, List(()))


def _append_to(name: str, value: Expression) -> Statement:
    return Do(e.call(f"{name}.append", value))


def _return_all(values: Sequence[Expression]) -> Return:
    return Return(in_row(values) if values else None)


# ------------------------------------------------------------------ gradients


def gradients_function(sheet: PlainSheet, spelling: PlainSpelling) -> tree.Function:
    """Over lists of tokens: forward, loss and backward of each, sums growing."""
    program = sheet.program
    assert program.loss is not None
    slopes = [program.gradients[s] for s in sheet.learnt]
    results_wanted = [program.loss, *sheet.scalars_of(slopes)]
    function = Function(sheet, spelling, sheet.of_function("gradients"), results_wanted, sheet.sample_symbols)
    samples = [e.atom(name) for name in sheet.samples]
    answer = sheet.weights_by_name([(s, sheet.as_list(d)) for s, d in zip(sheet.learnt, slopes, strict=True)])
    targets = [sheet.as_target(s) for s in sheet.sample_symbols]
    body = [
        *sheet.unpack_elements(sheet.learnt, function.used),
        *function.opening(e.call("len", samples[0]) if samples else e.atom("1")),
        *(loop_over_tokens(targets, samples, _both_ways(sheet, function.loop)) if function.loop else ()),
        *statements_of(function.after),
        Return(Tuple((e.atom(sheet.names[program.loss]), answer))),
    ]
    doc = "The loss, and its derivative for every weight."
    return tree.Function("gradients", _arguments_and_weights(sheet.samples, sheet), doc, tuple(body))


def _both_ways(sheet: PlainSheet, lines: Sequence[Line]) -> Sequence[Statement]:
    """The three parts of the loop, with their headings."""
    headings = ("forward", loss_heading(sheet.network), BACKWARD)
    parts = divided(lines, sheet.flat)
    return paragraphs(*(headed(words, statements_of(part, True)) for words, part in zip(headings, parts, strict=True)))


def learn_numbers(sheet: PlainSheet) -> Statement:
    """`learn(weights, inputs, targets, rate)`: one step of gradient descent."""
    return learn_function(sheet, "lambda w, slope: moved(w, slope, -rate)") if sheet.lists else learn_function(sheet)


# --------------------------------------------------------------------- values


def values_function(sheet: PlainSheet, spelling: PlainSpelling, wanted: Mapping[str, Symbol]) -> tree.Function:
    """`values(**given)`, of the API: arrays in, by the diagram's names; lists out, by the keys of `wanted`."""
    scalars = sheet.scalars_of(dict.fromkeys(wanted.values()))
    program = sheet.program
    symbols = {a for s in needed(sheet.flat.steps, scalars) for a in s.args} | set(scalars)
    targets = [t for t in program.targets if symbols.intersection(sheet.scalars_of([t]))]
    samples = [*program.inputs, *targets]
    function = Function(sheet, spelling, sheet.of_values(scalars, targets), scalars, samples)
    weights = [w for w in program.weights if w.owner not in sheet.literals and function.used & {*sheet.scalars_of([w])}]
    lists = {key: sheet.names.fresh("rows") for key, s in wanted.items() if samples and s.type.batched}
    results = []
    for key, symbol in wanted.items():
        one = sheet.as_list(symbol)
        value = e.atom(lists[key]) if key in lists else List((one,)) if symbol.type.batched else one
        results.append(Row((e.entry(key, value),)))
    body = [
        *(assign(sheet.as_target(s), _given_array(s)) for s in weights),
        *function.opening(e.call("len", _given_array(samples[0])) if samples else e.atom("1")),
        *(_collect_rows(sheet, function, wanted, lists) if samples else []),
        *statements_of(function.after),
        Return(Dict(tuple(results), True)),
    ]
    return tree.Function("values", e.arguments_of("**given"), "", tuple(body))


def _given_array(symbol: Symbol) -> Expression:
    return e.method(e.index(e.atom("given"), Text(symbol.owner)), "tolist")


def _collect_rows(
    sheet: PlainSheet, function: Function, wanted: Mapping[str, Symbol], lists: Mapping[str, str]
) -> list[Statement]:  # fmt: skip
    """The loop, that collects what is wanted of every token."""
    body = statements_of(function.loop, True)
    body += [_append_to(name, sheet.as_list(wanted[key])) for key, name in lists.items()]
    targets, values = [sheet.as_target(s) for s in function.given], [_given_array(s) for s in function.given]
    return [*map(_start_list, lists.values()), *loop_over_tokens(targets, values, body or [Jump("pass")])]
