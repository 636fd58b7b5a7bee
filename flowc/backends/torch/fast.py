"""The functions of style `fast` that go back: nothing is computed twice, and `learn` changes the weights in place."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code import scope
from flowc.backends.code.build import assign, headed, paragraphs
from flowc.backends.code.python_statements import block
from flowc.backends.code.tree import Function, Name, Quoted, Return, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python.fit import descend, shares_memory
from flowc.backends.python.printer import Printer
from flowc.backends.python.sections import gradient_lines, names_of_learn, there_and_back
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.text import number
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.shared import Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import LEARNING
from flowc.program.ir import Step, Symbol
from flowc.program.ops import ZerosLike

IN_PLACE = "One step downhill: changes `weights`; the loss is that before it."


def steps_to_gradients(sheet: Sheet) -> list[Step]:
    """What leads to the loss and the gradients."""
    program = sheet.program
    assert program.loss is not None
    return sheet.steps_of([program.loss, *(program.gradients[s] for s in sheet.learnt)])


def learn_in_place(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> Function:
    """`learn(weights, inputs, targets, rate)`, which changes the tensors of the dictionary."""
    if not sheet.explicit:
        return LEARNING.variant("learn_in_place", "learn", **names_of_learn(sheet), SHARED=_is_shared(sheet))
    arguments = e.arguments_of("weights", *sheet.samples, rate=number(sheet.rate))
    decorators = (e.call("torch.no_grad"),)
    return Function("learn", arguments, IN_PLACE, _written_out(sheet, spelling, fixed), decorators)


def _written_out(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> tuple[Statement, ...]:
    program = sheet.program
    assert program.loss is not None
    steps, library = steps_to_gradients(sheet), TorchLibrary(spelling.dtype)
    felt = _felt_weights(sheet)
    idle = {program.gradients[s] for s in sheet.learnt if s not in felt}
    lines = gradient_lines(sheet, Printer(sheet.names, spelling), library)
    lines = [line for line in lines if line.step.symbol not in idle]
    staying, down = descend(sheet, lines, {s: program.gradients[s] for s in felt}, library)
    groups = there_and_back(sheet, staying, fixed.make_tensors(steps, spelling.like))
    changes = headed("one step downhill", [_as_in_a_loop(down)] if down else [])
    used = {*felt, *(a for step in steps if step.symbol not in idle for a in step.args)}
    names = scope.names(*changes, *(code for group in groups for code in group))  # an argument may be there for its type and device alone, for want of inputs
    arguments = [sheet.names[s] for s in sheet.learnt if s in used or sheet.names[s] == spelling.like and spelling.like in names]
    opening = [assign(name, e.index(Name("weights"), Text(name))) for name in arguments]
    return paragraphs(opening, *groups, [*changes, Return(e.row([sheet.names[program.loss], "weights"]))])


def _as_in_a_loop(code: Sequence[Statement]) -> Quoted:
    """Lines that are no wider than those of `fit`."""
    return Quoted(tuple(line[8:] for line in block(code, "        ")), frozenset(scope.names(*code)))


def _felt_weights(sheet: Sheet) -> list[Symbol]:
    """The weights whose gradient is not zero by construction."""
    zero = {s.symbol for s in sheet.program.steps if isinstance(s.op, ZerosLike)}
    return [s for s in sheet.learnt if sheet.program.gradients[s] not in zero]


def _is_shared(sheet: Sheet) -> bool:
    """Whether the loss is a weight's own memory."""
    loss, steps = sheet.program.loss, {s.symbol: s for s in sheet.program.steps}
    return loss is not None and shares_memory(loss, steps, set(sheet.learnt))
