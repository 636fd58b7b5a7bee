"""The functions of style `fast` that go back: nothing is computed twice, and `learn` changes the weights in place."""

from __future__ import annotations

from flowc.backends.code.python import laid_out
from flowc.backends.code.python_statements import lines as statement_text
from flowc.backends.python import expression as e
from flowc.backends.python.fit import downhill, shares, unshared
from flowc.backends.python.naming import local
from flowc.backends.python.printer import Printer, statement_lines
from flowc.backends.python.sections import there_and_back
from flowc.backends.python.sharing import fast_gradients, shared_lines
from flowc.backends.python.sheet import Sheet, definition
from flowc.backends.python.text import number, quoted
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.shared import Fixed
from flowc.backends.torch.spelling import TorchSpelling
from flowc.program.ir import Step, Symbol
from flowc.program.ops import ZerosLike

IN_PLACE = "One step downhill: changes `weights`; the loss is that before it."


def fast_explicit(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> str:
    """`gradients`, written out."""
    steps = _steps(sheet)
    return fast_gradients(sheet, Printer(sheet.names, spelling), TorchLibrary(spelling.dtype), fixed.opening(steps, spelling.like))


def _steps(sheet: Sheet) -> list[Step]:
    """What leads to the loss and the gradients."""
    program = sheet.program
    assert program.loss is not None
    return sheet.steps_of([program.loss, *(program.gradients[s] for s in sheet.learnt)])


def learn_in_place(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> str:
    """`learn(weights, inputs, targets, rate)`, which changes the tensors of the dictionary."""
    text = _written_out(sheet, spelling, fixed) if sheet.explicit else _by_gradients(sheet)
    arguments = ["weights", *sheet.samples, f"rate={number(sheet.rate)}"]
    return ("@torch.no_grad()\n" if sheet.explicit else "") + definition("learn", arguments, IN_PLACE, text)


def _written_out(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> list[str]:
    program = sheet.program
    assert program.loss is not None
    steps = _steps(sheet)
    lines = shared_lines(sheet, Printer(sheet.names, spelling))
    lines = unshared(lines, program.steps, sheet.learnt, TorchLibrary(spelling.dtype))
    felt = _felt(sheet)
    idle = {program.gradients[s] for s in sheet.learnt if s not in felt}
    lines = [line for line in lines if line.step.symbol not in idle]
    kept, down = downhill(sheet, lines, {s: program.gradients[s] for s in felt}, TorchLibrary(spelling.dtype))
    text = [*there_and_back(sheet, kept, fixed.opening(steps, spelling.like)), ""]
    changes = [line for change in down for line in statement_text(change, "        ")]  # as wide as in a loop
    text += ["    # one step downhill", *(line.removeprefix("    ") for line in changes)] if down else []
    used = {*felt, *(a for step in steps if step.symbol not in idle for a in step.args)}
    like = spelling.like if any(f"{spelling.like}." in line for line in text) else ""  # for want of inputs
    taken = [sheet.names[s] for s in sheet.learnt if s in used or sheet.names[s] == like]
    opening = [line for name in taken for line in statement_lines(f"{name} = weights[{quoted(name)}]")]
    return [*opening, *([""] if opening else []), *text, *statement_lines(f"return {sheet.names[program.loss]}, weights")]


def _felt(sheet: Sheet) -> list[Symbol]:
    """The weights whose gradient is not zero by construction."""
    zero = {s.symbol for s in sheet.program.steps if isinstance(s.op, ZerosLike)}
    return [s for s in sheet.learnt if sheet.program.gradients[s] not in zero]


def _by_gradients(sheet: Sheet) -> list[str]:
    samples = sheet.samples
    L, d, name, w = (local(n, samples) for n in ("L", "d", "name", "w"))
    loss, made = sheet.program.loss, {s.symbol: s for s in sheet.program.steps}
    view = loss is not None and shares(loss, made, set(sheet.learnt))
    return [
        *laid_out(e.call("gradients", *samples, "**weights"), f"    {L}, {d} = "),
        *([f"    {L} = {L}.clone()  # it is a weight, which is about to change"] if view else []),
        "    with torch.no_grad():",
        f"        for {name}, {w} in weights.items():",
        f"            {w}.sub_({d}[{name}], alpha=rate)",
        *statement_lines(f"return {L}, weights"),
    ]
