"""torch as plain functions, the twins of numpy's; the gradients by autograd or written out."""

from __future__ import annotations

from flowc.backends.code.tree import Function, Statement
from flowc.backends.python import expression as e
from flowc.backends.python.ending import ending, forward_call
from flowc.backends.python.fit import fit_function
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.mesh import in_parts
from flowc.backends.python.naming import renamed
from flowc.backends.python.printer import Printer
from flowc.backends.python.sections import (
    forward_function,
    gradient_lines,
    gradients_function,
    learn_function,
    loss_function,
)
from flowc.backends.python.selftest import gradient_test
from flowc.backends.python.shapes import with_checks
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.torch.fast import learn_in_place, steps_to_gradients
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.mesh import TorchMeshSections
from flowc.backends.torch.shared import Fixed, initial_weights, stream_helpers
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import LEARNING
from flowc.program.reach import reaches


def functions_file(sheet: Sheet, spelling: TorchSpelling) -> Sheet:
    fixed, library = Fixed(sheet), TorchLibrary(spelling.dtype)
    spelling.counted.update(fixed.numbers)
    bodies: dict[str, Statement] = {"forward": _print_forward(sheet, spelling, fixed)}
    fast = sheet.options.style == "fast"
    if sheet.learns and sheet.explicit:
        lines = gradient_lines(sheet, Printer(sheet.names, spelling), library)
        bodies["gradients"] = gradients_function(sheet, lines, fixed.make_tensors(steps_to_gradients(sheet), spelling.like))
    elif sheet.learns:
        bodies["loss"] = _print_loss(sheet, spelling, fixed)
        bodies["gradients"] = gradients_by_autograd(sheet)
    if sheet.learns:
        bodies["learn"] = learn_in_place(sheet, spelling, fixed) if fast else learn_function(sheet)
        if sheet.options.style != "nodes":
            bodies["fit"] = fit_function(sheet, spelling, library, fixed.make_tensors)
    bodies = with_checks(sheet, bodies) if spelling.meshes else bodies
    meshes = TorchMeshSections(sheet, spelling).of_file() if spelling.meshes else {}
    sheet.sections |= {":constants": fixed.module_constants(), **stream_helpers(sheet)}
    sheet.sections |= {name: meshes.pop(name) for name in ("load_numbers", ":mesh tables") if name in meshes}
    sheet.sections |= {**initial_weights(sheet), **helpers_in_order(spelling), **meshes}
    sheet.sections |= {name: [code] for name, code in bodies.items()}
    sheet.sections |= ending(sheet, library, forward_call(sheet), gradient_test(sheet, library.test) if sheet.learns else None)
    return sheet


def _print_forward(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> Function:
    steps = sheet.steps_of(sheet.program.outputs)
    context = spelling_context(sheet, spelling, [*sheet.program.inputs, *sheet.learnt])
    opening = [*in_parts(sheet, LEARNING, 64), *fixed.make_tensors(steps, context.like)]
    return forward_function(sheet, Printer(sheet.names, context), opening)


def _print_loss(sheet: Sheet, spelling: TorchSpelling, fixed: Fixed) -> Function:
    """`loss(inputs, targets, weights)`."""
    weights = sheet.arguments(sheet.learnt)
    call = e.call("forward", *sheet.inputs, *weights)
    return loss_function(sheet, Printer(sheet.names, spelling), call, e.arguments_of(*sheet.samples, *weights), fixed.make_tensors)


def gradients_by_autograd(sheet: Sheet) -> Function:
    """`gradients(inputs, targets, **weights)` by autograd; a weight that the loss cannot feel gets zeros."""
    felt = reaches(sheet.program, sheet.learnt)
    unfelt = {} if len(felt) == len(sheet.learnt) else {"allow_unused": "True", "materialize_grads": "True"}
    return LEARNING.variant(
        "gradients_by_autograd", "gradients", FELT=bool(felt), samples=e.arguments_of(*sheet.samples),
        settings=e.arguments_of(**unfelt), **renamed("L", "d", "name", "w", taken=sheet.samples),
    )  # fmt: skip
