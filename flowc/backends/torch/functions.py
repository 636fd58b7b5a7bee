"""torch as plain functions, the twins of numpy's; the gradients by autograd or written out."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.tree import Function, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.ending import ending, forward_call
from flowc.backends.python.fit import fit_function
from flowc.backends.python.helpers import in_order
from flowc.backends.python.naming import renamed
from flowc.backends.python.printer import Printer, assignments
from flowc.backends.python.sections import divided, forward_function, gradients_function, learn_function, loss_words
from flowc.backends.python.selftest import gradient_test
from flowc.backends.python.shapes import checked
from flowc.backends.python.sheet import Sheet, assigned, returned, spelling_context
from flowc.backends.torch.fast import fast_explicit, learn_in_place
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.mesh import in_parts, mesh_sections
from flowc.backends.torch.reach import reaches
from flowc.backends.torch.shared import Fixed, initial_weights, stream_helpers
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import HELPERS, LEARNING
from flowc.program.ir import Step, Symbol


def file(sheet: Sheet, spelling: TorchSpelling) -> Sheet:
    fixed, library = Fixed(sheet), TorchLibrary(spelling.dtype)
    spelling.counted.update(fixed.numbers)
    bodies: dict[str, Statement] = {"forward": _forward(sheet, spelling, fixed)}
    fast = sheet.options.style == "fast"
    if sheet.learns and sheet.explicit:
        bodies["gradients"] = (fast_explicit if fast else _explicit)(sheet, spelling, fixed)
    elif sheet.learns:
        bodies["loss"] = loss_function(sheet, spelling, fixed)
        bodies["gradients"] = gradients_by_autograd(sheet)
    if sheet.learns:
        bodies["learn"] = learn_in_place(sheet, spelling, fixed) if fast else learn_function(sheet)
        if sheet.options.style != "nodes":
            bodies["fit"] = fit_function(sheet, spelling, library, fixed.tensors)
    bodies = checked(sheet, bodies) if spelling.meshes else bodies
    meshes = mesh_sections(sheet, spelling, sheet.planned.steps) if spelling.meshes else {}
    sheet.sections |= {":constants": fixed.constants(), **stream_helpers(sheet)}
    sheet.sections |= {name: meshes.pop(name) for name in ("load_numbers", ":mesh tables") if name in meshes}
    sheet.sections |= {"initial_weights": [initial_weights(sheet)]} if sheet.weights else {}
    sheet.sections |= {**in_order(spelling, HELPERS), **meshes, **{name: [code] for name, code in bodies.items()}}
    sheet.sections |= ending(sheet, library, forward_call(sheet), gradient_test(sheet, library.test) if sheet.learns else None)
    return sheet


def _forward(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> Function:
    steps = sheet.steps_of(sheet.program.outputs)
    context = spelling_context(sheet, spelling, [*sheet.program.inputs, *sheet.learnt])
    opening = [*in_parts(sheet), *fixed.tensors(steps, context.like)]
    return forward_function(sheet, Printer(sheet.names, context), opening)


def _explicit(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> Function:
    program = sheet.program
    assert program.loss is not None
    steps = sheet.steps_of([program.loss, *(program.gradients[s] for s in sheet.learnt)])
    lines = Printer(sheet.names, spelling).lines_of(sheet.of_function("gradients"))
    return gradients_function(sheet, lines, fixed.tensors(steps, spelling.like))


def loss_function(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> Function:
    """`loss(inputs, targets, weights)`: by way of `forward` where the outputs are all that it needs."""
    program = sheet.program
    assert program.loss is not None
    inputs = [*program.inputs, *program.targets, *program.weights]
    printer = Printer(sheet.names, spelling)
    steps = sheet.steps_of([program.loss], [*inputs, *program.outputs])
    if only_outputs(sheet, steps):
        call = e.call("forward", *sheet.inputs, *sheet.arguments(sheet.learnt))
        of_outputs = printer.lines_of(sheet.of_function_with("loss", [program.loss], program.outputs))
        code: list[Statement] = [assigned(sheet.outputs, call), *assignments(of_outputs)]
    else:
        steps = sheet.steps_of([program.loss])
        forward, loss_lines, _ = divided(printer.lines_of(sheet.of_function("loss")), sheet.program)
        code = [*assignments(forward), *assignments(loss_lines)]
    body = (*fixed.tensors(steps, spelling.like), *code, returned([sheet.names[program.loss]]))
    words = loss_words(sheet.network)
    arguments = e.arguments_of(*sheet.samples, *sheet.arguments(sheet.learnt))
    return Function("loss", arguments, f"{words or 'The loss of a batch'}.", body)


def only_outputs(sheet: Sheet, steps: Sequence[Step]) -> bool:
    """No step is one that `forward` makes too, so the loss starts from the outputs."""
    program = sheet.program
    inner = {s.symbol for s in sheet.steps_of(program.outputs)}
    return bool(program.outputs) and not any(s.symbol in inner for s in steps) and _uses(program.outputs, steps)


def _uses(outputs: tuple[Symbol, ...], steps: Sequence[Step]) -> bool:
    return any(a in outputs for s in steps for a in s.args)


def gradients_by_autograd(sheet: Sheet) -> Function:
    """`gradients(inputs, targets, **weights)` by autograd; a weight that the loss cannot feel gets zeros."""
    felt = reaches(sheet.program, sheet.learnt)
    unfelt = {} if len(felt) == len(sheet.learnt) else {"allow_unused": "True", "materialize_grads": "True"}
    return LEARNING.variant(
        "gradients_by_autograd", "gradients", FELT=bool(felt), samples=e.arguments_of(*sheet.samples),
        settings=e.arguments_of(**unfelt), **renamed("L", "d", "name", "w", taken=sheet.samples),
    )  # fmt: skip
