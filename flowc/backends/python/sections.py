"""The functions that numpy's and torch's files share: forward, gradients, learn; where one part of a program ends."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.build import Group, headed, paragraphs
from flowc.backends.code.fill import Tree
from flowc.backends.code.quote import read
from flowc.backends.code.tree import Comment, Dict, Function, Return, Statement, Tuple
from flowc.backends.python import expression as e
from flowc.backends.python.fit import Opening, copy_shared, name_symbols
from flowc.backends.python.library import Library
from flowc.backends.python.naming import renamed
from flowc.backends.python.printer import Comments, Line, Printer, assignments
from flowc.backends.python.sheet import Sheet, assigned, capital, output_words, returned, spelling_context
from flowc.backends.python.templates import LEARNING
from flowc.backends.python.text import prose
from flowc.graph.network import Network
from flowc.maths.functions import lookup
from flowc.program.headings import forward_loss_backward
from flowc.program.ir import Program, Step

BACKWARD = "backward: the same lines, read from the last to the first"


def loss_words(network: Network) -> str:
    """What the loss is, in a few words: `mse, the mean over tokens and elements`."""
    node = network.node(network.loss or "")
    if node.comment and prose(node.comment):
        return prose(node.comment)
    function = lookup(node.function)
    if function is None or function.kind != "loss":
        return ""
    of = next((n for n in network.nodes if node.operands and n.name == node.operands[0].node), None)
    alike = function.rule.value.startswith(f"{function.over_batch}(")  # elements are put together as tokens are
    over = "tokens and elements" if alike and of is not None and of.shape and not node.operands[0].index else "tokens"
    meaning = " = -ln p of the true class" if function.name == "cross_entropy" else ""
    return f"{function.name}{meaning}, the {function.over_batch} over {over}"


def loss_heading(network: Network) -> str:
    words = loss_words(network)
    return f"loss: {words}" if words else "loss"


def divided(lines: Sequence[Line], program: Program) -> tuple[list[Line], list[Line], list[Line]]:
    """Forward, loss and backward lines of a whole program."""
    parts = forward_loss_backward(program, [line.step for line in lines])
    forward, loss, backward = ([line for line in lines if line.step.symbol in part] for part in parts)
    return forward, loss, backward


def forward_function(sheet: Sheet, printer: Printer, opening: Group = (), name: str = "forward") -> Function:
    """`forward(inputs, weights)`: the outputs, without targets."""
    inputs = [*sheet.program.inputs, *sheet.learnt]
    printer = Printer(sheet.names, spelling_context(sheet, printer.spelling, inputs))
    lines = printer.lines_of(sheet.of_function("forward"))
    arguments = e.arguments_of(*sheet.inputs, *sheet.arguments(sheet.learnt))
    body = (*opening, *assignments(lines, Comments(sheet.network.source)), returned(sheet.outputs))
    return Function(name, arguments, f"{capital(output_words(sheet.outputs))} of every token.", body)


def loss_function(
    sheet: Sheet, printer: Printer, forward: e.Expression, arguments: tuple[e.Expression, ...],
    opening: Opening = lambda steps, like: (),
) -> Function:  # fmt: skip
    """`loss(…)`: by way of `forward`, a call, where the outputs are all that it needs. `opening` is what some steps need first."""
    program = sheet.program
    assert program.loss is not None
    steps = sheet.steps_of([program.loss], [*program.inputs, *program.targets, *program.weights, *program.outputs])
    if only_outputs(sheet, steps):
        of_outputs = printer.lines_of(sheet.of_function_with("loss", [program.loss], program.outputs))
        code: list[Statement] = [assigned(sheet.outputs, forward), *assignments(of_outputs)]
    else:
        steps = sheet.steps_of([program.loss])
        before, loss_lines, _ = divided(printer.lines_of(sheet.of_function("loss")), sheet.program)
        code = [*assignments(before), *assignments(loss_lines)]
    body = (*opening(steps, printer.spelling.like), *code, returned([sheet.names[program.loss]]))
    return Function("loss", arguments, f"{loss_words(sheet.network) or 'The loss of a batch'}.", body)


def only_outputs(sheet: Sheet, steps: Sequence[Step]) -> bool:
    """No step is one that `forward` makes too, so the loss starts from the outputs."""
    program = sheet.program
    inner = {s.symbol for s in sheet.steps_of(program.outputs)}
    return inner.isdisjoint(s.symbol for s in steps) and any(a in program.outputs for s in steps for a in s.args)


def gradient_lines(sheet: Sheet, printer: Printer, library: Library) -> list[Line]:
    """The lines of `gradients`. In style `fast` each part of a formula that is needed again has one of its own, and what is returned
    is no weight's own memory."""
    program = sheet.of_function("gradients")
    if sheet.options.style != "fast":
        return printer.lines_of(program)
    name_symbols(sheet, program.notes.names)
    return copy_shared(printer.lines_of(program), sheet.program.steps, sheet.learnt, library)


def gradients_function(sheet: Sheet, lines: Sequence[Line], opening: Group = (), name: str = "gradients") -> Function:
    """`gradients(inputs, targets, weights)`, written out: forward, loss, and backward in the mirror."""
    program = sheet.program
    assert program.loss is not None
    slopes = [e.entry(sheet.names[s], e.atom(sheet.names[program.gradients[s]])) for s in sheet.learnt]
    answer = Return(Tuple((e.atom(sheet.names[program.loss]), Dict(tuple(slopes)))))
    arguments = e.arguments_of(*sheet.samples, *sheet.arguments(sheet.learnt))
    doc = "The loss, and its derivative for every weight."
    *before, backward = there_and_back(sheet, lines, opening)
    return Function(name, arguments, doc, paragraphs(*before, [*backward, answer]))


def there_and_back(sheet: Sheet, lines: Sequence[Line], opening: Group = (), use: Group = ()) -> list[Group]:
    """Forward, loss and, where it is written out, backward, with their headings. `use`: what is done with the loss."""
    forward, loss, backward = map(assignments, divided(lines, sheet.program))
    return [
        headed("forward", [*opening, *forward]),
        [Comment(loss_heading(sheet.network)), *loss, *use],
        headed(BACKWARD, backward),
    ]


def learn_function(sheet: Sheet, downhill: str = "lambda w, slope: w - rate * slope") -> Statement:
    """`learn(weights, inputs, targets, rate)`: one step of gradient descent."""
    return LEARNING.definition("learn", **names_of_learn(sheet), downhill=read(downhill))


def names_of_learn(sheet: Sheet) -> dict[str, Tree]:
    """What a template of `learn` calls the samples, and what is like them."""
    return {
        **renamed("L", "d", "name", "w", taken=sheet.samples),
        "samples": e.arguments_of(*sheet.samples),
        "RATE": e.number(sheet.rate),
    }
